"""Installing an engine, with pretended programs that say what apt says and write down what they are asked."""

import os
from pathlib import Path

import pytest

from grader.engine.private import packages
from grader.errors import MachineError

CACHE = """\
case "$2" in
  docker.io|ca-certificates|procps) echo "  Candidate: 20.10" ;;
  docker-buildx) [ -e "$STATE/newer" ] && echo "  Candidate: 0.13" || echo "  Candidate: (none)" ;;
esac
"""
GET = """\
echo "$*" >>"$STATE/calls"
ls "$STATE/policy" >>"$STATE/policies" 2>&1
case "$1" in
  update) touch "$STATE/updated"; exit 0 ;;
esac
"""


@pytest.fixture
def state(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where the pretended programs keep their notes; PATH contains them and a shell's own tools."""
    (tmp_path / "bin").mkdir()
    monkeypatch.setenv("STATE", str(tmp_path))
    monkeypatch.setenv("PATH", f"{tmp_path / 'bin'}{os.pathsep}{os.environ['PATH']}")
    monkeypatch.setattr(packages, "POLICY", tmp_path / "policy")
    monkeypatch.setattr(packages, "LOCK_POLL", 0.01)
    return tmp_path


def quietly(line: str) -> None:
    """Announce nothing."""
    del line


def pretend(state: Path, name: str, script: str) -> None:
    """Write a program."""
    program = state / "bin" / name
    program.write_text(f"#!/bin/sh\n{script}\n", encoding="utf-8")
    program.chmod(0o755)


def calls(state: Path) -> list[str]:
    """What apt-get was asked, without the options that are always the same."""
    lines = (state / "calls").read_text(encoding="utf-8").splitlines()
    return [line.replace(" -o Dpkg::Use-Pty=0", "").replace(" --yes --no-install-recommends", "") for line in lines]


def test_what_will_be_installed_is_said_first(state: Path) -> None:
    """The announcement names the packages that apt is then asked for."""
    pretend(state, "apt-cache", CACHE)
    pretend(state, "apt-get", GET)
    said: list[str] = []
    packages.install_engine(said.append)
    assert said == [
        "no engine is installed; installing docker.io ca-certificates procps from the distribution's packages ..."
    ]
    assert calls(state) == ["install docker.io ca-certificates procps"]


def test_a_release_that_has_buildx_gets_it(state: Path) -> None:
    """Its docker command builds with nothing else."""
    (state / "newer").touch()
    pretend(state, "apt-cache", CACHE)
    pretend(state, "apt-get", GET)
    packages.install_engine(quietly)
    assert calls(state) == ["install docker.io ca-certificates procps docker-buildx"]


def test_its_service_is_kept_from_starting(state: Path) -> None:
    """While apt runs there is a policy that says no; afterwards it is gone."""
    pretend(state, "apt-cache", CACHE)
    pretend(state, "apt-get", GET)
    packages.install_engine(quietly)
    assert (state / "policies").read_text(encoding="utf-8").splitlines() == [str(state / "policy")]
    assert not (state / "policy").exists()


def test_a_policy_of_the_machines_owner_stays(state: Path) -> None:
    """It is neither replaced nor removed."""
    (state / "policy").write_text("#!/bin/sh\nexit 0\n", encoding="utf-8")
    pretend(state, "apt-cache", CACHE)
    pretend(state, "apt-get", GET)
    packages.install_engine(quietly)
    assert (state / "policy").read_text(encoding="utf-8") == "#!/bin/sh\nexit 0\n"


def test_package_lists_are_read_where_there_are_none(state: Path) -> None:
    """A bare machine's apt knows no package before its first update."""
    pretend(state, "apt-cache", f'[ -e "$STATE/updated" ] || exit 0\n{CACHE}')
    pretend(state, "apt-get", GET)
    packages.install_engine(quietly)
    assert calls(state) == ["update", "install docker.io ca-certificates procps"]


def test_package_lists_that_are_old_are_renewed(state: Path) -> None:
    """A package that the mirror no longer has is asked for again after an update."""
    pretend(state, "apt-cache", CACHE)
    old = 'echo "E: Failed to fetch docker.io.deb  404  Not Found" >&2; exit 100'
    pretend(state, "apt-get", f'{GET}[ -e "$STATE/updated" ] || {{ {old}; }}')
    packages.install_engine(quietly)
    assert calls(state) == [
        "install docker.io ca-certificates procps",
        "update",
        "install docker.io ca-certificates procps",
    ]


def test_another_program_that_installs_is_waited_for(state: Path) -> None:
    """One line says so, however often the lock is asked for."""
    busy = 'echo "E: Could not get lock /var/lib/dpkg/lock-frontend. It is held by process 1" >&2; exit 100'
    pretend(state, "apt-cache", CACHE)
    pretend(state, "apt-get", f'{GET}[ "$(wc -l <"$STATE/calls")" -ge 4 ] || {{ {busy}; }}')
    said: list[str] = []
    packages.install_engine(said.append)
    assert len(calls(state)) == 4
    assert [line for line in said if "waiting" in line] == [
        "another program is installing packages; waiting for it ..."
    ]


def test_a_lock_is_not_waited_for_for_ever(state: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """After a while apt's own reason is the error."""
    monkeypatch.setattr(packages, "LOCK_SECONDS", 0.05)
    pretend(state, "apt-cache", CACHE)
    pretend(state, "apt-get", f'{GET}echo "E: Could not get lock /var/lib/dpkg/lock-frontend." >&2; exit 100')
    with pytest.raises(MachineError, match="cannot be installed: Could not get lock"):
        packages.install_engine(quietly)


def test_a_failure_is_one_line_with_apts_reason(state: Path) -> None:
    """It names the command to run by hand."""
    pretend(state, "apt-cache", CACHE)
    pretend(state, "apt-get", f'{GET}echo "W: nothing" >&2; echo "E: The disk is on fire." >&2; exit 100')
    with pytest.raises(MachineError) as caught:
        packages.install_engine(quietly)
    assert str(caught.value) == (
        "The engine's package cannot be installed: The disk is on fire. Fix that, or run "
        "`apt-get install --yes --no-install-recommends docker.io ca-certificates procps` by hand."
    )
    assert not (state / "policy").exists()


def test_a_distribution_that_is_not_known_is_one_line(state: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """There is no package manager to ask."""
    monkeypatch.setenv("PATH", str(state))
    with pytest.raises(MachineError, match="Install Docker Engine with it"):
        packages.install_engine(quietly)


def test_another_distributions_command_is_used_as_it_is(state: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """One command, its packages named before it runs."""
    pretend(state, "dnf", 'echo "$*" >"$STATE/calls"')
    monkeypatch.setenv("PATH", str(state / "bin"))
    said: list[str] = []
    packages.install_engine(said.append)
    assert (state / "calls").read_text(
        encoding="utf-8"
    ) == "install --assumeyes moby-engine docker-cli docker-buildx procps-ng\n"
    assert "moby-engine docker-cli docker-buildx procps-ng with dnf" in said[0]
