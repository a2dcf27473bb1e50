"""The private engine's `daemon.json`, which keeps it apart from every other engine of the machine.

It has its own data, sockets and bridge, and writes no firewall rules: two daemons that both use the chain DOCKER
delete each other's rules. The userland proxy serves published ports instead; the containers reach this machine, and no
network outside of it. It sets no address pools: a daemon with address pools deletes `docker0`, even if another engine
owns it, each time it starts with data that it has used before.
"""

import json
from ipaddress import IPv4Interface
from pathlib import Path
from typing import Any

from grader.engine.private import addresses
from grader.engine.private.places import Places
from grader.errors import MachineError

OWNERS_FILE = Path("/etc/docker/daemon.json")
_KEPT_SETTINGS = ("registry-mirrors", "insecure-registries", "dns")
"""Settings of the machine's owner that apply to any engine."""


def choose_address() -> IPv4Interface:
    """Return an address for the bridge, in a range that nothing on this machine uses.

    Raises:
        MachineError: there are none.

    """
    network = addresses.free_range(Path("/proc/net/route").read_text(encoding="ascii"))
    if network is None:
        ranges = ", ".join(str(candidate) for candidate in addresses.BLOCKS)
        raise MachineError(
            f"The private engine finds no free address range: this machine already uses all of {ranges}. "
            "Start Docker yourself and name it in WORKSHOP_ENGINE."
        )
    return IPv4Interface(f"{network[1]}/{network.prefixlen}")


def write_configuration(places: Places, *, is_limited: bool) -> None:
    """Write the file, and mark the data root as ours; `is_limited` if there is a parent group for what runs.

    Raises:
        MachineError: they cannot be written.

    """
    settings = {
        **owners_settings(OWNERS_FILE),
        "data-root": str(places.data_root),
        "exec-root": str(places.exec_root),
        "pidfile": str(places.pidfile),
        "hosts": [places.host],
        "bridge": places.name,
        "iptables": False,
        "ip-forward": False,
        "ip-masq": False,
        "userland-proxy": True,
        "shutdown-timeout": 5,
    }
    if is_limited:
        # The other driver, systemd, would make its own group.
        settings |= {"cgroup-parent": f"/{places.name}", "exec-opts": ["native.cgroupdriver=cgroupfs"]}
    try:
        places.data_root.mkdir(parents=True, exist_ok=True, mode=0o711)
        places.marker.touch()
        places.config.write_text(json.dumps(settings, indent=2) + "\n", encoding="utf-8")
    except OSError as error:
        raise MachineError(f"{error.filename} cannot be written: {error.strerror}. Free some space.") from error


def owners_settings(path: Path) -> dict[str, Any]:
    """Return what `path` sets for registries and names; a damaged file is ignored, because it is another engine's."""
    try:
        settings = json.loads(path.read_bytes())
    except (OSError, ValueError):
        return {}
    return {name: settings[name] for name in _KEPT_SETTINGS if name in settings} if isinstance(settings, dict) else {}
