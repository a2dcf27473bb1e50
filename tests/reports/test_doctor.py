"""What the doctor found is shown in lines that need no colour, and as JSON."""

import json

from grader.doctor.finding import Diagnosis, State
from grader.reports import doctor_json, doctor_terminal

FINDINGS = (
    Diagnosis("engine", State.OK, "docker 27.0"),
    Diagnosis("engine's disk", State.WARN, "4.9 GB free at /d\x1b[31m", "Free some: `docker system prune`."),
    Diagnosis("network", State.FAIL, "a build that was asked to have no network has eth0", "Use another engine."),
)
LINES = """\
ok    engine         docker 27.0
warn  engine's disk  4.9 GB free at /d
                     -> Free some: `docker system
                     prune`.
fail  network        a build that was asked to have no
                     network has eth0
                     -> Use another engine.

This machine cannot grade: fix what says fail."""


def test_each_finding_is_a_line_with_what_to_do_below() -> None:
    """It fits the width, and what came from outside cannot paint."""
    assert doctor_terminal.render(FINDINGS, width=56, color=False, unicode=False) == LINES


def test_colour_only_adds() -> None:
    """The words stay."""
    colored = doctor_terminal.render(FINDINGS, width=56, color=True, unicode=True)
    assert "\x1b[31mfail\x1b[0m" in colored
    assert "\x1b[32mok  \x1b[0m" in colored


def test_the_conclusion_follows_the_worst() -> None:
    """A warning does not stop a class."""
    said = [doctor_terminal.render(FINDINGS[:count], width=80, color=False, unicode=True) for count in (0, 1, 2)]
    assert ["This machine can grade" in text for text in said] == [True, True, True]
    assert "worth a look" in said[2]


def test_json_says_the_same_to_machines() -> None:
    """One object with the worst state at its top."""
    told = json.loads(doctor_json.render(FINDINGS))
    assert (told["schema"], told["state"]) == ("workshop/doctor/v1", "fail")
    assert told["findings"][0] == {"name": "engine", "state": "ok", "seen": "docker 27.0", "advice": ""}
