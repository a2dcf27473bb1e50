"""What a criterion answers: nothing if it passes, else `Unmet` or `Blocked`. Plain data, no behaviour."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Unmet:
    """The criterion does not pass: what was expected, what was there, why it matters, what to try next.

    `lines` are 1-based lines of the Dockerfile that caused it, where this is known.
    """

    expected: str
    actual: str
    why: str
    hint: str
    lines: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Blocked:
    """It cannot be decided, because the criterion `by` does not pass."""

    by: str
    reason: str


Answer = Unmet | Blocked | None


class BlockedError(Exception):
    """A fact is missing because something else must come first; carries the data that says so."""

    def __init__(self, blocked: Blocked) -> None:
        super().__init__(blocked.reason)
        self.blocked = blocked
