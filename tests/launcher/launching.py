"""A small clone around the launcher: a project with a build backend of its own, so that pip needs no network.

The programs that it may call are few and chosen; the fixtures that make clones are in `conftest.py`.
"""

import os
import shutil
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

SECONDS = 120
PYPROJECT = """\
[build-system]
requires = []
build-backend = "backend"
backend-path = ["."]

[project]
name = "small"
version = "1"
requires-python = ">=3.10"
"""
BACKEND = '''\
"""Builds an editable wheel that contains a `workshop` command, which says what it was called with."""

from pathlib import Path
from zipfile import ZipFile

COMMAND = "import sys\\n\\n\\ndef main():\\n    print('called with', *sys.argv[1:])\\n"


def build_editable(wheel_directory, config_settings=None, metadata_directory=None):
    name = "small-1-py3-none-any.whl"
    files = {
        "small.py": COMMAND,
        "small-1.dist-info/METADATA": "Metadata-Version: 2.1\\nName: small\\nVersion: 1\\n",
        "small-1.dist-info/WHEEL": "Wheel-Version: 1.0\\nRoot-Is-Purelib: true\\nTag: py3-none-any\\n",
        "small-1.dist-info/entry_points.txt": "[console_scripts]\\nworkshop = small:main\\n",
    }
    with ZipFile(Path(wheel_directory, name), "w") as wheel:
        for path, text in files.items():
            wheel.writestr(path, text)
        wheel.writestr("small-1.dist-info/RECORD", "".join(f"{path},,\\n" for path in files))
    return name
'''
PRETEND_PYTHON = """\
#!/bin/sh
# Behaves like Python, as far as the launcher asks; what it was called with is written down.
echo "$*" >>"$CALLS"
case "$*" in
  *ensurepip*) exit "${WITHOUT_VENV:-0}" ;;
  *version_info*) exit "${TOO_OLD:-0}" ;;
  *"-m venv "*)
    while [ -e "$WAITS" ]; do sleep 0.05; done
    for folder; do :; done
    mkdir -p "$folder/bin"
    cp "$0" "$folder/bin/python"
    : >"$folder/bin/workshop"
    : >"$folder/pyvenv.cfg" ;;
  *"pip install"*" -r "*|*"pip install -r"*)
    echo "$LOCK_SAYS"
    exit "${LOCK_FAILS:-0}" ;;
  *"pip install"*) exit "${RANGES_FAIL:-0}" ;;
  *bin/workshop*) shift 4; echo "launched as $WORKSHOP_LAUNCHED_AS" >>"$CALLS"; echo "called with $*" ;;
esac
"""
PRETEND_UV = """\
#!/bin/sh
echo "uv $*" >>"$CALLS"
case $1 in
  venv) for folder; do :; done; mkdir -p "$folder/bin"; cp "$PRETEND" "$folder/bin/python"; : >"$folder/bin/workshop" ;;
esac
"""
TOOLS = (
    *("sh", "cat", "cksum", "cp", "dirname", "grep", "ls", "mkdir"),
    *("mv", "printf", "readlink", "rm", "sed", "sleep", "tail"),
)


@dataclass(frozen=True)
class Clone:
    """A clone and where its launcher may look for programs."""

    root: Path
    environment: Mapping[str, str]
    calls: Path

    @property
    def venv(self) -> Path:
        """Where the launcher makes its environment."""
        return self.root / ".venv"

    def start(self, *arguments: str, script: Path | None = None, **extra: str) -> subprocess.Popen[str]:
        """Start the launcher from a folder that is not the clone."""
        return subprocess.Popen(
            [str(script or self.root / "workshop"), *arguments],
            cwd=self.root.parent,
            env={**self.environment, **extra},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )

    def run(self, *arguments: str, script: Path | None = None, **extra: str) -> subprocess.CompletedProcess[str]:
        """Run the launcher to its end."""
        with self.start(*arguments, script=script, **extra) as launched:
            out, err = launched.communicate(timeout=SECONDS)
        return subprocess.CompletedProcess(launched.args, launched.returncode, out, err)

    def called(self, words: str) -> int:
        """How often the pretended programs were called with `words`."""
        return self.calls.read_text(encoding="utf-8").count(words) if self.calls.exists() else 0


def lay_out(root: Path, repository: Path) -> Path:
    """Write a clone with the real launcher."""
    root.mkdir()
    shutil.copy(repository / "workshop", root / "workshop")
    (root / "pyproject.toml").write_text(PYPROJECT, encoding="utf-8")
    (root / "backend.py").write_text(BACKEND, encoding="utf-8")
    for name in ("requirements.lock", "requirements-dev.lock"):
        (root / name).write_text("# nothing\n", encoding="utf-8")
    return root


def program(clone: Clone, name: str) -> str:
    """Where a clone finds the program `name`."""
    return str(Path(clone.environment["PATH"]) / name)


def pretend(clone: Clone, name: str, script: str) -> None:
    """Write an executable script."""
    path = Path(program(clone, name))
    path.write_text(script, encoding="utf-8")
    path.chmod(0o755)


def link_tools(programs: Path) -> None:
    """Make a folder with the few programs that any system has."""
    programs.mkdir()
    for name in TOOLS:
        found = shutil.which(name)
        assert found, name
        (programs / name).symlink_to(found)


def outside() -> dict[str, str]:
    """This process's environment without what steers the launcher, pip or Python."""
    steering = ("WORKSHOP_", "PIP_", "PYTHON", "VIRTUAL_ENV", "UV_")
    return {name: value for name, value in os.environ.items() if not name.startswith(steering)}
