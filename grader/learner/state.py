"""Small JSON files that the kit keeps in a workspace's `.workshop/`: read without fuss, written whole or not at all.

What stands in them belongs to the modules beside this one. A damaged or unwritable file costs what was remembered,
never the command.
"""

import json
import os
from contextlib import suppress
from pathlib import Path

from grader.exercise.workspace import STATE


def read_state(workspace: Path, name: str) -> dict[str, object]:
    """Return what is kept under `name`; empty where there is nothing or nothing readable."""
    with suppress(OSError, ValueError):
        kept = json.loads((workspace / STATE / name).read_text(encoding="utf-8"))
        if isinstance(kept, dict):
            return kept
    return {}


def write_state(workspace: Path, name: str, kept: dict[str, object]) -> None:
    """Keep `kept` under `name`; a workspace that cannot be written is fine."""
    with suppress(OSError):
        folder = workspace / STATE
        folder.mkdir(exist_ok=True)
        draft = folder / f"{name}.{os.getpid()}"
        draft.write_text(json.dumps(kept, indent=2) + "\n", encoding="utf-8")
        draft.replace(folder / name)
