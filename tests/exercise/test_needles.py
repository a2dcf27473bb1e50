"""What is looked for in an image is what a variant planted, wherever it planted it."""

from dataclasses import replace

import pytest

from grader.exercise.model import Variant
from grader.exercise.needles import needles
from grader.exercise.nonce import Nonces, base64_forms

NONCES = Nonces("key", "slug")
ONE, TWO = NONCES("one").encode(), NONCES("two").encode()


@pytest.mark.parametrize(
    "variant",
    [
        Variant(writes={"a.txt": "{one} and {two}"}),
        Variant(writes={"a.txt": "{one}"}, appends={"*.go": "// {two}"}),
        Variant(replaces={"a.go": ("{two}", "{one}"), "b.go": ("x", "{two}")}),
    ],
)
def test_every_nonce_that_is_planted_is_looked_for(variant: Variant) -> None:
    """In files that are written, lengthened or changed, and in build arguments."""
    assert set(needles(variant, NONCES)) == {ONE, TWO}


def test_what_a_replacement_takes_away_is_not_looked_for() -> None:
    """The old text is the exercise's own, and no nonce is filled in there."""
    assert needles(Variant(replaces={"a.go": ("{one}", "none")}), NONCES) == ()


def test_a_secret_is_also_looked_for_in_base64() -> None:
    """As passwords often are, also those in build arguments; a digest alone is no nonce."""
    for variant in (Variant(secrets={"token": "{one}"}), Variant(build_args={"TOKEN": "{one}"})):
        found = needles(replace(variant, writes={"a": "{sha256:two}"}), NONCES)
        assert set(found) == {ONE, *(form.encode() for form in base64_forms(NONCES("one")))}


def test_a_variant_that_plants_nothing_has_nothing_to_look_for() -> None:
    """The source as it is."""
    assert needles(Variant(), NONCES) == ()
