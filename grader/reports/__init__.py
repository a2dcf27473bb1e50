"""Verdict to text: terminal, JSON, JUnit. Pure functions, one file each; writing them out happens elsewhere."""
