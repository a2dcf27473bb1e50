"""The verdict as JSON: the contract's fields, and what is refused when it is read back."""

import json
from collections.abc import Callable
from typing import Any

import pytest

from grader.errors import UsageError
from grader.reports import json_report
from grader.verdict import CriterionResult, Outcome, Verdict


def test_the_fields_are_those_of_the_contract_in_their_order(sample: Callable[[str], Verdict]) -> None:
    """Scripts out there rely on them."""
    data = json.loads(json_report.render(sample("failed")))
    assert list(data) == [
        *("schema", "exercise", "title", "status", "score", "max_score", "error"),
        *("criteria", "image", "scale", "stages", "builds", "base_images", "engine"),
        *("seconds", "started_at", "grader_version", "dockerfile"),
    ]
    assert (data["schema"], data["status"], data["score"], data["max_score"]) == (
        "workshop/verdict/v1",
        "failed",
        45,
        100,
    )
    assert data["criteria"][5] == {
        "id": "size",
        "title": "The image is small",
        "status": "failed",
        "points": 0,
        "max_points": 20,
        "expected": "at most 25.0 MB",
        "actual": "614 MB; 543 MB of it come with the base image golang:1.26",
        "why": "Every byte is stored, pulled and scanned again wherever the image goes.",
        "hint": "Start the final stage from a smaller base, and copy into it only what the program needs.",
        "lines": [2],
    }
    assert list(data["image"]) == ["size", "base", "added", "layers"]
    assert list(data["image"]["layers"][0]) == ["instruction", "size", "from_base", "line"]
    assert data["stages"] == [{"name": "0", "base": "golang:1.26", "copies_from": []}]
    assert data["builds"] == [{"variant": "plain", "seconds": 9.981, "steps": 4, "cached": 1}]
    assert data["base_images"][0]["origin"] == "stand-in"
    assert list(data["engine"]) == ["name", "version", "builder"]


def test_what_is_not_known_is_null_and_what_is_not_there_is_empty() -> None:
    """A verdict of a machine that failed at once has every key too."""
    data = json.loads(json_report.render(Verdict("x", "X", (), None, 0.5, "", "0", error="no engine")))
    assert data["image"] is data["engine"] is data["scale"] is None
    assert data["criteria"] == data["stages"] == data["builds"] == data["base_images"] == []
    assert (data["status"], data["error"]) == ("error", "no engine")


def test_a_lone_surrogate_survives() -> None:
    """A program may answer with bytes that are no UTF-8; the grade is not lost over it."""
    verdict = Verdict("x", "X", (CriterionResult("a", "A", Outcome.BLOCKED, 0, 1, actual="\ud800"),), None, 1, "", "0")
    assert json_report.parse(json_report.render(verdict).encode("ascii")) == verdict


@pytest.mark.parametrize(
    ("change", "says"),
    [
        (lambda data: data.update(schema="workshop/verdict/v9"), "workshop/verdict/v9"),
        (lambda data: data.update(score=100), "contradicts itself"),
        (lambda data: data.update(status="passed"), "contradicts itself"),
        (lambda data: data["criteria"][0].update(points=9), "contradicts itself"),
        (lambda data: data.pop("criteria"), "`criteria` is missing"),
        (
            lambda data: data["criteria"][0].update(status="great"),
            "is wrong: invalid enum value 'great'",
        ),
        (lambda data: data["builds"][0].update(colour="red"), "unknown key `builds.colour`"),
        (lambda data: data.update(criteria=7), "`criteria` is an integer, expected a list"),
    ],
)
def test_what_is_no_verdict_is_refused_in_one_line(
    sample: Callable[[str], Verdict], change: Callable[[dict[str, Any]], object], says: str
) -> None:
    """A gradebook takes no file on trust, and names what is wrong with it."""
    data = json.loads(json_report.render(sample("failed")))
    change(data)
    with pytest.raises(UsageError, match=says) as caught:
        json_report.parse(json.dumps(data))
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize("text", ["", "{", "[]", "7", "null", b"\xff", "[" * 100_000])
def test_what_is_not_even_json_of_the_kind_is_refused(text: str | bytes) -> None:
    """Half a file, another file, no file."""
    with pytest.raises(UsageError, match="no verdict"):
        json_report.parse(text)
