"""Runs a notebook with nbval in a process of its own, comparing each output with the one that the file keeps."""

import os
import re
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

SANITIZE = Path(__file__).with_name("sanitize.cfg")
CELL_SECONDS = 900
_ESCAPES = re.compile(r"\x1b\[[0-9;]*m")


@dataclass(frozen=True)
class Ran:
    """Whether every cell gave what the file keeps, and what nbval said."""

    matched: bool
    said: str


def run_notebook(notebook: Path, scratch: Path) -> Ran:
    """Run all cells of a notebook; `scratch` is for what Jupyter leaves behind."""
    arguments = [
        sys.executable, "-m", "pytest", "--nbval", "--nbval-current-env",
        "--nbval-sanitize-with", str(SANITIZE), f"--nbval-cell-timeout={CELL_SECONDS}",
        "-c", os.devnull, "--rootdir", str(notebook.parent), "-p", "no:cacheprovider", "--quiet", str(notebook),
    ]  # fmt: skip
    environment = {name: value for name, value in os.environ.items() if not name.startswith("PYTEST_")}
    environment |= {"IPYTHONDIR": str(scratch / "ipython"), "JUPYTER_CONFIG_DIR": str(scratch / "jupyter")}
    done = subprocess.run(
        arguments,
        env=environment,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        errors="replace",
        check=False,
    )
    return Ran(done.returncode == 0, _ESCAPES.sub("", done.stdout + done.stderr))
