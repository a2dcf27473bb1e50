"""Whose a labelled thing is."""

import os
import socket
import subprocess
import sys

import pytest

from grader.engine.labels import KIT, OWNER, RUN, is_abandoned, run_labels
from grader.owners import this_process


def test_a_run_s_things_name_it_and_the_process_that_made_them() -> None:
    """By these the kit finds them again."""
    assert run_labels("r") == {KIT: "1", RUN: "r", OWNER: this_process()}


def test_what_a_living_process_owns_is_not_abandoned() -> None:
    """This one lives."""
    assert not is_abandoned(run_labels("r"))


def test_what_a_process_that_ended_owns_is_abandoned() -> None:
    """Its number is free again."""
    with subprocess.Popen([sys.executable, "-c", ""]) as process:
        process.wait(timeout=60)
    assert is_abandoned({OWNER: f"{socket.gethostname()}:{process.pid}"})


def test_another_user_s_process_lives_too(monkeypatch: pytest.MonkeyPatch) -> None:
    """The kernel refuses the question, which answers it."""

    def refuse(pid: int, number: int) -> None:
        raise PermissionError(pid, number)

    monkeypatch.setattr(os, "kill", refuse)
    assert not is_abandoned({OWNER: f"{socket.gethostname()}:1"})


@pytest.mark.parametrize(
    ("owner", "expected"), [("another-host:1", False), ("another-host:x", False), ("", True), (":1", True)]
)
def test_what_cannot_be_asked_for(owner: str, expected: bool) -> None:  # noqa: FBT001 - a parameter
    """Another host's processes cannot be seen from here; what has no owner has nobody to miss it."""
    assert is_abandoned({OWNER: owner}) is expected
    assert is_abandoned({})


def test_what_an_earlier_process_of_the_same_number_owned_is_abandoned() -> None:
    """This process has the number and began at another moment."""
    assert is_abandoned({OWNER: f"{socket.gethostname()}:{os.getpid()}:1"})
    assert not is_abandoned({OWNER: f"{socket.gethostname()}:{os.getpid()}"})
