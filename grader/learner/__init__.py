"""What a learner does between two checks: lay out a workspace, keep progress."""
