"""Our tar reader sees what Python's sees, and whatever it is given it raises only a MachineError."""

import io
import struct
import tarfile
from collections.abc import Callable, Iterator
from contextlib import suppress

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from grader.errors import MachineError
from grader.image.stream import Stream
from grader.image.tar import members

InChunks = Callable[..., Iterator[bytes]]
Seen = list[tuple[bytes, bytes, bytes, int, int, int, int]]
NAMES = st.text(st.characters(codec="utf-8", exclude_characters="\0"), min_size=1, max_size=300).filter(
    lambda name: name.rstrip("/") == name
)
ENTRIES = st.lists(
    st.tuples(
        NAMES,
        st.sampled_from([tarfile.REGTYPE, tarfile.DIRTYPE, tarfile.SYMTYPE, tarfile.LNKTYPE, tarfile.CHRTYPE]),
        NAMES,
        st.integers(0, 0o7777),
        st.integers(0, 2**32 - 1),
        st.binary(max_size=1300),
    ),
    max_size=6,
)


def ours(data: bytes, size: int, in_chunks: InChunks) -> Seen:
    """List what our reader sees."""
    stream = Stream(in_chunks(data, size), "ends early")
    return [
        (member.path.rstrip(b"/"), member.type, member.link, member.mode, member.uid, member.gid, member.size)
        for member in members(stream)
    ]


def theirs(data: bytes) -> Seen:
    """List what Python's reader sees."""
    with tarfile.open(fileobj=io.BytesIO(data), mode="r:") as archive:
        return [
            (
                member.name.encode("utf-8", "surrogateescape").rstrip(b"/"),
                member.type,
                member.linkname.encode("utf-8", "surrogateescape"),
                member.mode,
                member.uid,
                member.gid,
                member.size,
            )
            for member in archive
        ]


def written(entries: list[tuple[str, bytes, str, int, int, bytes]], form: int) -> bytes:
    """Write the entries with Python's writer."""
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w", format=form) as archive:
        for name, kind, link, mode, owner, content in entries:
            member = tarfile.TarInfo(name)
            member.type, member.mode, member.uid, member.gid = kind, mode, owner, owner // 2
            if kind in (tarfile.SYMTYPE, tarfile.LNKTYPE):
                member.linkname = link
            if kind == tarfile.REGTYPE:
                member.size = len(content)
            archive.addfile(member, io.BytesIO(content) if kind == tarfile.REGTYPE else None)
    return buffer.getvalue()


@settings(deadline=None)
@given(ENTRIES, st.sampled_from([tarfile.GNU_FORMAT, tarfile.PAX_FORMAT]), st.sampled_from([1, 100, 512, 700, 1 << 20]))
def test_any_archive_is_read_as_python_reads_it(
    in_chunks: InChunks, entries: list[tuple[str, bytes, str, int, int, bytes]], form: int, size: int
) -> None:
    """Long names, names beyond ASCII, owners beyond octal: pax and GNU records, whatever the chunks are."""
    data = written(entries, form)
    assert ours(data, size, in_chunks) == theirs(data)


@settings(deadline=None)
@given(st.text("ab/", min_size=101, max_size=250))
def test_a_long_ustar_name_is_put_together(in_chunks: InChunks, name: str) -> None:
    """The prefix field contains what comes before the last hundred characters."""
    try:
        data = written([(name, tarfile.REGTYPE, "", 0o644, 0, b"x")], tarfile.USTAR_FORMAT)
    except ValueError:
        return  # no place to cut it: Python refuses to write it
    assert ours(data, 512, in_chunks) == theirs(data)


@settings(deadline=None)
@given(ENTRIES, st.data())
def test_a_damaged_archive_raises_nothing_else(
    in_chunks: InChunks, entries: list[tuple[str, bytes, str, int, int, bytes]], data: st.DataObject
) -> None:
    """Any byte may be another, and the end may be missing: a MachineError or a reading, never a traceback."""
    archive = bytearray(written(entries, tarfile.PAX_FORMAT))
    for _ in range(data.draw(st.integers(1, 8))):
        archive[data.draw(st.integers(0, len(archive) - 1))] = data.draw(st.integers(0, 255))
    with suppress(MachineError):
        ours(bytes(archive[: data.draw(st.integers(0, len(archive)))]), 512, in_chunks)


@settings(deadline=None)
@given(st.binary(max_size=2000))
def test_bytes_that_are_no_archive_raise_nothing_else(in_chunks: InChunks, data: bytes) -> None:
    """A blob may contain anything."""
    with suppress(MachineError):
        ours(data, 512, in_chunks)


def sparse_archive() -> bytes:
    """Make an archive of GNU's old sparse format, with one block more for the map, and a file after it."""
    header = tarfile.TarInfo("sparse").tobuf(tarfile.GNU_FORMAT)
    block = bytearray(header[:512])
    block[156:157] = b"S"
    block[124:136] = b"%011o\0" % 4
    for slot in range(4):
        block[386 + 24 * slot : 410 + 24 * slot] = b"%011o\0%011o\0" % (1000 * slot, 1)
    block[482] = 1
    block[483:495] = b"%011o\0" % 9000
    block[148:156] = b" " * 8
    block[148:156] = b"%06o\0 " % sum(block)
    more = struct.pack("504sB7s", b"%011o\0%011o\0" % (9000, 0), 0, b"")
    return bytes(block) + more + b"data".ljust(512, b"\0") + written([("next", tarfile.REGTYPE, "", 0, 0, b"x")], 1)


def test_a_sparse_file_has_its_true_size_and_its_map_is_passed_over(in_chunks: InChunks) -> None:
    """The oracle agrees, and what comes after it is found."""
    data = sparse_archive()
    assert ours(data, 512, in_chunks) == theirs(data)
    assert [entry[6] for entry in theirs(data)] == [9000, 1]


def test_a_pax_sparse_file_has_its_true_size(in_chunks: InChunks) -> None:
    """Version 1.0 keeps name and size in pax records."""
    member = tarfile.TarInfo("GNUSparseFile.0/big")
    content = b"1\n0\n4\n".ljust(512, b"\0") + b"data"
    member.size = len(content)
    member.pax_headers = {
        "GNU.sparse.major": "1",
        "GNU.sparse.minor": "0",
        "GNU.sparse.name": "big",
        "GNU.sparse.realsize": "70000",
    }
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w", format=tarfile.PAX_FORMAT) as archive:
        archive.addfile(member, io.BytesIO(content))
    seen = ours(buffer.getvalue(), 512, in_chunks)
    assert [(entry[0], entry[6]) for entry in seen] == [(b"big", 70000)]


@pytest.mark.parametrize("key", ["size", "uid"])
def test_an_absurd_number_in_a_pax_record_is_damage(in_chunks: InChunks, key: str) -> None:
    """Forty digits are no size."""
    member = tarfile.TarInfo("a")
    member.pax_headers = {key: "9" * 40}
    with pytest.raises(MachineError, match="damaged"):
        ours(member.tobuf(tarfile.PAX_FORMAT), 512, in_chunks)


def test_a_size_beyond_the_stream_is_an_early_end(in_chunks: InChunks) -> None:
    """The header promises more than there is."""
    member = tarfile.TarInfo("a")
    member.size = 10**15
    with pytest.raises(MachineError, match="ends early"):
        ours(member.tobuf(tarfile.GNU_FORMAT), 512, in_chunks)


def test_a_header_without_its_magic_is_damage(in_chunks: InChunks) -> None:
    """Every engine writes it; what lacks it is something else, or out of step."""
    header = bytearray(tarfile.TarInfo("a").tobuf(tarfile.GNU_FORMAT))
    header[257:262] = b"other"
    with pytest.raises(MachineError, match="damaged"):
        ours(bytes(header), 512, in_chunks)
