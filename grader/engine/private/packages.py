"""Installing a container engine from the distribution's own packages, without starting the service that comes with it.

Only for Debian's family does it handle locks and old package lists; the others need one command each.
"""

import os
import re
import shutil
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from grader.errors import MachineError

Announce = Callable[[str], None]
INSTALL_SECONDS = 900.0
LOCK_SECONDS = 180.0
LOCK_POLL = 2.0


@dataclass(frozen=True, slots=True)
class Distribution:
    """How one family of distributions installs an engine. `extras` are installed if the distribution has them."""

    manager: str
    install: tuple[str, ...]
    packages: tuple[str, ...]
    extras: tuple[str, ...] = ()


DISTRIBUTIONS = (
    Distribution(
        "apt-get",
        ("apt-get", "install", "--yes", "--no-install-recommends"),
        ("docker.io", "ca-certificates", "procps"),
        ("docker-cli", "docker-buildx"),
    ),
    Distribution("apk", ("apk", "add"), ("docker", "docker-cli-buildx", "procps")),
    Distribution("pacman", ("pacman", "--sync", "--needed", "--noconfirm"), ("docker", "docker-buildx", "procps-ng")),
    Distribution("dnf", ("dnf", "install", "--assumeyes"), ("moby-engine", "docker-cli", "docker-buildx", "procps-ng")),
    Distribution("zypper", ("zypper", "--non-interactive", "install"), ("docker", "docker-buildx", "procps")),
)
POLICY = Path("/usr/sbin/policy-rc.d")
"""Debian's packages run it to ask whether they may start their services (invoke-rc.d(8)); 101 means no."""
_POLICY_TEXT = "#!/bin/sh\n# Put here by the workshop while it installs an engine; safe to delete.\nexit 101\n"
_APT_BUSY = re.compile(r"Could not get lock|Unable to (?:acquire|lock)|is another process using it")
_APT_STALE = re.compile(r"Unable to locate package|has no installation candidate|404 +Not Found")


def install_engine(announce: Announce) -> None:
    """Say what will be installed, then install it.

    Raises:
        MachineError: no known package manager, or it fails; one line with its reason.

    """
    distribution = next((entry for entry in DISTRIBUTIONS if shutil.which(entry.manager)), None)
    if distribution is None:
        raise MachineError(
            "No container engine is installed, and the workshop does not know this distribution's package manager. "
            "Install Docker Engine with it."
        )
    if distribution.manager == "apt-get":
        _install_with_apt(distribution, announce)
        return
    announce(f"no engine is installed; installing {' '.join(distribution.packages)} with {distribution.manager} ...")
    done = _run([*distribution.install, *distribution.packages], INSTALL_SECONDS)
    if done.returncode != 0:
        raise _failure(distribution, _reason(done))


def _install_with_apt(distribution: Distribution, announce: Announce) -> None:
    deadline = time.monotonic() + INSTALL_SECONDS
    if not _candidate(distribution.packages[0]):
        announce("no engine is installed; reading the distribution's package lists first (apt-get update) ...")
        _apt(distribution, ("apt-get", "update"), deadline, announce)
    names = _wanted(distribution)
    announce(f"no engine is installed; installing {' '.join(names)} from the distribution's packages ...")
    with _services_held_back():
        done = _apt_try((*distribution.install, *names), deadline, announce)
        if done.returncode != 0 and _APT_STALE.search(done.stderr):
            announce("the package lists are old; renewing them (apt-get update) ...")
            _apt(distribution, ("apt-get", "update"), deadline, announce)
            done = _apt_try((*distribution.install, *_wanted(distribution)), deadline, announce)
    if done.returncode != 0:
        raise _failure(distribution, _reason(done))


def _wanted(distribution: Distribution) -> list[str]:
    """Newer releases have separate packages for the docker command and buildx; older ones do not have these."""
    names = [*distribution.packages, *filter(_candidate, distribution.extras)]
    if _apparmor_is_on():
        names.append("apparmor")
    return names


def _apparmor_is_on() -> bool:
    """If the kernel enforces AppArmor, no container starts without its parser."""
    try:
        return Path("/sys/module/apparmor/parameters/enabled").read_text(encoding="ascii").startswith("Y")
    except OSError:
        return False


def _candidate(name: str) -> bool:
    found = re.search(r"^ *Candidate: (.+)$", _run(["apt-cache", "policy", name], LOCK_SECONDS).stdout, re.MULTILINE)
    return bool(found) and "(none)" not in (found[1] if found else "")


def _apt(distribution: Distribution, command: tuple[str, ...], deadline: float, announce: Announce) -> None:
    done = _apt_try(command, deadline, announce)
    if done.returncode != 0:
        raise _failure(distribution, _reason(done))


def _apt_try(command: tuple[str, ...], deadline: float, announce: Announce) -> subprocess.CompletedProcess[str]:
    """Run apt; while another program has one of its locks, wait and try again, for `LOCK_SECONDS`."""
    patience = min(deadline, time.monotonic() + LOCK_SECONDS)
    told = False
    while True:
        done = _run([*command, "-o", "Dpkg::Use-Pty=0"], max(1.0, deadline - time.monotonic()))
        if done.returncode == 0 or not _APT_BUSY.search(done.stderr) or time.monotonic() > patience:
            return done
        if not told:
            announce("another program is installing packages; waiting for it ...")
            told = True
        time.sleep(LOCK_POLL)


@contextmanager
def _services_held_back() -> Iterator[None]:
    """Keep the new package from starting its own service; a policy that the machine's owner has set stays."""
    if POLICY.exists() and POLICY.read_text(encoding="utf-8", errors="replace") != _POLICY_TEXT:
        yield
        return
    try:
        POLICY.write_text(_POLICY_TEXT, encoding="utf-8")
        POLICY.chmod(0o755)
    except OSError as error:
        raise MachineError(f"{POLICY} cannot be written ({error.strerror}). Install Docker Engine yourself.") from error
    try:
        yield
    finally:
        POLICY.unlink(missing_ok=True)


def _run(command: list[str], seconds: float) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "LC_ALL": "C", "DEBIAN_FRONTEND": "noninteractive"}
    try:
        return subprocess.run(
            command,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            errors="replace",
            env=environment,
            check=False,
            timeout=seconds,
        )
    except subprocess.TimeoutExpired as error:
        raise MachineError(f"`{' '.join(command)}` took more than {seconds:.0f} s. Run it by hand.") from error
    except OSError as error:
        raise MachineError(f"`{command[0]}` cannot be started: {error.strerror}.") from error


def _reason(done: subprocess.CompletedProcess[str]) -> str:
    lines = [line.strip() for line in (done.stderr or done.stdout).splitlines() if line.strip()]
    errors = [line for line in lines if line.startswith(("E: ", "ERROR", "Error", "error"))]
    return (errors or lines[-1:] or ["it gives no reason"])[0].removeprefix("E: ").rstrip(".")


def _failure(distribution: Distribution, reason: str) -> MachineError:
    command = " ".join((*distribution.install, *distribution.packages))
    return MachineError(f"The engine's package cannot be installed: {reason}. Fix that, or run `{command}` by hand.")
