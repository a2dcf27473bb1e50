"""Edits that no build had before: two that differ in one text, and the second of them again."""

from grader.exercise.fresh import fresh_edits
from grader.exercise.model import Variant
from grader.exercise.needles import needles
from grader.exercise.nonce import Nonces, base64_forms

NONCES = Nonces("key", "slug", "run")
EDITED = Variant(name="edited", writes={"a.txt": "{evening}"}, appends={"*.js": "// {source}"}, build_args={"A": "1"})


def test_the_two_differ_in_what_is_fresh_alone() -> None:
    """Everything else is that of the edit that they are made from."""
    first, second, _ = fresh_edits(EDITED, appends={"a.txt": "{fresh}\n"}, build_args={"A": "2-{fresh}"})
    assert first.writes == second.writes == EDITED.writes
    assert first.appends["*.js"] == second.appends["*.js"] == "// {source}"
    for one, other in ((first.appends, second.appends), (first.build_args, second.build_args)):
        values = {NONCES.fill(texts.get("a.txt", texts.get("A", ""))) for texts in (one, other)}
        assert len(values) == 2
    new = set(needles(first, NONCES)) - set(needles(second, NONCES))
    assert new == {form.encode() for form in (NONCES("fresh-1"), *base64_forms(NONCES("fresh-1")))}


def test_the_third_is_the_second_again() -> None:
    """Under another name, since each name is built once."""
    _, second, repeated = fresh_edits(EDITED, appends={"a.txt": "{fresh}"})
    assert repeated.appends == second.appends
    assert len({EDITED.name, second.name, repeated.name}) == 3
