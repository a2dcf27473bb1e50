"""Keeps those of an exercise's criteria that are asked for. Which facts they need is for their fixtures."""

import difflib
from collections.abc import Sequence

import pytest

from grader.record.events import Listener


def select(items: list[pytest.Item], wanted: Sequence[str], recorder: Listener) -> list[pytest.Item]:
    """Take the tests of other criteria out of `items`, and return and record them; nothing is taken if none is named.

    Of names that are no criteria it is recorded what there is, and then none is asked.
    """
    if not wanted:
        return []
    known = [identity for item in items if (identity := _identity(item))]
    unknown = [name for name in wanted if name not in known]
    if unknown:
        recorder.write("unknown_criterion", message=_message(unknown[0], known))
    asked = set() if unknown else set(wanted)
    left_out = [item for item in items if _identity(item) not in asked]
    items[:] = [item for item in items if _identity(item) in asked]
    recorder.write("left_out", criteria=[identity for item in left_out if (identity := _identity(item))])
    return left_out


def _identity(item: pytest.Item) -> str:
    mark = item.get_closest_marker("criterion")
    return str(mark.args[0]) if mark else ""


def _message(name: str, known: Sequence[str]) -> str:
    near = difflib.get_close_matches(name, known, n=1, cutoff=0.4)
    offer = f"did you mean `{near[0]}`? " if near else ""
    return f"There is no criterion `{name}`: {offer}There are: {', '.join(known)}."
