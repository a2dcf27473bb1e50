"""The kit's edits of the programs: they add to what is there, so that a check which looks for a text still finds it."""

import re
from pathlib import Path

import pytest

from grader.exercise.nonce import Nonces
from tests.exercises.variants import Edited, all_edited

REPLACED = {"package.json", "package-lock.json", "store_token.txt", "tokens.sha256"}
"""What npm reads, and secrets: nobody looks for a text in them."""
SMALLER = {"13-cache-mounts:emptied-caches": "a failed build is made again with `emptied-caches-whole`"}
"""Variants with less in them, and what keeps them from failing a right answer."""
FAULT = ("08-test-stage:plain", "08-test-stage:broken")
EDITED = all_edited()


def lacking(old: list[str], new: list[str]) -> list[str]:
    """Return the lines of `old` that are not in `new`, or are not in their order there."""
    rest = iter(new)
    return [line for line in old if line not in rest]


def test_each_smaller_variant_is_still_there() -> None:
    """A name that no variant has any more would hide a mistake later."""
    assert set(SMALLER) <= {str(edited) for edited in EDITED}


@pytest.mark.parametrize("edited", [edited for edited in EDITED if str(edited) not in SMALLER], ids=str)
def test_every_line_of_the_program_stays(edited: Edited, tmp_path: Path) -> None:
    """The greeting's too: a test in the build may compare the program's answer with it."""
    folder = edited.lay(tmp_path / "context")
    for name in edited.exercise.files:
        path = folder / name
        if path.name in REPLACED or path.suffix == ".tgz":
            continue
        old = (edited.exercise.directory / name).read_text("utf-8").splitlines()
        assert not lacking(old, path.read_text("utf-8").splitlines()), name


@pytest.mark.parametrize("edited", EDITED, ids=str)
def test_every_file_ends_with_a_line_feed(edited: Edited, tmp_path: Path) -> None:
    """As editors and npm leave them."""
    nonces = Nonces("key", edited.exercise.slug, "run")
    folder = edited.lay(tmp_path / "context", nonces)
    named = (*edited.exercise.files, *map(nonces.fill, edited.variant.writes))
    planted = {name for name in named if not name.endswith(".tgz")}
    assert [name for name in sorted(planted) if not (folder / name).read_bytes().endswith(b"\n")] == []


def test_the_fault_of_exercise_08_is_in_no_file_of_tests(tmp_path: Path) -> None:
    """Nor is it a word that could be searched for: one random text stands for another one."""
    plain, broken = (edited.lay(tmp_path / edited.variant.name) for edited in EDITED if str(edited) in FAULT)
    names = sorted(path.name for path in plain.iterdir() if path.is_file())
    unlike = [name for name in names if (plain / name).read_bytes() != (broken / name).read_bytes()]
    assert unlike == ["routes.go"]
    texts = [
        re.sub("wk5hp[0-9a-f]{20}", "NONCE", (folder / "routes.go").read_text("utf-8")) for folder in (plain, broken)
    ]
    assert texts[0] == texts[1]
