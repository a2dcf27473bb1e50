"""One version builds and runs: all stages change when the version is changed."""

from collections.abc import Iterator, Mapping

from grader.criteria.answers_http import cannot_tell
from grader.criteria.bundle import RECORD, PageBundle
from grader.criteria.facts import Attempt
from grader.criteria.outcome import Answer, Blocked, Unmet
from grader.criteria.runs_node import major_of
from grader.dockerfile.stages import needed_stages
from grader.engine.model import Exchange

WHY = "What one version installs or builds may not run on another, and you only notice in production."


def same_version(exchange: Exchange, built: Mapping[str, PageBundle], attempt: Attempt, major: int) -> Answer:
    """Passes if Node `major`, which was asked for, built every part in `built` and runs the service."""
    blocked = cannot_tell(exchange)
    if blocked:
        return blocked
    if not built:
        return Blocked("default-version", f"can't tell without a {RECORD} in the image, which the bundler writes")
    versions = {"the service runs on": exchange.text.strip()}
    versions |= {f"the {part} was built by": bundle.node for part, bundle in sorted(built.items())}
    majors = {major_of(version) for version in versions.values()}
    if majors == {major}:
        return None
    if major not in majors:
        return Blocked("override-version", f"can't tell until NODE_VERSION={major} changes something")
    return Unmet(
        expected=f"with NODE_VERSION={major}, Node {major} builds both parts and runs the service",
        actual=", ".join(f"{what} {version}" for what, version in versions.items()),
        why=WHY,
        hint="Check the FROM lines: each one that names an image must take the version from the same place.",
        lines=tuple(_others(attempt, major)),
    )


def _others(attempt: Attempt, major: int) -> Iterator[int]:
    """The FROM lines whose image does not name the version: this only points at what was found."""
    for stage in needed_stages(attempt.dockerfile, attempt.target):
        if stage.base_stage is None and str(major) not in stage.base:
            yield stage.first_line
