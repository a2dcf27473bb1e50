"""Keeps those of an exercise's criteria that are asked for. Which facts they need is for their fixtures."""

from collections.abc import Sequence

import pytest

from grader.record.events import CriteriaLeftOut, CriterionUnknown, OnEvent


def select(items: list[pytest.Item], wanted: Sequence[str], on_event: OnEvent) -> list[pytest.Item]:
    """Take the tests of other criteria out of `items`, and return and record them; nothing is taken if none is named.

    Of names that are no criteria it is recorded what there is, and then none is asked.
    """
    if not wanted:
        return []
    known = [identity for item in items if (identity := _identity(item))]
    unknown = [name for name in wanted if name not in known]
    if unknown:
        on_event(CriterionUnknown(unknown[0], tuple(known)))
    asked = set() if unknown else set(wanted)
    left_out = [item for item in items if _identity(item) not in asked]
    items[:] = [item for item in items if _identity(item) in asked]
    on_event(CriteriaLeftOut(tuple(identity for item in left_out if (identity := _identity(item)))))
    return left_out


def _identity(item: pytest.Item) -> str:
    mark = item.get_closest_marker("criterion")
    return str(mark.args[0]) if mark else ""
