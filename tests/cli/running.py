"""Runs the command line as people do: in a process of its own, with its output and exit code looked at."""

import json
import os
import subprocess
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

DEADLINE = 300
ARGUMENTS = (sys.executable, "-m", "grader.cli.main")


@dataclass(frozen=True)
class Ran:
    """How a command ended: its exit code and what it wrote."""

    code: int
    out: str
    err: str

    @property
    def verdict(self) -> dict[str, Any]:
        """Standard output as JSON, which `--format json` writes and nothing else."""
        verdict: dict[str, Any] = json.loads(self.out)
        return verdict

    @property
    def failed(self) -> set[str]:
        """The ids of the criteria that failed."""
        return {result["id"] for result in self.verdict["criteria"] if result["status"] == "failed"}

    def criterion(self, identity: str) -> dict[str, Any]:
        """One criterion's part of the verdict."""
        found: dict[str, Any] = next(result for result in self.verdict["criteria"] if result["id"] == identity)
        return found


Workshop = Callable[..., Ran]


def environment(more: Mapping[str, str] | None = None) -> dict[str, str]:
    """What a command sees: this process' environment without what would change its output."""
    changing = ("FORCE_COLOR", "NO_COLOR", "COLUMNS", "WORKSHOP_LAUNCHED_AS")
    kept = {name: value for name, value in os.environ.items() if name not in changing}
    return {**kept, **(more or {})}


def run_workshop(*arguments: str | Path, cwd: Path, env: Mapping[str, str] | None = None) -> Ran:
    """Run `workshop ARGUMENTS` in `cwd` to its end."""
    done = subprocess.run(
        [*ARGUMENTS, *map(str, arguments)],
        cwd=cwd,
        env=environment(env),
        stdin=subprocess.DEVNULL,
        capture_output=True,
        check=False,
        timeout=DEADLINE,
    )
    return Ran(done.returncode, done.stdout.decode(), done.stderr.decode())
