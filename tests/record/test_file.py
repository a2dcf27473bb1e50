"""The record that survives a crash: what was written is read, what is half written waits."""

from pathlib import Path

import pytest

from grader.record.events import (
    AskedCriterion,
    BaseImagesKnown,
    CriteriaKnown,
    CriteriaLeftOut,
    CriterionJudged,
    CriterionUnknown,
    Doing,
    EngineKnown,
    Event,
    GradingEnded,
    ImageRead,
    Progress,
    SubmissionRead,
    SubmissionTaken,
    VariantBuilt,
)
from grader.record.file import Reader, Recorder
from grader.verdict import (
    BaseImage,
    BuildSummary,
    CriterionResult,
    EngineSummary,
    Finding,
    ImageSummary,
    LayerSummary,
    Origin,
    Outcome,
    StageSummary,
    SubmissionSummary,
)

EVENTS = (
    CriteriaKnown((AskedCriterion("builds", "Builds", 10),)),
    CriterionUnknown("sise", ("size",)),
    CriteriaLeftOut(("size", "builds")),
    EngineKnown(EngineSummary("docker", "28", "buildkit")),
    SubmissionTaken(SubmissionSummary("sha256:1", files=(".dockerignore", "Dockerfile"))),
    SubmissionRead("FROM a\n# \udcff", (StageSummary("0", "a", ("b",)),), (Finding(1, "unwise"),)),
    BaseImagesKnown((BaseImage("a", Origin.STAND_IN, "sha256:1"),)),
    VariantBuilt(BuildSummary("plain", 1.5, 3, 2)),
    ImageRead(ImageSummary(7, "a", 3, (LayerSummary("RUN x", 3, from_base=False, line=2, hidden=1),))),
    CriterionJudged(CriterionResult("size", "Size", Outcome.FAILED, 0, 5, "a", "b: c", "d", "e", (1, 2))),
    Progress(Doing.BUILD, "plain", "[1/2] RUN x", 0.5, 1, 2),
    GradingEnded(),
)


@pytest.mark.parametrize("event", EVENTS, ids=lambda event: type(event).__name__)
def test_every_event_comes_back_as_it_was(event: Event, tmp_path: Path) -> None:
    """With its enums, tuples and text that is no UTF-8."""
    recorder = Recorder(tmp_path / "record")
    recorder(event)
    recorder.close()
    assert list(Reader(tmp_path / "record").new_events()) == [event]


def test_every_kind_of_event_is_tried() -> None:
    """A new kind needs an example above."""
    assert {type(event) for event in EVENTS} == set(Event.__args__)


def test_what_is_written_is_read_once(tmp_path: Path) -> None:
    """A second look gives only what is new."""
    recorder, reader = Recorder(tmp_path / "record"), Reader(tmp_path / "record")
    recorder(EVENTS[0])
    assert list(reader.new_events()) == [EVENTS[0]]
    assert list(reader.new_events()) == []
    recorder(GradingEnded())
    assert list(reader.new_events()) == [GradingEnded()]
    recorder.close()


def test_a_line_that_is_not_complete_is_left_for_the_next_look(tmp_path: Path) -> None:
    """The other process may be in the middle of it, or have died there."""
    path = tmp_path / "record"
    reader = Reader(path)
    path.write_text('{"event": "end"}\n{"event": "left-')
    assert list(reader.new_events()) == [GradingEnded()]
    with path.open("a") as file:
        file.write('out", "criteria": ["size"]}\n')
    assert list(reader.new_events()) == [CriteriaLeftOut(("size",))]


def test_a_record_that_is_not_there_yet_is_empty(tmp_path: Path) -> None:
    """The grading process takes a moment to start."""
    assert list(Reader(tmp_path / "none").new_events()) == []
