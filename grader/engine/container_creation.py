"""How a container is created: its limits, its port, its command and the pace of its health checks."""

from typing import Any

from docker.api.client import APIClient
from docker.types import Healthcheck, LogConfig

from grader.engine.model import RunRequest

_LEAST_PERIOD = 1_000_000
"""Nanoseconds: the shortest time that the engine accepts for a health check."""
_PATIENCE = 600_000_000_000
"""Nanoseconds that a check may take: a busy machine makes it slow, and `OwnTime` ends one that never ends."""


def creation_settings(api: APIClient, request: RunRequest, cpus: int, *, is_local: bool) -> dict[str, Any]:
    """Return the arguments of `APIClient.create_container` for `request` on an engine that has `cpus`."""
    bind = ("127.0.0.1", None) if is_local else None
    other = f"container:{request.beside}" if request.beside else None
    # Programs may gain rights by setuid bits and capabilities, as with `docker run`: criteria must see it.
    config = api.create_host_config(
        mem_limit=request.limits.memory,
        memswap_limit=request.limits.memory,
        pids_limit=request.limits.pids,
        nano_cpus=int(min(request.limits.cpus, cpus) * 1e9),
        port_bindings={f"{request.port}/tcp": bind} if request.port else {},
        log_config=LogConfig(type=LogConfig.types.JSON, config={"max-size": "1m", "max-file": "1"}),
        network_mode=other or (None if request.networked else "none"),
        pid_mode=other,
    )
    return {
        "image": request.image,
        "command": list(request.arguments) if request.arguments is not None else None,
        "entrypoint": list(request.entrypoint) if request.entrypoint is not None else None,
        "environment": dict(request.environment),
        "labels": dict(request.labels),
        "ports": [request.port] if request.port else None,
        "healthcheck": _pace(request.health_interval),
        "host_config": config,
    }


def _pace(interval: float | None) -> Healthcheck | None:
    """Change the pace only: the image still says what is checked. A start period of 0 would mean the image's own."""
    if interval is None:
        return None
    return Healthcheck(interval=int(interval * 1e9), timeout=_PATIENCE, start_period=_LEAST_PERIOD, retries=3)
