"""Chooses how a container's own time is counted: by its processes if they are on this machine, else by the engine."""

from contextlib import suppress

from docker.api.client import APIClient
from docker.errors import APIError
from requests.exceptions import RequestException

from grader.engine.control_groups import group_of
from grader.engine.listening import belongs_to
from grader.engine.own_time import GroupCounts, OwnTime, UsageCounts

USAGE_PERIOD = 1.0
"""Seconds between two questions to an engine for a container's CPU time."""


def own_time_of(api: APIClient, container_id: str, pid: int) -> OwnTime:
    """Return a clock for what runs in a container; `pid` is its first process as the engine reports it, or 0."""
    group = group_of(pid) if pid > 0 and belongs_to(pid, container_id) else None
    if group:
        return OwnTime(GroupCounts(group))
    return OwnTime(UsageCounts(lambda: _cpu_seconds(api, container_id)), USAGE_PERIOD)


def _cpu_seconds(api: APIClient, container_id: str) -> float | None:
    """Return what the engine reports of the container's CPU time; None if it reports none."""
    with suppress(APIError, RequestException, KeyError, TypeError):
        usage = api.stats(container_id, stream=False, one_shot=True)["cpu_stats"]["cpu_usage"]
        return float(usage["total_usage"]) / 1e9
    return None
