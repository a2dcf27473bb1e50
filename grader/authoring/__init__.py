"""Proves an exercise sound: starter, model answer, alternatives and mistakes do what they declare."""
