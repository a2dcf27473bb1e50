"""Where the private engine cannot be: one line says what to do instead, and nothing is started."""

import os
import sys
from pathlib import Path

import pytest

from grader.engine import private
from grader.engine.private.configuration import owners_settings
from grader.engine.private.places import places
from grader.errors import EngineUnavailableError, UsageError


def quietly(line: str) -> None:
    """Announce nothing."""
    del line


@pytest.mark.parametrize(
    ("platform", "advice"), [("darwin", "Docker Desktop, or Colima"), ("win32", "Install Docker Desktop")]
)
def test_other_systems_are_told_what_to_install(monkeypatch: pytest.MonkeyPatch, platform: str, advice: str) -> None:
    """Neither starting nor stopping is tried."""
    monkeypatch.setattr(sys, "platform", platform)
    for act in (private.up, private.down):
        with pytest.raises(EngineUnavailableError, match=advice):
            act(announce=quietly)
    assert not private.status().running


def test_others_than_root_are_told_how(monkeypatch: pytest.MonkeyPatch) -> None:
    """Two ways: as root, or the distribution's Docker and its group; looking is for everybody."""
    monkeypatch.setattr(os, "geteuid", lambda: 1000)
    monkeypatch.setenv("WORKSHOP_HOME", "/nowhere")
    for act in (private.up, private.down):
        with pytest.raises(EngineUnavailableError, match=r"sudo \S*workshop engine up.*usermod -aG docker"):
            act(announce=quietly)
    assert not private.status().running
    assert not Path("/nowhere").exists()


def test_a_home_whose_path_is_too_long_for_sockets_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    """Linux takes 107 bytes."""
    monkeypatch.setattr(os, "geteuid", lambda: 0)
    monkeypatch.setenv("WORKSHOP_HOME", "/tmp/" + "long" * 20)
    with pytest.raises(UsageError, match=r"WORKSHOP_HOME=/tmp/long.* too long"):
        private.up(announce=quietly)
    assert not places().run.exists()


def test_two_homes_have_nothing_in_common(monkeypatch: pytest.MonkeyPatch) -> None:
    """Bridge, folders and address differ, also from the usual ones."""
    found = []
    for home in ("", "/srv/one", "/srv/two"):
        monkeypatch.setenv("WORKSHOP_HOME", home)
        found.append(places())
    for part in ("name", "run", "data_root", "host"):
        assert len({getattr(one, part) for one in found}) == len(found)
    assert all(len(one.name) < 16 for one in found)


def test_the_owners_mirrors_are_taken_over_and_nothing_else(tmp_path: Path) -> None:
    """What another engine is given for its data or sockets must not reach ours; a broken file is ignored."""
    file = tmp_path / "daemon.json"
    assert owners_settings(file) == {}
    file.write_text('{"registry-mirrors": ["https://mirror"], "data-root": "/srv", "iptables": true}', encoding="utf-8")
    assert owners_settings(file) == {"registry-mirrors": ["https://mirror"]}
    for broken in ("{", "[]"):
        file.write_text(broken, encoding="utf-8")
        assert owners_settings(file) == {}
