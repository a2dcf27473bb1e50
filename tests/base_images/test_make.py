"""Making a stand-in: its name appears when all of it is there, what the engine itself has to do included."""

from pathlib import Path

import pytest

from grader.base_images.stand_ins.make import make_stand_in
from grader.base_images.stand_ins.recipe import Fetch, Recipe, StandInConfig, Tell
from grader.errors import MachineError
from tests.base_images.fake_engine import FakeEngine


def make(root: Path, fetch: Fetch, tell: Tell) -> StandInConfig:
    """Make a tree of one file."""
    (root / "file").write_text("text")
    return StandInConfig("a test")


class NoFetch:
    """Fetches nothing."""

    architecture = "amd64"


NAMES = ["thing:1", "thing:latest"]


def make_it(engine: FakeEngine, finish: str) -> None:
    """Make `thing:1`."""
    recipe = Recipe(("thing:1",), "1", make, finish=finish)
    make_stand_in(engine, recipe, NAMES, NoFetch(), lambda _: None)  # type: ignore[arg-type]


def test_one_that_is_only_files_is_loaded_under_its_names() -> None:
    """Nothing is built."""
    engine = FakeEngine()
    make_it(engine, "")
    assert sorted(engine.images) == NAMES
    assert engine.built_on == []


def test_one_that_the_engine_finishes_has_its_names_and_leaves_no_other() -> None:
    """It is built on what was loaded, and keeps the label that says what it is."""
    engine = FakeEngine()
    make_it(engine, "RUN true\n")
    assert sorted(engine.images) == NAMES
    assert len(engine.built_on) == 1
    assert dict(engine.images["thing:1"].labels)["workshop.stand-in"] == "thing:1 1"


def test_one_that_cannot_be_finished_leaves_nothing_and_says_why() -> None:
    """Neither under its names nor under any other."""
    engine = FakeEngine()
    engine.builds_fail = True
    with pytest.raises(MachineError, match="thing:1 could not be finished: no room"):
        make_it(engine, "RUN false\n")
    assert engine.images == {}
