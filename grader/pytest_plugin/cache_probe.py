"""Writes Dockerfiles that look into the cache mounts of a submission's stages, and reads their reports. Pure.

A cache mount is in no image: the way in is one more step behind those that mount it, in a file that is the submission's
up to there. The submission's text says where to look, and decides nothing.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass

from grader.criteria.facts import CacheMount, Caches
from grader.dockerfile.model import Dockerfile, Instruction, Stage
from grader.dockerfile.mounts import Mount, mounts_of
from grader.dockerfile.stages import needed_stages

REPORT = "/report"
_FOLDER = "/workshop-caches"
_MARK = ".workshop-mark"
"""Left in a mount, to tell what is written after it."""
_POINTS = f"""
mkdir {_FOLDER} && exec > {_FOLDER}{REPORT} || exit
points() {{
  while read -r _ _ _ _ point _; do
    case $point in
      / | /proc | /proc/* | /sys | /sys/* | /dev | /dev/* | /etc/hosts | /etc/hostname | /etc/resolv.conf) ;;
      *) printf '%s\\n' "$point" ;;
    esac
  done < /proc/self/mountinfo
}}
"""
"""What is mounted in the step, as the kernel says: in the text it may be a variable, or relative to WORKDIR."""
MARK = f"""{_POINTS}
points | while read -r point; do touch "$point/{_MARK}"; done
"""
LOOK = f"""{_POINTS}
printf 'go\\t%s\\n' "$(go env GOCACHE 2> /dev/null)"
points | while read -r point; do
  entries=$(find "$point" -type f -name '*-a' | wc -l)
  fresh=$entries
  if [ -f "$point/{_MARK}" ]; then
    fresh=$(find "$point" -type f -name '*-a' -newer "$point/{_MARK}" | wc -l)
  fi
  printf 'mount\\t%s\\t%d\\t%d\\n' "$point" "$entries" "$fresh"
  for text in "$@"; do
    grep -rlF -e "$text" "$point" 2> /dev/null | while read -r file; do
      if [ "$(head -c 7 "$file")" = '!<arch>' ]; then printf 'holds\\t%s\\t%s\\n' "$point" "$text"; fi
    done
  done
done
"""
"""Lists each mount and which of the arguments stand in its compiled packages: archives, that begin with 7 characters.

Go's build cache has a file `...-a` for each action that it has done, written anew when that is done again.
"""
EMPTY = f"""{_POINTS}
points | while read -r point; do
  find "$point" -mindepth 1 ! -type d ! -name '*-[ad]' -exec rm -f {{}} +
  find "$point" -mindepth 1 -depth -type d -exec rmdir {{}} + 2> /dev/null
done
true
"""
"""Takes out all but what Go's build cache consists of: that Go makes anew by itself, which would only cost time."""
FORGET = f"""{_POINTS}
points | while read -r point; do find "$point" -mindepth 1 -delete; done
"""


@dataclass(frozen=True, slots=True)
class Probe:
    """A place to look from: behind the last step of a stage that mounts caches, with all that the stage mounts."""

    stage: Stage
    after: Instruction
    mounts: tuple[str, ...]


def probes(dockerfile: Dockerfile, target: str | None = None) -> tuple[Probe, ...]:
    """Return where to look from: one place in each stage that mounts a cache and that `target` needs."""
    found = []
    for stage in needed_stages(dockerfile, target):
        mounting = [step for step in stage.instructions if _caches_of(step)]
        if mounting:
            mounts = dict.fromkeys(mount.text for step in mounting for mount in _caches_of(step))
            found.append(Probe(stage, mounting[-1], tuple(mounts)))
    return tuple(found)


def _caches_of(step: Instruction) -> list[Mount]:
    return [mount for mount in mounts_of(step) if mount.kind == "cache"]


def probing(text: str, probe: Probe, script: str, arguments: Sequence[str] = ()) -> str:
    """Return the Dockerfile `text` up to where to look from, with a step that runs `script`, and its report shipped."""
    until = text.split("\n")[: probe.after.last_line]
    mounts = " ".join(f"--mount={mount}" for mount in probe.mounts)
    command = json.dumps(["sh", "-c", script, "sh", *arguments])
    steps = ["USER 0", f"RUN {mounts} {command}", "FROM scratch", f"COPY --from={probe.stage.index} {_FOLDER} /"]
    return "\n".join([*until, *steps]) + "\n"


def caches_of(report: str, line: int) -> Caches:
    """Read what `LOOK` wrote; `line` is that of the instruction behind which it looked."""
    rows = [line.split("\t") for line in report.splitlines()]
    mounts = tuple(
        CacheMount(row[1], line, int(row[2]), int(row[3]), _held(rows, row[1])) for row in rows if row[0] == "mount"
    )
    return Caches(mounts, next((row[1] for row in rows if row[0] == "go"), ""))


def _held(rows: Sequence[Sequence[str]], path: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(row[2] for row in rows if row[0] == "holds" and row[1] == path))
