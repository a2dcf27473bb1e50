"""What an exercise's tests import: the criterion marker, `require`, `Variant` and edits that are new in each run.

Tests read like sentences: ask a fixture for facts, give them to a criterion, require its answer.
"""

import pytest

from grader.criteria.outcome import Answer, Blocked, BlockedError, Unmet
from grader.exercise.fresh import fresh_edits
from grader.exercise.model import Variant

__all__ = ["BlockedError", "NotMetError", "Variant", "criterion", "fresh_edits", "require"]


class NotMetError(AssertionError):
    """A criterion is not met; contains the data that says why."""

    def __init__(self, unmet: Unmet) -> None:
        super().__init__(f"expected {unmet.expected}; {unmet.actual}")
        self.unmet = unmet


def criterion(identity: str, *, points: int) -> pytest.MarkDecorator:
    """Mark a test as the criterion `identity`, worth `points`; its docstring's first line is the criterion's title."""
    return pytest.mark.criterion(identity, points=points)


def require(answer: Answer) -> None:
    """Let the test pass if the criterion is met, else end it with the criterion's answer."""
    if isinstance(answer, Unmet):
        raise NotMetError(answer)
    if isinstance(answer, Blocked):
        raise BlockedError(answer)
