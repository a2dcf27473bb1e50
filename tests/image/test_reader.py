"""An image is read alike from every layout that engines write, and a damaged one ends in one clear line."""

import gzip
import json
import os
import struct
import sys
import tarfile
from collections.abc import Callable, Iterator
from contextlib import suppress
from io import BytesIO
from pathlib import PurePosixPath
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from grader.errors import MachineError
from grader.image import archive
from grader.image.model import ElfFacts, Kind, Match
from grader.image.reader import read_image

if sys.version_info >= (3, 14):
    from compression import zstd
else:
    from backports import zstd

Packer = Callable[[bytes], bytes]
MakeSaved = Callable[..., Any]
MakeTar = Callable[..., bytes]
InChunks = Callable[..., Iterator[bytes]]
NEEDLE = b"wk5hp0123456789"
OTHER = b"wk5hpabcdefghij"
PROGRAM = b"\x7fELF\x02\x01\x01" + bytes(11) + b"\x3e\x00" + bytes(44)


@pytest.fixture(scope="module")
def saved(make_saved: MakeSaved, make_tar: MakeTar) -> Any:
    """An image of four layers, the first of which comes again as the last."""
    first = make_tar({"./": None, "./etc/": None, "etc/passwd": b"root", f"etc/{OTHER.decode()}": b""})
    second = make_tar({"app/": None, "app/data": b"x" * 70_000 + NEEDLE + b"x" * 70_000, "app/again": "=app/data"})
    third = make_tar({"etc/.wh.passwd": b"", "app/.wh..wh..opq": b"", "app/link": ">../etc", "app/.wh..wh.plnk": b""})
    history = (
        {"created_by": "one"},
        {"created_by": "two", "comment": "buildkit.dockerfile.v0"},
        {"created_by": f"ENV a={OTHER.decode()}", "empty_layer": True},
        {"created_by": "three"},
        {"created_by": "four"},
    )
    config: dict[str, Any] = {
        "Entrypoint": ["/app/data"],
        "Cmd": None,
        "Env": ["PATH=/bin", "EMPTY="],
        "WorkingDir": "/app",
        "User": "5:6",
        "ExposedPorts": {"8080/tcp": {}},
        "Volumes": {"/data": {}},
        "Labels": {"a": "b"},
        "StopSignal": "SIGINT",
        "Healthcheck": {"Test": ["CMD", "/app/data"]},
        "Shell": ["/bin/bash", "-c"],
    }
    return make_saved((first, second, third, first), history, config)


LAYOUTS: dict[str, Callable[[Any], bytes]] = {
    "docker": lambda saved: bytes(saved.docker()),
    "podman": lambda saved: bytes(saved.podman()),
    "oci": lambda saved: bytes(saved.oci()),
    "oci without gzip": lambda saved: bytes(saved.oci(pack=bytes)),
    "oci with zstd": lambda saved: bytes(saved.oci(pack=zstd.compress)),
    "oci without Docker's manifest": lambda saved: bytes(saved.oci(manifest=False)),
    "oci without attestation": lambda saved: bytes(saved.oci(manifest=False, attested=False)),
}


@pytest.mark.parametrize("layout", LAYOUTS)
class TestEveryLayout:
    """What was put in comes out."""

    def test_entries(self, saved: Any, in_chunks: InChunks, layout: str) -> None:
        """Paths are relative to the root, whiteouts carry the name that they hide, links where they lead."""
        image = read_image(in_chunks(LAYOUTS[layout](saved)))
        seen = [
            [(entry.kind, str(entry.path), entry.size, entry.link) for entry in layer.entries] for layer in image.layers
        ]
        first = [
            (Kind.DIRECTORY, ".", 0, ""),
            (Kind.DIRECTORY, "etc", 0, ""),
            (Kind.FILE, "etc/passwd", 4, ""),
            (Kind.FILE, f"etc/{OTHER.decode()}", 0, ""),
        ]
        assert seen == [
            first,
            [
                (Kind.DIRECTORY, "app", 0, ""),
                (Kind.FILE, "app/data", 140_000 + len(NEEDLE), ""),
                (Kind.HARDLINK, "app/again", 0, "app/data"),
            ],
            [
                (Kind.WHITEOUT, "etc/passwd", 0, ""),
                (Kind.OPAQUE, "app", 0, ""),
                (Kind.SYMLINK, "app/link", 0, "../etc"),
            ],
            first,
        ]
        assert [layer.size for layer in image.layers] == [4, 140_000 + len(NEEDLE), 0, 4]
        assert image.size == 140_008 + len(NEEDLE)

    def test_history_and_layers_belong_together(self, saved: Any, in_chunks: InChunks, layout: str) -> None:
        """A line that made no layer is counted over."""
        image = read_image(in_chunks(LAYOUTS[layout](saved)))
        assert [line.layer for line in image.history] == [0, 1, None, 2, 3]
        assert [layer.created_by for layer in image.layers] == ["one", "two", "three", "four"]
        assert image.history[1].comment == "buildkit.dockerfile.v0"
        assert image.diff_ids[0] == image.diff_ids[3] != image.diff_ids[1]

    def test_config(self, saved: Any, in_chunks: InChunks, layout: str) -> None:
        """What the image says of how it runs; silence is empty."""
        config = read_image(in_chunks(LAYOUTS[layout](saved))).config
        assert (config.entrypoint, config.command) == (("/app/data",), ())
        assert config.environment == (("PATH", "/bin"), ("EMPTY", ""))
        assert (config.working_directory, config.user, config.stop_signal) == ("/app", "5:6", "SIGINT")
        assert (config.exposed_ports, config.volumes, config.labels) == (("8080/tcp",), ("/data",), (("a", "b"),))
        assert (config.healthcheck, config.shell) == (("CMD", "/app/data"), ("/bin/bash", "-c"))
        assert (config.architecture, config.os) == ("amd64", "linux")

    @pytest.mark.parametrize("size", [997, 32_768, 1 << 22])
    def test_needles_are_found_in_bytes_names_and_history(
        self, saved: Any, in_chunks: InChunks, layout: str, size: int
    ) -> None:
        """Wherever the chunks end; in each layer that contains the file."""
        image = read_image(in_chunks(LAYOUTS[layout](saved), size), (NEEDLE, OTHER, b"wk5hpnowhere"))
        name = PurePosixPath("etc") / OTHER.decode()
        assert set(image.matches) == {
            Match(OTHER, None, None),
            Match(OTHER, 0, name),
            Match(NEEDLE, 1, PurePosixPath("app/data")),
            Match(OTHER, 3, name),
        }
        assert len(image.matches) == 4

    @pytest.mark.parametrize("part", [0.0, 0.001, 0.3, 0.7, 0.93])
    def test_a_stream_cut_short_is_the_machines_fault(
        self, saved: Any, in_chunks: InChunks, layout: str, part: float
    ) -> None:
        """Wherever it was cut, nothing is concluded from what came before."""
        data = LAYOUTS[layout](saved)
        cut = data[: int(len(data.rstrip(b"\0")) * part)]
        with pytest.raises(MachineError, match=r"ends early|damaged"):
            read_image(in_chunks(cut))


@settings(deadline=None)
@given(st.data())
def test_a_damaged_stream_raises_nothing_else(saved: Any, in_chunks: InChunks, data: st.DataObject) -> None:
    """Bytes changed and the end cut off, in every layout: a reading or a MachineError, never a traceback."""
    stream = bytearray(LAYOUTS[data.draw(st.sampled_from(list(LAYOUTS)))](saved))
    for _ in range(data.draw(st.integers(1, 5))):
        stream[data.draw(st.integers(0, len(stream) - 1))] = data.draw(st.integers(0, 255))
    with suppress(MachineError):
        read_image(in_chunks(bytes(stream[: data.draw(st.integers(0, len(stream)))])), (NEEDLE,))


def test_no_name_leads_out_of_the_image(make_saved: MakeSaved, make_tar: MakeTar, in_chunks: InChunks) -> None:
    """Absolute names and `..` are taken as relative to the image's root, as the engine takes them."""
    names = ("../../etc/shadow", "/abs/olute", "a/../../b", "./x/./y//z", "..", "c/..")
    image = read_image(in_chunks(make_saved((make_tar(dict.fromkeys(names, b"")),)).docker()))
    paths = [str(entry.path) for entry in image.layers[0].entries]
    assert paths == ["etc/shadow", "abs/olute", "b", "x/y/z", ".", "."]


@pytest.mark.parametrize("pack", [gzip.compress, zstd.compress])
def test_a_bomb_is_stopped(
    make_saved: MakeSaved, make_tar: MakeTar, in_chunks: InChunks, monkeypatch: pytest.MonkeyPatch, pack: Packer
) -> None:
    """What a layer unpacks to is counted as it comes."""
    monkeypatch.setattr(archive, "UNPACKED_CAP", 3 << 20)
    bomb = make_saved((make_tar({"zeros": bytes(8 << 20)}),)).oci(pack=pack)
    with pytest.raises(MachineError, match="does not read more"):
        read_image(in_chunks(bomb))


def test_gzip_members_after_each_other_are_one_layer(
    make_saved: MakeSaved, make_tar: MakeTar, in_chunks: InChunks, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Parallel packers write many members."""
    monkeypatch.setattr(gzip, "compress", _in_two_members)
    image = read_image(in_chunks(make_saved((make_tar({"a": b"1" * 5000}),)).oci()))
    assert image.size == 5000


def _in_two_members(data: bytes, *, mtime: float) -> bytes:
    parts = []
    for part in (data[:777], data[777:]):
        buffer = _Bytes()
        with gzip.GzipFile(fileobj=buffer, mode="wb", mtime=mtime) as packer:
            packer.write(part)
        parts.append(bytes(buffer))
    return b"".join(parts)


class _Bytes(bytearray):
    """A file that keeps what is written."""

    def write(self, data: bytes) -> int:
        self.extend(data)
        return len(data)

    def flush(self) -> None:
        """Nothing is held back."""


def test_zstd_frames_after_each_other_are_one_layer(
    make_saved: MakeSaved, make_tar: MakeTar, in_chunks: InChunks
) -> None:
    """Packers that let a reader begin in the middle write many, and frames between them that are no content."""
    note = b"\x5e\x2a\x4d\x18\x03\0\0\0abc"

    def pack(data: bytes) -> bytes:
        return b"".join((note, zstd.compress(data[:777]), note, zstd.compress(data[777:]), note))

    image = read_image(in_chunks(make_saved((make_tar({"a": b"1" * 5000}),)).oci(pack=pack)))
    assert image.size == 5000


@pytest.mark.parametrize("pack", [gzip.compress, zstd.compress])
@pytest.mark.parametrize("cut", [-1, -9, 30])
def test_a_packed_layer_that_ends_early_is_damage(
    make_saved: MakeSaved, make_tar: MakeTar, in_chunks: InChunks, cut: int, pack: Packer
) -> None:
    """The archive around it is complete: half a layer is not taken for one."""
    saved = make_saved((make_tar({"a": bytes(range(256)) * 40}),))
    manifest = b'[{"Config": "c.json", "Layers": ["l"]}]'
    packed = pack(saved.layers[0])[:cut]
    with pytest.raises(MachineError, match="damaged"):
        read_image(in_chunks(make_tar({"l": packed, "c.json": saved.document, "manifest.json": manifest})))


def test_a_hard_link_to_a_program_has_its_facts(make_saved: MakeSaved, make_tar: MakeTar, in_chunks: InChunks) -> None:
    """A start command may name either."""
    image = read_image(in_chunks(make_saved((make_tar({"bin/one": PROGRAM, "bin/two": "=bin/one"}),)).docker()))
    assert [entry.elf for entry in image.layers[0].entries] == [ElfFacts("x86-64", None)] * 2


@pytest.mark.parametrize("size", [997, 1 << 22])
@pytest.mark.parametrize("at", [100, 65_530, 200_000])
def test_marks_are_found_in_programs_only(
    make_tar: Any, make_saved: Any, in_chunks: InChunks, size: int, at: int
) -> None:
    """Wherever they are; a text that speaks of a compiler is none."""
    body = b"x" * at + b"made by GCC" + b"x" * 100
    saved = make_saved((make_tar({"a": PROGRAM + body, "b": body}),))
    image = read_image(in_chunks(saved.docker(), size), (), (b"GCC", b"no"))
    assert [entry.elf and entry.elf.marks for entry in image.layers[0].entries] == [frozenset({b"GCC"}), None]


def test_what_the_kernel_permits_a_file_is_read(make_saved: Any, in_chunks: InChunks) -> None:
    """The extended attribute that setcap writes, as engines save it."""
    value = struct.pack("<5I", 0x2000001, 1 << 7, 0, 1 << 6, 0)
    header = tarfile.TarInfo("a")
    header.pax_headers = {"SCHILY.xattr.security.capability": value.decode("utf-8", "surrogateescape")}
    made = BytesIO()
    with tarfile.open(fileobj=made, mode="w", format=tarfile.PAX_FORMAT) as archive:
        archive.addfile(header)
        archive.addfile(tarfile.TarInfo("b"))
    image = read_image(in_chunks(make_saved((made.getvalue(),)).docker()))
    assert [entry.capabilities for entry in image.layers[0].entries] == [1 << 7 | 1 << 38, 0]


def test_an_absurdly_long_description_is_refused(make_saved: MakeSaved, make_tar: MakeTar, in_chunks: InChunks) -> None:
    """It would have to be held in memory."""
    config = {"Env": ["A=" + "a" * archive.TEXT_CAP]}
    with pytest.raises(MachineError, match="larger than 4 MiB"):
        read_image(in_chunks(make_saved((make_tar({"a": b""}),), (), config).docker()))


@pytest.mark.parametrize(
    "manifest",
    [b"[]", b"{}", b"[1]", b'[{"Config": 5, "Layers": []}]', b"[" * 100_000, b"[}", b"[" + b"9" * 9999 + b"]"],
)
def test_a_senseless_manifest_is_damage(make_tar: MakeTar, in_chunks: InChunks, manifest: bytes) -> None:
    """JSON of another shape, or none."""
    with pytest.raises(MachineError, match="damaged"):
        read_image(in_chunks(make_tar({"manifest.json": manifest})))


@pytest.mark.parametrize(
    "document", [b"{}", b'{"rootfs": 1, "config": [], "history": {"a": 1}}', b'{"history": [1, {}]}']
)
def test_a_config_that_is_silent_counts_as_empty(make_tar: MakeTar, in_chunks: InChunks, document: bytes) -> None:
    """An image may have no layer and nothing to say."""
    files = {"c.json": document, "manifest.json": b'[{"Config": "c.json", "Layers": null}]'}
    image = read_image(in_chunks(make_tar(files)))
    assert (image.layers, image.config.entrypoint, image.size) == ((), (), 0)
    assert all(line.layer is None for line in image.history)


def test_layers_and_diff_ids_must_be_as_many(make_saved: MakeSaved, make_tar: MakeTar, in_chunks: InChunks) -> None:
    """Otherwise no layer can be distinguished from another."""
    files = {
        "l": make_tar({"a": b""}),
        "c.json": make_saved(()).document,
        "manifest.json": b'[{"Config": "c.json", "Layers": ["l"]}]',
    }
    with pytest.raises(MachineError, match="damaged"):
        read_image(in_chunks(make_tar(files)))


def test_links_in_a_circle_end(make_tar: MakeTar, in_chunks: InChunks) -> None:
    """A layer that is only a link to itself is not there."""
    files = {"c.json": b'{"rootfs": {"diff_ids": ["sha256:1"]}}', "l": ">l"}
    files |= {"manifest.json": b'[{"Config": "c.json", "Layers": ["l"]}]'}
    with pytest.raises(MachineError):
        read_image(in_chunks(make_tar(files)))


def test_of_an_index_the_image_that_was_saved_is_taken(
    make_saved: MakeSaved, make_tar: MakeTar, in_chunks: InChunks
) -> None:
    """An index may name other platforms whose blobs were not saved."""
    config = make_saved((make_tar({"a": b"12"}),)).document
    named = [{"digest": f"sha256:{name}"} for name in ("no", "part", "lacking", "here")]
    lacking = b'{"config": {"digest": "sha256:config"}, "layers": [{"digest": "sha256:gone"}]}'
    files = {
        "blobs/sha256/lacking": lacking,
        "blobs/sha256/layer": make_tar({"a": b"12"}),
        "blobs/sha256/config": config,
        "blobs/sha256/here": b'{"config": {"digest": "sha256:config"}, "layers": [{"digest": "sha256:layer"}]}',
        "blobs/sha256/part": b'{"config": {"digest": "sha256:gone"}, "layers": [{"digest": "sha256:gone2"}]}',
        "index.json": json.dumps({"manifests": named}).encode(),
    }
    assert read_image(in_chunks(make_tar(files))).size == 2


def test_what_is_packed_in_a_file_belongs_to_the_file(make_saved: MakeSaved, make_tar: MakeTar) -> None:
    """Needles and packages; small archives and those that come in pieces. A plain package.json counts as well."""
    noise = os.urandom(90_000)
    manifest = b'{"name": "@shop/bundler"}'
    small = gzip.compress(make_tar({"package/package.json": manifest, "package/a.js": NEEDLE}))
    large = make_tar({"noise": noise, "inner.tgz": small})
    layer = make_tar({"a.bin": small, "b/c": gzip.compress(large), "d/package.json": manifest, "e": b"none"})
    image = read_image(iter([bytes(make_saved((layer,), ({"created_by": "one"},), {}).docker())]), (NEEDLE, OTHER))
    assert {(match.needle, str(match.path)) for match in image.matches} == {(NEEDLE, "a.bin"), (NEEDLE, "b/c")}
    assert {(package.name, str(package.path)) for package in image.packages} == {
        ("@shop/bundler", path) for path in ("a.bin", "b/c", "d/package.json")
    }


def test_larger_files_have_a_checksum(make_saved: MakeSaved, make_tar: MakeTar, in_chunks: InChunks) -> None:
    """The same for the same bytes, however they arrive."""
    layer = make_tar({"a": b"x" * 200_000, "b": b"y" * 200_000, "c": b"x" * 200_000, "d": b"x" * 100})
    saved = bytes(make_saved((layer,), ({"created_by": "one"},), {}).docker())
    sums = read_image(in_chunks(saved)).layers[0].checksums
    assert sorted(sums) == [0, 1, 2]
    assert sums[0] == sums[2] != sums[1]
