"""Variables are filled in as a shell does it, where BuildKit and a shell agree, and as BuildKit elsewhere."""

import subprocess

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from grader.dockerfile.expansion import expand
from grader.dockerfile.pattern import Work

VALUES = {"x": "val", "e": "", "path": "one/two/two", "star": "a*b*c"}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("$x-${x}", "val-val"),
        ("${x:-d}${e:-d}${n:-d}", "valdd"),
        ("${x-d}${e-d}${n-d}", "vald"),
        ("${x:+p}${e:+p}${n:+p}", "p"),
        ("${x+p}${e+p}${n+p}", "pp"),
        ("${n:-${e:-$x}}", "val"),
        ("${n:-'${x}'}", "${x}"),
        ('"${n:-a b}"', "a b"),
        ("${x:?no}${x?no}${e?no}", "valval"),
        ("'$x'\\$x\"\\$x\"", "$x$x$x"),
        ("$", "$"),
        ("a$.b", "a$.b"),
        ("$12x$@", "x"),
        ("a\\", "a"),
        ("${path#*/}|${path##*/}", "two/two|two"),
        ("${path%/*}|${path%%/*}", "one/two|one"),
        ("${path:#*/}", "two/two"),
        ("${path/two/2}|${path//two/2}", "one/2/two|one/2/2"),
        ("${path/t?o}", None),
        ("${path//\\//-}", "one-two-two"),
        ("${star#a\\*}|${star%\\**}", "b*c|a*b"),
        ("${path//*/all}|${e//*/all}", "all|all"),
        ("${x//?/.}", "..."),
        ("${path/${n:-two}/$x}", "one/val/two"),
        ("${x#\\a}", None),
        ("${x", None),
        ("${}", None),
        ("${x^^}", None),
        ("${n:?gone}", None),
        ('"$x', None),
        ("'$x", None),
        ("${n:-" * 60 + "}" * 60, None),
    ],
)
def test_what_is_written_becomes_what_the_builder_makes_of_it(text: str, expected: str | None) -> None:
    """None: no builder accepts it."""
    found = expand(text, VALUES)
    assert (None if found.error else found.text) == expected
    assert found.error or found.text == expected


def test_the_error_says_what_is_the_matter() -> None:
    """The author's own words in `:?` above all."""
    assert expand("${n:?name an image}", {}).error == "n: name an image"
    assert expand("${n?}", {}).error == "n: it has no value"


def test_missing_are_those_that_have_no_default() -> None:
    """A word that is not used misses nothing; one that is used may."""
    assert expand("$a${b:-1}${x:-$c}${d:-$e1}${f:+1}$a", VALUES).missing == ("a", "e1")
    assert expand("${g#x}${h/a/b}", VALUES).missing == ("g", "h")


def test_the_backtick_escapes_where_it_is_the_escape() -> None:
    """Then the backslash is a character like any other."""
    assert expand("`$x\\$x", VALUES, "`").text == "$x\\val"


def test_no_text_makes_the_reader_work_for_long() -> None:
    """Each ARG doubles the one before it: a few more lines would be more than any memory has room for."""
    work = Work()
    values = {"x0": "x"}
    for index in range(24):
        values[f"x{index + 1}"] = expand(f"$x{index}$x{index}", values, work=work).text
    assert max(map(len, values.values())) < 4_000_000
    assert expand("$x0", values, work=work).error.endswith("far too much text")


def test_no_pattern_makes_the_matcher_work_for_long() -> None:
    """A backtracking matcher would take longer than there is time."""
    value = "a" * 5_000
    work = Work()
    assert expand("${v%%" + "*a" * 30 + "*b}", {"v": value}, work=work).text == value
    assert Work().left - work.left < 5 * len(value)


# Against a shell ------------------------------------------------------------------------------------------------------

NAMES = st.sampled_from(["x", "e", "n", "path"])
LITERALS = st.sampled_from(["", "a", "o", "one", "/", "two", "v", "a.b", "-"])
PATTERNS = st.lists(st.sampled_from(["*", "?", "o", "/", "two", "t", "val"]), max_size=4).map("".join)


@st.composite
def expressions(draw: st.DrawFn, depth: int = 2) -> str:
    """One `${...}` with an operator that a POSIX shell has too, perhaps with another in its word."""
    name, kind = draw(NAMES), draw(st.integers(0, 3))
    if kind == 0:
        return f"${{{name}}}"
    if kind == 1:
        return f"${{{name}{draw(st.sampled_from(['#', '##', '%', '%%']))}{draw(PATTERNS)}}}"
    word = draw(expressions(depth - 1)) if kind == 2 and depth else draw(LITERALS)
    return f"${{{name}{draw(st.sampled_from(['-', ':-', '+', ':+']))}{word}}}"


def by_shell(texts: list[str]) -> list[str]:
    """What /bin/sh makes of the texts, all in one process; in double quotes, so that it splits no words."""
    script = "".join(f"printf '%s\\n' \"{text}\"\n" for text in texts)
    environment = {**VALUES, "PATH": "/usr/bin:/bin"}
    done = subprocess.run(["/bin/sh"], input=script, env=environment, capture_output=True, text=True, check=True)
    return done.stdout.split("\n")[:-1]


@settings(max_examples=20, deadline=None)
@given(st.lists(expressions(), min_size=40, max_size=80))
def test_a_shell_fills_in_the_same(texts: list[str]) -> None:
    """Defaults, alternatives and both kinds of trimming, nested."""
    assert [expand(f'"{text}"', VALUES).text for text in texts] == by_shell(texts)
