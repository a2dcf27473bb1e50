"""The name by which the kit was called: what a message has to say so that it can be typed as it is shown."""

import os
import shlex
import shutil
import sys
from pathlib import Path

LAUNCHED_AS = "WORKSHOP_LAUNCHED_AS"
"""The variable in which the clone's launcher hands on its own name, as it was typed."""
_NAME = "workshop"
WRITTEN = f"./{_NAME}"
"""How our texts name it: they are written for those who work in the clone."""


def called(folder: Path | None = None) -> str:
    """Return `workshop` where the shell finds this very command by it, else the path as it was typed: `./workshop`.

    With `folder`, a relative path is the one that is to be typed there.
    """
    typed = os.environ.get(LAUNCHED_AS) or sys.argv[0]
    name = Path(typed).name
    if LAUNCHED_AS not in os.environ and name != _NAME:  # `python -m`
        return _NAME
    found = shutil.which(name)
    if found and _is_same(found, typed):
        return name
    if folder and not Path(typed).is_absolute():
        typed = os.path.relpath(typed, folder)
    return shlex.quote(typed if os.sep in typed else f"./{typed}")


def handed_on() -> dict[str, str]:
    """Return the variable by which a process that this one starts gives messages the same name; empty if unknown."""
    typed = os.environ.get(LAUNCHED_AS) or sys.argv[0]
    return {LAUNCHED_AS: typed} if LAUNCHED_AS in os.environ or Path(typed).name == _NAME else {}


def in_words_of(text: str, name: str) -> str:
    """Return a lesson or another text of ours with `name` in the place of `./workshop`."""
    return text.replace(WRITTEN, name)


def _is_same(one: str, other: str) -> bool:
    """Whether both are one file; a link next to it is another way to the same command."""
    try:
        return Path(one).samefile(other)
    except OSError:
        return False
