"""The first time on a machine, in parts: environment, engine, base images, first grade, second grade. Prints one table.

Takes a fresh clone, a private engine with no images, and empty caches, all in a folder that is removed at the end.
The distribution's engine package is part of it only where it is not installed yet. Needs Linux and root.
"""

import os
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
STARTER = "solutions/02-go-multi-stage/starter"
PARTS = (
    ("the environment", ("--version",), 0),
    ("an engine", ("engine", "up"), 0),
    ("base images of exercise 02", ("images", "prepare", "02"), 0),
    ("the first grade (the starter)", ("check", "02", "--submission", STARTER, "--quiet"), 1),
    ("the same again", ("check", "02", "--submission", STARTER, "--quiet"), 1),
)


def main() -> None:
    """Run the parts in order and print what each took."""
    folder = Path(tempfile.mkdtemp(prefix="wk-"))
    clone = folder / "clone"
    environment = {name: value for name, value in os.environ.items() if name not in ("DOCKER_HOST", "WORKSHOP_ENGINE")}
    environment |= {"WORKSHOP_HOME": str(folder / "engine"), "XDG_CACHE_HOME": str(folder / "cache")}
    environment["WORKSHOP_VENV"] = str(folder / "venv")
    environment["WORKSHOP_ENGINE"] = f"unix://{folder / 'engine' / 'engine-run' / 'docker.sock'}"
    try:
        subprocess.run(["git", "clone", "-q", str(ROOT), str(clone)], check=True)
        print("| the first time | seconds |")
        print("|---|---|")
        for name, arguments, code in PARTS:
            begun = time.monotonic()
            command = [clone / "workshop", *arguments]
            done = subprocess.run(command, cwd=clone, env=environment, capture_output=True, check=False)
            if done.returncode != code:
                sys.exit(f"{name}: {done.stderr.decode()[-2000:]}")
            print(f"| {name} | {time.monotonic() - begun:.1f} |", flush=True)
    finally:
        subprocess.run(
            [clone / "workshop", "engine", "down", "--purge"], env=environment, capture_output=True, check=False
        )
        shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    main()
