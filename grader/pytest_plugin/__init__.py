"""The only place that knows pytest: fixtures, the criterion marker, hooks and the result record."""
