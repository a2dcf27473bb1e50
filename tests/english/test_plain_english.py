"""Our texts are in plain English: none of them has a word of the list in words.toml. See docs/plain-english.md."""

import re
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.english.texts import in_markdown, in_python, texts_of

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib

ROOT = Path(__file__).parents[2]
KINDS = (
    "*.md", "docs/*.md", "benchmarks/*.md", "notebooks/*.md", "exercises/*/README.md", "solutions/**/README.md",
    "notebooks/*.ipynb",
    "exercises/*/exercise.toml", "solutions/*/mistakes/*/mistake.toml",
    "solutions/**/feedback.txt",
    "benchmarks/*.py", "docs/images/*.py", "exercises/**/*.py", "grader/**/*.py", "tests/**/*.py",
)  # fmt: skip
"""What is looked at, by kind: prose, notebooks, hints, messages, code."""

ITSELF = frozenset({"docs/plain-english.md", "tests/english/test_plain_english.py"})
"""What must name the words."""


@dataclass(frozen=True, slots=True)
class Word:
    """A word that is not used, what to say instead, and where it is right."""

    find: re.Pattern[str]
    say: str
    right: re.Pattern[str] | None


def read_words() -> tuple[Word, ...]:
    """Read the list."""
    entries = tomllib.loads(Path(__file__).with_name("words.toml").read_text("utf-8"))["word"]
    return tuple(
        Word(
            re.compile(entry["find"], re.IGNORECASE),
            entry["say"],
            re.compile(entry["except"], re.IGNORECASE) if "except" in entry else None,
        )
        for entry in entries
    )


WORDS = read_words()


def files() -> list[str]:
    """Return the files that are covered, below the root."""
    found = {file for kind in KINDS for file in ROOT.glob(kind) if "__pycache__" not in file.parts}
    return sorted({str(file.relative_to(ROOT)) for file in found} - ITSELF)


def faults_in(line: str) -> list[str]:
    """Return what a line says that it should not, and what to say instead."""
    faults = []
    for word in WORDS:
        text = word.right.sub(" ", line) if word.right else line
        faults += [f"{found[0]!r}: say {word.say}" for found in word.find.finditer(text)]
    return faults


@pytest.mark.parametrize("name", files())
def test_a_text_has_no_word_of_the_list(name: str) -> None:
    """The failure names file, line, word, and what to say instead."""
    faults = [f"{name}:{text.line}: {fault}" for text in texts_of(ROOT / name) for fault in faults_in(text.words)]
    assert not faults, "\n" + "\n".join(faults)


def test_a_word_of_the_list_is_found_whatever_its_case() -> None:
    """It catches."""
    assert faults_in("Mend that line") == ["'Mend': say fix"]


def test_a_word_is_right_inside_the_words_of_its_exception() -> None:
    """It does not catch: a show of hands has nothing to do with containing."""
    assert faults_in("the files hold on") == []


def test_code_and_names_are_not_prose() -> None:
    """A command, a path and a link's target may have any words."""
    found = [text.words.split() for text in in_markdown("See `mend` [here](whole.md), [a/b](anew)\n\n```\nanew\n```\n")]
    assert found == [["See", ","]]


def test_comments_and_strings_of_python_are_read_with_their_lines() -> None:
    """Names in code are not read."""
    assert [(text.line, text.words) for text in in_python('mend = 1  # a b\nx = "c d"\n')] == [
        (1, "# a b"),
        (2, '"c d"'),
    ]
