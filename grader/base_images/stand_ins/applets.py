"""Says which commands a BusyBox program has, where Debian's build is not like the builds in real images. Pure.

Debian's static BusyBox runs its own commands without looking in PATH, and has a few that the real images lack.
BusyBox finds a command in one sorted list of names that the program contains. A name that nobody can type hides its
command. The list keeps its order and its size, so that all other names are still found.
"""

import re
from collections.abc import Collection

_NAMES = re.compile(rb"\[\0\[\[\0(?:[\w.+-]+\0){2,500}?zcat\0(?:zcip\0)?")
_UNTYPABLE = (b"\x01", b"\xff")
"""How a hidden name may end: the one sorts before all others, the other behind them."""


def applets_of(program: bytes) -> list[str]:
    """Return the names of all commands in `program`, in its own order.

    Raises:
        ValueError: it is not a BusyBox of the usual layout.

    """
    return [name.decode("ascii") for name in _list_of(program)[1]]


def with_applets(program: bytes, kept: Collection[str]) -> bytes:
    """Return `program` with only the commands `kept`, and those few whose place in the order hides no other name.

    Raises:
        ValueError: it is not a BusyBox of the usual layout.

    """
    start, names = _list_of(program)
    stay = [name.decode("ascii") in kept for name in names]
    below, written = b"", b""
    for index, name in enumerate(names):
        above = next((later for later, stays in zip(names[index:], stay[index:], strict=True) if stays), b"\xff\xff")
        hidden = (name[:-1] + end for end in _UNTYPABLE)
        written += (name if stay[index] else next((text for text in hidden if below < text < above), name)) + b"\0"
        below = name if stay[index] else below
    return program[:start] + written + program[start + len(written) :]


def _list_of(program: bytes) -> tuple[int, list[bytes]]:
    """Return where the list of names begins, and the names."""
    match = _NAMES.search(program)
    if match is None:
        raise ValueError("the program is not a BusyBox of the usual layout")
    return match.start(), match[0].split(b"\0")[:-1]
