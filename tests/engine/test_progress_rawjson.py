"""Reading progress that comes as data, between text that is none."""

import json
from base64 import b64encode

import pytest

from grader.engine.progress import BuildProgress
from grader.engine.progress_rawjson import OBJECT_CAP, RawJsonReader

STARTED, ENDED = "2026-01-02T03:04:05.123456789Z", "2026-01-02T03:04:07.62Z"


def read(*lines: str) -> BuildProgress:
    """Read what the docker command printed."""
    progress = BuildProgress(log_cap=1_000_000)
    reader = RawJsonReader(progress)
    for line in "\n".join(lines).encode().split(b"\n"):
        reader.feed(line)
    reader.close()
    return progress


def status(**vertex: object) -> dict[str, object]:
    """Return a status with one vertex."""
    return {"vertexes": [{"digest": "sha256:1", "name": "[1/1] RUN x", **vertex}]}


@pytest.mark.parametrize("indent", [None, 2])
def test_objects_may_be_spread_over_lines_or_not(indent: int | None) -> None:
    """Version 0.13 of buildx spreads them, later ones do not."""
    logs = {"logs": [{"vertex": "sha256:1", "data": b64encode(b"said\n").decode()}]}
    texts = [json.dumps(item, indent=indent) for item in (status(started=STARTED), logs)]
    progress = read(*texts, json.dumps(status(started=STARTED, completed=ENDED), indent=indent), "ERROR: it failed")
    [step] = progress.steps()
    assert (step.log, round(step.seconds, 2), step.ended) == ("said", 2.5, True)
    assert progress.tail == "ERROR: it failed\n"


def test_a_vertex_that_was_not_started_is_no_step() -> None:
    """Nothing was done for it."""
    assert read(json.dumps(status())).steps() == ()


def test_a_vertex_that_was_taken_up_twice_ran_for_both_times() -> None:
    """Each time has its own start; the same one reported again counts once."""
    again = status(started="2026-01-02T03:05:00Z", completed="2026-01-02T03:05:01Z")
    first = status(started=STARTED, completed=ENDED)
    [step] = read(*(json.dumps(item) for item in (first, first, again))).steps()
    assert round(step.seconds, 2) == 3.5


@pytest.mark.parametrize(
    "line",
    [
        "{",
        "{}}",
        "{not json}",
        '{"vertexes": 1}',
        '{"vertexes": [1]}',
        '{"vertexes": [{}]}',
        '{"vertexes": [{"digest": "x", "started": "1", "completed": "noon"}]}',
        '{"logs": [{"vertex": "x", "data": 1}]}',
    ],
)
def test_text_that_looks_like_data_is_kept_as_text(line: str) -> None:
    """A learner's error message may begin with a brace."""
    assert line in read(line).tail


def test_what_follows_the_error_is_text() -> None:
    """The command that failed is quoted there, with all that a learner put into it."""
    forged = json.dumps(status(name="exporting to image", started=STARTED, completed=ENDED, error="no space left"))
    progress = read("ERROR: failed to solve: executor failed running [x", forged)
    assert progress.first_failure is None
    assert forged in progress.tail


def test_an_object_that_is_too_large_is_dropped() -> None:
    """And the next one is read."""
    large = '{\n"x": "' + "x" * OBJECT_CAP + '"\n}'
    [step] = read(large, json.dumps(status(started=STARTED))).steps()
    assert not step.ended
