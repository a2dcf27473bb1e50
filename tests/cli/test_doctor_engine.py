"""`workshop doctor` says what it saw and what to do, and its exit code whether grading can work."""

import json
from pathlib import Path

import pytest

from tests.cli.running import Workshop

pytestmark = pytest.mark.engine

LOOKED_AT = {"engine", "builder", "memory", "clock", "limits", "base images", "network", "python", "terminal", "disk"}


def test_on_an_engine_that_grades_all_is_looked_at(workshop: Workshop) -> None:
    """Exit code 0, one JSON object, nothing else."""
    ran = workshop("doctor", "--exercise", "02", "--format", "json")
    found = json.loads(ran.out)
    assert ran.code == 0, ran.out + ran.err
    assert found["schema"] == "workshop/doctor/v1"
    assert {finding["name"] for finding in found["findings"]} >= LOOKED_AT
    assert "golang:1.26" in ran.out
    assert "node:" not in ran.out


def test_without_an_engine_it_says_so_and_what_to_do(workshop: Workshop, tmp_path: Path) -> None:
    """Exit code 3; what needs no engine is looked at anyway."""
    ran = workshop("doctor", "--exercise", "02", env={"WORKSHOP_ENGINE": f"unix://{tmp_path}/docker.sock"})
    assert ran.code == 3, ran.err
    assert ran.out.startswith("fail  engine ")
    assert "-> Start it" in ran.out
    assert "ok    python" in ran.out
    assert "\x1b" not in ran.out
    assert "Traceback" not in ran.err


def test_without_a_command_that_builds_it_fails(workshop: Workshop) -> None:
    """The engine answers and nothing can build on it."""
    ran = workshop("doctor", "--exercise", "02", env={"WORKSHOP_DOCKER": "/bin/true"})
    assert ran.code == 3
    assert "fail  builder" in ran.out


def test_an_exercise_that_is_not_there_is_a_usage_error(workshop: Workshop) -> None:
    """One line, exit code 2."""
    ran = workshop("doctor", "--exercise", "99")
    assert ran.code == 2
    assert "Traceback" not in ran.err


def test_settings_that_docker_s_clients_cannot_read_are_named(workshop: Workshop, tmp_path: Path) -> None:
    """What a check would end with, and what to change."""
    (tmp_path / "config.json").write_text('{"auths": ')
    ran = workshop("doctor", "--exercise", "02", "--format", "json", env={"DOCKER_CONFIG": str(tmp_path)})
    assert ran.code == 3
    engine = json.loads(ran.out)["findings"][0]
    assert engine["seen"].startswith(f"{tmp_path}/config.json cannot be read as Docker's settings: it is not JSON")
    assert "DOCKER_CONFIG" in engine["advice"]


def test_a_program_for_credentials_that_is_missing_is_a_warning(workshop: Workshop, tmp_path: Path) -> None:
    """A check works without it; an image of a private registry is not available."""
    (tmp_path / "config.json").write_text('{"credsStore": "gone"}')
    ran = workshop("doctor", "--exercise", "02", env={"DOCKER_CONFIG": str(tmp_path)})
    assert ran.code == 0, ran.out
    assert "docker-credential-gone" in ran.out


def test_an_unknown_context_is_named(workshop: Workshop) -> None:
    """And the variable that names it."""
    ran = workshop(
        "doctor", "--exercise", "02", env={"DOCKER_CONTEXT": "gone", "DOCKER_HOST": "", "WORKSHOP_ENGINE": ""}
    )
    assert ran.code == 3
    assert "no docker context `gone`, which DOCKER_CONTEXT names" in " ".join(ran.out.split())
