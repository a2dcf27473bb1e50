"""ELF facts come from the bytes, wherever in the file they are and however they are cut."""

import struct

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from grader.image.elf import ElfProbe
from grader.image.model import ElfFacts

LOADER = b"/lib64/ld-linux-x86-64.so.2\0"


def program(
    *, machine: int = 62, loader_at: int = 200, table_at: int = 64, order: str = "<", wide: bool = True, size: int = 400
) -> bytes:
    """Make a program's file with a PT_LOAD and a PT_INTERP."""
    word = "Q" if wide else "I"
    head = b"\x7fELF" + bytes([2 if wide else 1, 1 if order == "<" else 2, 1]) + bytes(9)
    entry = 56 if wide else 32
    head += struct.pack(f"{order}HHI{word}{word}{word}IHHHHHH", 3, machine, 1, 0, table_at, 0, 0, 64, entry, 2, 0, 0, 0)
    table = b""
    for kind, start, length in ((1, 0, 10), (3, loader_at, len(LOADER))):
        if wide:
            table += struct.pack(f"{order}IIQQQQQQ", kind, 4, start, 0, 0, length, length, 1)
        else:
            table += struct.pack(f"{order}IIIIIIII", kind, start, 0, 0, length, length, 4, 1)
    data = bytearray(max(size, loader_at + len(LOADER), table_at + len(table)))
    data[: len(head)] = head
    data[table_at : table_at + len(table)] = table
    data[loader_at : loader_at + len(LOADER)] = LOADER
    return bytes(data)


def facts(data: bytes, size: int) -> ElfFacts | None:
    """Feed the file in pieces of `size` and return what was found."""
    probe = ElfProbe()
    for at in range(0, len(data), size):
        probe.feed(data[at : at + size])
    return probe.facts


@pytest.mark.parametrize("size", [1, 63, 64, 65_536, 1 << 20])
@pytest.mark.parametrize("loader_at", [200, 65_530, 300_000])
def test_the_loader_is_found_wherever_it_lies(loader_at: int, size: int) -> None:
    """Linkers put it first, patchers last."""
    assert facts(program(loader_at=loader_at), size) == ElfFacts("x86-64", LOADER[:-1].decode())


def test_a_table_far_behind_is_read_too() -> None:
    """The header says where the program headers are."""
    assert facts(program(table_at=100_000, loader_at=200_000), 32_768) == ElfFacts("x86-64", LOADER[:-1].decode())


def test_a_loader_that_has_passed_before_it_was_asked_for_is_not_made_up() -> None:
    """A stream cannot be rewound: the machine is named, the loader is not."""
    data = program(loader_at=190_000, table_at=200_000, size=290_000) + b"other text" * 1000
    assert facts(data, 100_000) == ElfFacts("x86-64", None)


@pytest.mark.parametrize(
    ("machine", "order", "wide", "name"),
    [(183, "<", True, "aarch64"), (3, "<", False, "i386"), (22, ">", True, "s390x"), (9999, "<", True, "machine 9999")],
)
def test_the_machine_is_named(machine: int, order: str, name: str, *, wide: bool) -> None:
    """Both classes, both byte orders."""
    found = facts(program(machine=machine, order=order, wide=wide), 512)
    assert found == ElfFacts(name, LOADER[:-1].decode())


def test_a_static_program_has_no_loader() -> None:
    """No PT_INTERP, no name."""
    data = bytearray(program())
    data[64 + 56] = 1
    assert facts(bytes(data), 512) == ElfFacts("x86-64", None)


@settings(deadline=None)
@given(st.data())
def test_a_damaged_file_raises_nothing(data: st.DataObject) -> None:
    """Any byte may be another, and the file may be cut."""
    file = bytearray(program())
    for _ in range(data.draw(st.integers(1, 6))):
        file[data.draw(st.integers(4, 250))] = data.draw(st.integers(0, 255))
    facts(bytes(file[: data.draw(st.integers(0, len(file)))]), data.draw(st.sampled_from([7, 64, 512])))
