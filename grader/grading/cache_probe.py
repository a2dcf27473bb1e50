"""Questions about the cache mounts of a submission's stages: shell scripts, where they run, what their answers mean.

Pure: `cache_mounts.py` starts the scripts, and `probe.py` runs them.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from grader.criteria.facts import CacheMount, Caches
from grader.dockerfile.model import Dockerfile, Instruction, Stage
from grader.dockerfile.mounts import Mount, mounts_of
from grader.dockerfile.stages import needed_stages
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
EMPTY = f"""{_POINTS}
points | while read -r point; do find "$point" -mindepth 1 -delete; done
true
"""


@dataclass(frozen=True, slots=True)
class Place:
    """A stage that mounts caches: the first and the last instruction that do, and all mounts of the stage."""

    stage: Stage
    first: Instruction
    last: Instruction
    mounts: tuple[str, ...]


def places(dockerfile: Dockerfile, target: str | None = None) -> tuple[Place, ...]:
    """Return the stages that mount a cache, of those that `target` needs."""
    found = []
    for stage in needed_stages(dockerfile, target):
        mounting = [step for step in stage.instructions if _caches_of(step)]
        if mounting:
            mounts = dict.fromkeys(mount.text for step in mounting for mount in _caches_of(step))
            found.append(Place(stage, mounting[0], mounting[-1], tuple(mounts)))
    return tuple(found)


def _caches_of(step: Instruction) -> list[Mount]:
    return [mount for mount in mounts_of(step) if mount.kind == "cache"]


def caches_of(report: str, line: int) -> Caches:
    """Read what `LOOK` wrote; `line` is the line of the instruction after which it ran."""
    rows = [line.split("\t") for line in report.splitlines()]
    mounts = tuple(
        CacheMount(row[1], line, int(row[2]), int(row[3]), _held(rows, row[1])) for row in rows if row[0] == "mount"
    )
    return Caches(mounts, next((row[1] for row in rows if row[0] == "go"), ""))


def _held(rows: Sequence[Sequence[str]], path: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(row[2] for row in rows if row[0] == "has" and row[1] == path))
