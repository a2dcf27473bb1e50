"""Keeps the requested criteria of an exercise. Their fixtures know which facts they need."""

from collections.abc import Sequence

import pytest

from grader.record.events import CriteriaLeftOut, CriterionUnknown, OnEvent


def select(items: list[pytest.Item], wanted: Sequence[str], on_event: OnEvent) -> list[pytest.Item]:
    """Remove the tests of other criteria from `items`, and return and record them; remove nothing if none is named.

    If a name is not a criterion, the names of all criteria are recorded, and then none is judged.
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
