"""What is built, read, started and probed for one grading, and the process that a grading runs in. Knows no pytest."""
