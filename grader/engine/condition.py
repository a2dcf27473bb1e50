"""What an engine is and the state of its machine at this moment, as the engine reports it. Judges nothing."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timezone
from pathlib import Path
from typing import Any

_TIME = re.compile(r"(?P<second>\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)(?:\.(?P<fraction>\d+))?(?P<zone>Z|[+-]\d\d:\d\d)")


@dataclass(frozen=True, slots=True)
class Condition:
    """An engine and its machine. `name` is `docker` or `podman`; `proxy` is the one that the engine uses to pull.

    `data_root` is set only if that folder is on this machine, `clock` only if the engine reports it.
    """

    name: str
    version: str
    architecture: str
    cpus: int
    memory: int
    clock: datetime | None
    control_groups: str
    limits_memory: bool
    limits_processes: bool
    data_root: Path | None
    proxy: str


def condition_of(
    version: Mapping[str, Any], info: Mapping[str, Any], data_root: Path | None, *, is_podman: bool
) -> Condition:
    """Read the engine's answers to `GET /version` and `GET /info`."""
    return Condition(
        name="podman" if is_podman else "docker",
        version=str(version.get("Version", "")),
        architecture=str(version.get("Arch", "")),
        cpus=int(info.get("NCPU") or 0),
        memory=int(info.get("MemTotal") or 0),
        clock=_time(str(info.get("SystemTime") or "")),
        control_groups=f"v{info.get('CgroupVersion') or '?'}, {info.get('CgroupDriver') or 'no'} driver",
        limits_memory=bool(info.get("MemoryLimit")),
        limits_processes=bool(info.get("PidsLimit")),
        data_root=data_root,
        proxy=str(info.get("HttpsProxy") or info.get("HttpProxy") or ""),
    )


def _time(text: str) -> datetime | None:
    """Read RFC 3339; engines write nanoseconds, which Python 3.10 does not read."""
    match = _TIME.fullmatch(text)
    if not match:
        return None
    zone = match["zone"].replace("Z", "+00:00")
    moment = datetime.fromisoformat(f"{match['second']}.{(match['fraction'] or '0')[:6]:0<6}{zone}")
    return moment.astimezone(timezone.utc)
