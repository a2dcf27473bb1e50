"""Which commands a BusyBox program has is written into it."""

import pytest

from grader.base_images.stand_ins.applets import applets_of, with_applets

NAMES = ["[", "[[", "ar", "arch", "ash", "cat", "ls", "lsmod", "sh", "wc", "xz", "zcat"]
BEFORE, BEHIND = b"\x7fELF code \xc0\xae ", b"\0/var/log/wtmp\0ash\0"
PROGRAM = BEFORE + b"".join(name.encode() + b"\0" for name in NAMES) + BEHIND


def found(program: bytes, name: str) -> bool:
    """Look for a name as BusyBox does: from the start, until a name comes later in the order."""
    for listed in program[len(BEFORE) : -len(BEHIND)].split(b"\0"):
        if listed == name.encode():
            return True
        if listed > name.encode():
            return False
    return False


def test_its_commands_are_read_from_it() -> None:
    """In their order, and nothing that comes after them in the program."""
    assert applets_of(PROGRAM) == NAMES


@pytest.mark.parametrize("kept", [["ash", "sh"], ["ls"], ["arch", "cat", "lsmod", "wc", "zcat"], NAMES])
def test_a_hidden_command_is_not_found_and_the_others_are(kept: list[str]) -> None:
    """Nothing else in the program changes, nor does its size."""
    program = with_applets(PROGRAM, kept)
    assert [name for name in NAMES if found(program, name)] == kept
    assert len(program) == len(PROGRAM)
    assert program.startswith(BEFORE)
    assert program.endswith(BEHIND)


def test_a_name_for_whose_place_there_is_no_other_stays() -> None:
    """Only `dv` itself sorts between `du` and `dw`: without it, one of these would not be found."""
    names = ["[", "[[", "du", "dv", "dw", "zcat"]
    program = b"".join(name.encode() + b"\0" for name in names)
    assert with_applets(program, ["du", "dw", "zcat"]).count(b"dv\0") == 1


def test_another_program_is_refused() -> None:
    """One line says why, instead of a broken image."""
    with pytest.raises(ValueError, match="not a BusyBox of the usual layout"):
        applets_of(b"\x7fELF no list in here\0ash\0sh\0")
