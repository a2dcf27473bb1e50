"""Questions about the cache mounts of a submission's stages: shell scripts, where they run, what their answers mean.

Pure: `cache_mounts.py` starts the scripts, and `probe.py` runs them.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from grader.criteria.facts import CacheMount, Caches
from grader.dockerfile.model import Dockerfile, Instruction, Stage
from grader.dockerfile.mounts import Mount, mounts_of
from grader.dockerfile.stages import needed_stages, triggers_of
from grader.languages.go import ASK_BUILD_CACHE, BUILD_CACHE

BASE = "/workshop-base"
"""Where `SEED` finds the files of the stage's base image."""
_MARK = ".workshop-mark"
_POINTS = f"""
points() {{
  while read -r _ _ _ _ point _; do
    case $point in
      / | /proc | /proc/* | /sys | /sys/* | /dev | /dev/* | /etc/hosts | /etc/hostname | /etc/resolv.conf) ;;
      {BASE}) ;;
      *) printf '%s\\n' "$point" ;;
    esac
  done < /proc/self/mountinfo
}}
"""
"""What is mounted in the step, from the kernel: in the text it may be a variable, or relative to WORKDIR."""
SEED = f"""{_POINTS}
go=$({ASK_BUILD_CACHE}) && [ -d {BASE}{BUILD_CACHE} ] || exit 0
points | while read -r point; do
  case $go/ in
    "$point"/*) [ "$(stat -c %u "$point")" != 0 ] || cp -r {BASE}{BUILD_CACHE}/. "$go" ;;
  esac
done
"""
"""Copies what the base image has in its own Go cache, which a mount hides. Mounts of other users stay as they are."""
MARK = f"""{_POINTS}
points | while read -r point; do touch "$point/{_MARK}"; done
"""
LOOK = f"""{_POINTS}
printf 'go\\t%s\\n' "$({ASK_BUILD_CACHE} 2> /dev/null)"
points | while read -r point; do
  entries=$(find "$point" -type f -name '*-a' | wc -l)
  fresh=$entries
  if [ -f "$point/{_MARK}" ]; then
    fresh=$(find "$point" -type f -name '*-a' -newer "$point/{_MARK}" | wc -l)
  fi
  printf 'mount\\t%s\\t%d\\t%d\\n' "$point" "$entries" "$fresh"
  [ $# -gt 0 ] || continue
  find "$point" -type f ! -name '*-a' -exec grep -l '^!<arch>$' {{}} + 2> /dev/null |
    xargs cat | tr '\\0' '\\n' > /workshop-objects
  for text in "$@"; do
    if grep -qF -e "$text" /workshop-objects; then printf 'has\\t%s\\t%s\\n' "$point" "$text"; fi
  done
done
"""
"""Lists each mount and which of the arguments its compiled packages contain: these are archives, with a first line.

Go's build cache has a file `...-a` for each action that it has done, and writes it again if the action is repeated.
BusyBox' grep does not see the rest of a line after a zero byte.
"""
SPOIL = f"""{_POINTS}
points | while read -r point; do
  find "$point" -type f -exec grep -l '^!<arch>$' {{}} + 2> /dev/null |
    while read -r object; do printf 'spoilt!' 1<> "$object"; done
done
true
"""
"""Writes over the first line of each compiled package: its size, by which Go knows it again, stays the same."""
EMPTY = f"""{_POINTS}
points | while read -r point; do find "$point" -mindepth 1 -delete; done
true
"""


@dataclass(frozen=True, slots=True)
class Place:
    """Where the cache `mounts` of a stage can be seen: after line `until`, where the step on `line` has mounted them.

    `before` is where none of the steps that mount them has run yet: the number of a stage, and a line that ends there.
    """

    stage: Stage
    line: int
    until: int
    before: tuple[int, int]
    mounts: tuple[str, ...]


def places(dockerfile: Dockerfile, target: str | None = None) -> tuple[Place, ...]:
    """Return where to look for the caches that the stages mount which `target` needs.

    It is one place for each stage, after its last step with a cache. Only what another WORKDIR or variable may have
    changed until then has a place of its own.
    """
    return tuple(place for stage in needed_stages(dockerfile, target) for place in _of_stage(dockerfile, stage))


def _of_stage(dockerfile: Dockerfile, stage: Stage) -> Iterator[Place]:
    moments = [moment for moment in _moments(dockerfile, stage) if moment.caches]
    fixed = [mount.text for moment in moments for mount in moment.caches if mount.is_fixed]
    for moment in moments:
        own = [mount.text for mount in moment.caches if not mount.is_fixed]
        is_last = moment is moments[-1]
        mounts = tuple(dict.fromkeys([*fixed, *own] if is_last else own))
        if mounts:
            before = moments[0].before if is_last else moment.before
            yield Place(stage, moment.caches[-1].line, moment.until, before, mounts)


@dataclass(frozen=True, slots=True)
class _Moment:
    """Steps of a stage that no line of the text is between: one, or all triggers. The rest is as in `Place`."""

    caches: tuple[Mount, ...]
    until: int
    before: tuple[int, int]


def _moments(dockerfile: Dockerfile, stage: Stage) -> Iterator[_Moment]:
    """Yield what building the stage runs: at its FROM the triggers of the stage that it begins from, then its own."""
    if stage.base_stage is not None:
        begun = next(step.last_line for step in dockerfile.instructions if step.first_line == stage.first_line)
        base = dockerfile.stages[stage.base_stage]
        yield _Moment(_caches_of(triggers_of(dockerfile, stage)), begun, (base.index, base.last_line))
    for step in stage.instructions:
        yield _Moment(_caches_of((step,)), step.last_line, (stage.index, step.first_line - 1))


def _caches_of(steps: Sequence[Instruction]) -> tuple[Mount, ...]:
    """Return the mounts that are caches, or may be."""
    return tuple(mount for step in steps for mount in mounts_of(step) if mount.may_be_cache)


def caches_of(report: str, line: int) -> Caches:
    """Read what `LOOK` wrote; `line` is the line of the instruction after which it ran."""
    rows = [line.split("\t") for line in report.splitlines()]
    mounts = tuple(
        CacheMount(row[1], line, int(row[2]), int(row[3]), _held(rows, row[1])) for row in rows if row[0] == "mount"
    )
    return Caches(mounts, next((row[1] for row in rows if row[0] == "go"), ""))


def _held(rows: Sequence[Sequence[str]], path: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(row[2] for row in rows if row[0] == "has" and row[1] == path))
