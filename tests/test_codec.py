"""Data to JSON and back, and what is said of data in another form."""

from dataclasses import dataclass

import pytest

from grader.codec import FormError, build, convert, decode, encode, parse_toml
from grader.verdict import ImageSummary, LayerSummary, Outcome


@dataclass(frozen=True, slots=True)
class Inner:
    """A part."""

    width: int
    names: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Outer:
    """A thing with parts, some of which may be missing."""

    outcome: Outcome
    inner: Inner | None = None
    many: tuple[Inner, ...] = ()
    named: dict[str, Inner] | None = None


def test_a_value_comes_back_as_it_was() -> None:
    """Enums, tuples, parts, and text that is no UTF-8."""
    value = Outer(Outcome.BLOCKED, Inner(1, ("\ud800", "é")), (Inner(2),), {"a": Inner(3)})
    assert decode(encode(value), Outer) == value
    image = ImageSummary(3, "a", 1, (LayerSummary("RUN", 1, from_base=True),))
    assert decode(encode(image), ImageSummary) == image


@pytest.mark.parametrize(
    ("data", "key", "says"),
    [
        ({"outcom": "passed"}, "outcom", "unknown key `outcom`: did you mean `outcome`?"),
        ({"outcome": "passed", "inner": {"width": 1, "x": 2}}, "inner.x", "known keys are width, names"),
        ({"outcome": "passed", "many": [{"width": 1}, {"widht": 1}]}, "many.widht", "did you mean `width`?"),
        ({"outcome": "passed", "named": {"b": {"z": 1}}}, "named.b.z", "unknown key `named.b.z`"),
        ({}, "outcome", "`outcome` is missing"),
        ({"outcome": "great"}, "outcome", "`outcome` is wrong: invalid enum value 'great'"),
        (
            {"outcome": "passed", "inner": {"width": "1"}},
            "inner.width",
            "`inner.width` is a string, expected an integer",
        ),
        ([], "", "it is a list, expected a table"),
    ],
)
def test_data_of_another_form_is_refused_and_the_place_is_named(data: object, key: str, says: str) -> None:
    """One line, which says what is wrong and what was expected."""
    with pytest.raises(FormError) as caught:
        build(data, Outer)
    assert caught.value.key == key
    assert says in str(caught.value)
    assert "\n" not in str(caught.value)


def test_conversion_passes_over_keys_that_are_not_known() -> None:
    """What a newer version wrote can be read."""
    assert convert({"width": 1, "later": 2}, Inner) == Inner(1)


@pytest.mark.parametrize("text", ["", "{", b"\xff", "[" * 100_000])
def test_what_is_not_json_is_refused(text: str | bytes) -> None:
    """Half a file, or none."""
    with pytest.raises(FormError, match="it is not JSON"):
        decode(text, Inner)


def test_what_is_not_toml_is_refused_with_its_line() -> None:
    """The library's words name the line."""
    with pytest.raises(FormError, match=r"it is not TOML .*line 2"):
        parse_toml("a = 1\nb = \n")
