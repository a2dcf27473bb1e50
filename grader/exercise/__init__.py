"""What an exercise is, where exercises lie, and how a submission is laid over the pristine source."""
