"""Libraries out of a wheel get their own names back, and relocations that every musl applies."""

import struct
from pathlib import Path

import pytest

from grader.base_images.stand_ins.node_libraries import own_names, rename_inside, unpack_relocations

BASE = 0x1000
"""Where the only segment of these tests' libraries is loaded; it begins with the file."""
X86_64, AARCH64 = 62, 183
WORDS, TABLE, PACKED, DYNAMIC = 0x100, 0x800, 0x900, 0xA00


def library(packed: tuple[int, ...], machine: int = X86_64, *, spare: int = 0) -> bytes:
    """An ELF library of 0xB00 bytes: words that contain their own place, one plain relocation, packed ones."""
    content = bytearray(0xB00)
    struct.pack_into("<4s14xH12xQ14xHH", content, 0, b"\x7fELF", machine, 64, 56, 2)
    struct.pack_into("<IIQQQQQQ", content, 64, 1, 6, 0, BASE, BASE, 0xB00, 0xB00, 0x1000)
    struct.pack_into("<IIQQQQQQ", content, 120, 2, 6, DYNAMIC, BASE + DYNAMIC, 0, 0x80, 0x80, 8)
    for at in range(WORDS, TABLE, 8):
        struct.pack_into("<Q", content, at, at)
    struct.pack_into("<QQq", content, TABLE, BASE + 0xF8, 6, 0)
    struct.pack_into(f"<{len(packed)}Q", content, PACKED, *packed)
    entries = [(7, BASE + TABLE), (8, 24), (9, 24)]
    if packed:
        entries += [(36, BASE + PACKED), (35, 8 * len(packed)), (37, 8)]
    for place, entry in enumerate(entries):
        struct.pack_into("<QQ", content, DYNAMIC + 16 * place, *entry)
    return bytes(content) + bytes(spare)


def relocations(content: bytes) -> list[tuple[int, int, int]]:
    """What a loader that knows plain relocations alone would apply: place, kind, value; placed as it maps the file."""
    values = dict(struct.iter_unpack("<QQ", content[DYNAMIC : DYNAMIC + 0x60]))
    in_file, in_memory = struct.unpack_from("<QQ", content, 64 + 32)
    table = values[7] - BASE
    assert in_file == in_memory == len(content) >= table + values[8]
    assert values.get(35, 0) == 0, "a loader that knows packed relocations would apply them a second time"
    return list(struct.iter_unpack("<QQq", content[table : table + values[8]]))


@pytest.mark.parametrize(
    ("grafted", "names"),
    [
        ("libstdc++-5d72f927.so.6.0.33", ("libstdc++.so.6.0.33", "libstdc++.so.6")),
        ("libgcc_s-0cd532bd.so.1", ("libgcc_s.so.1", "libgcc_s.so.1")),
        ("libatomic-00000000.so", ("libatomic.so", "libatomic.so")),
    ],
)
def test_a_library_gets_its_own_names_back(grafted: str, names: tuple[str, str]) -> None:
    """The hash goes; the soname ends with the first number."""
    assert own_names(grafted) == names


def test_a_name_without_a_hash_is_refused() -> None:
    """What is not from a wheel is not guessed at."""
    with pytest.raises(ValueError, match="does not have the name of a wheel"):
        own_names("libstdc++.so.6")


def test_names_are_replaced_in_place_wherever_they_stand(tmp_path: Path) -> None:
    """Every complete string is replaced and filled with zeros, so that nothing in the file moves."""
    file = tmp_path / "node"
    file.write_bytes(b"\0long-name.so.6\0and\0long-name.so.6\0long-name.so.60\0")
    rename_inside(file, {"long-name.so.6": "own.so"})
    assert file.read_bytes() == b"\0own.so" + bytes(9) + b"and\0own.so" + bytes(9) + b"long-name.so.60\0"


def test_a_longer_name_is_refused(tmp_path: Path) -> None:
    """It would run over what comes next."""
    file = tmp_path / "node"
    file.write_bytes(b"a.so\0")
    with pytest.raises(ValueError, match=r"longer\.so is longer than a\.so"):
        rename_inside(file, {"a.so": "longer.so"})
    assert file.read_bytes() == b"a.so\0"


@pytest.mark.parametrize(("machine", "kind"), [(X86_64, 8), (AARCH64, 1027)])
def test_packed_relocations_are_written_out(tmp_path: Path, machine: int, kind: int) -> None:
    """An address stands for itself; a bitmap for the words after it, sixty-three to a bitmap."""
    file = tmp_path / "library.so"
    file.write_bytes(library((BASE + WORDS, 0b1011, 1 << 63 | 1, BASE + 0x700), machine))
    unpack_relocations(file)
    places = [WORDS, WORDS + 8, WORDS + 24, WORDS + 8 + 63 * 8 + 62 * 8, 0x700]
    assert relocations(file.read_bytes()) == [(BASE + 0xF8, 6, 0), *((BASE + place, kind, place) for place in places)]


def test_a_library_without_packed_relocations_stays_as_it_is(tmp_path: Path) -> None:
    """There is nothing to do."""
    file = tmp_path / "library.so"
    file.write_bytes(library(()))
    unpack_relocations(file)
    assert file.read_bytes() == library(())


def test_a_library_that_goes_on_behind_its_last_segment_is_refused(tmp_path: Path) -> None:
    """The segment could not be made longer without loading what is there."""
    file = tmp_path / "library.so"
    file.write_bytes(library((BASE + WORDS,), spare=8))
    with pytest.raises(ValueError, match=r"last segment of library\.so"):
        unpack_relocations(file)
