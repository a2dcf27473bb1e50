"""What in a Dockerfile is only unwise: remarks on a line that cost no points. Pure.

What builds wrongly or not at all is `faults.py`, `doubts.py` and the criteria's; here is what one would mention.
"""

from collections.abc import Collection, Iterator
from datetime import date

from grader.dockerfile.model import Dockerfile, Stage
from grader.dockerfile.references import parse_reference
from grader.dockerfile.stages import needed_stages
from grader.languages.known import ENDED as ENDED_LANGUAGES
from grader.verdict import Finding

ENDED = {
    **ENDED_LANGUAGES,
    "alpine": {"3.17": (2024, 11), "3.18": (2025, 5), "3.19": (2025, 11), "3.20": (2026, 4), "3.21": (2026, 11)},
    "debian": {"buster": (2024, 6), "bullseye": (2026, 8), "bookworm": (2028, 6)},
}
"""Year and month in which a release gets its last fixes, as its project announces it."""


def findings(dockerfile: Dockerfile, targets: Collection[str], today: date) -> tuple[Finding, ...]:
    """Return the remarks in order of their lines; `targets` are the stages that are asked for by name on purpose."""
    found = [*_unused_stages(dockerfile, targets)]
    for stage in dockerfile.stages:
        later = {other.name for other in dockerfile.stages[stage.index + 1 :]}  # then a stage is meant, and no image
        if stage.base_stage is None and stage.base not in ("", "scratch", *later):
            found += _about_base(stage, today)
    return tuple(sorted(set(found), key=lambda finding: (finding.line, finding.text)))


def _unused_stages(dockerfile: Dockerfile, targets: Collection[str]) -> Iterator[Finding]:
    asked = [None, *targets]
    needed = {stage.index for target in asked for stage in needed_stages(dockerfile, target)}
    for stage in dockerfile.stages:
        if stage.index not in needed:
            name = f"`{stage.name}`" if stage.name else f"number {stage.index}"
            yield Finding(
                stage.first_line, f"Nothing uses the stage {name}: BuildKit skips it unless it is the --target."
            )


def _about_base(stage: Stage, today: date) -> Iterator[Finding]:
    base = parse_reference(stage.base)
    if base is None:
        return
    if base.tag == "latest" and not base.digest:
        shown = f"{stage.base} is" if base.has_tag else f"{stage.base} has no tag, so it is `latest`,"
        yield Finding(
            stage.first_line,
            f"{shown} another image after each release; with a version in the tag, a later build gives the same.",
        )
    release = base.tag.partition("-")[0]
    for known, (year, month) in ENDED.get(base.name, {}).items():
        if (release == known or release.startswith(f"{known}.")) and (today.year, today.month) > (year, month):
            text = f"{stage.base} has had no fixes since {year}-{month:02}: see which release is current."
            yield Finding(stage.first_line, text)
