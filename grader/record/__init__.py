"""The record of one grading: the job, the events, and the verdict that they add up to. Nothing is graded here."""
