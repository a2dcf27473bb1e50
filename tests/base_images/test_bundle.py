"""A bundle holds several images in one file, is written whole, and is known by its checksum."""

import io
import json
import tarfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from grader.base_images.bundle import Bundle, BundleError, checksum_file, open_bundle, write_bundle
from grader.base_images.stand_ins.archive import Layer, image_archive, pack_layer
from grader.base_images.stand_ins.recipe import ImageConfig
from grader.errors import MachineError

Save = Callable[[str], Iterator[bytes]]


@pytest.fixture
def save(tmp_path: Path) -> Save:
    """What an engine's `save` gives: two images that share their first layer."""

    def layer(name: str) -> Layer:
        (tmp_path / name).mkdir()
        (tmp_path / name / name).write_text(name, "utf-8")
        return pack_layer(tmp_path / name, {}, name, tmp_path / f"{name}.tar", lambda: None)

    base, top = layer("base"), layer("top")
    layers = {"base:1": [base], "top:1": [base, top]}

    def saved(reference: str) -> Iterator[bytes]:
        return image_archive([reference, "another:name"], layers[reference], ImageConfig("test"), {}, "amd64")

    return saved


@pytest.fixture
def bundle(tmp_path: Path, save: Save) -> Bundle:
    """A bundle of both images."""
    write_bundle(tmp_path / "images.tar", ["base:1", "top:1"], save, lambda _: None)
    opened = open_bundle(tmp_path / "images.tar")
    assert opened is not None
    return opened


def names_in(archive: bytes) -> tuple[list[str], list[dict[str, object]]]:
    """The names in an archive, and its manifest."""
    with tarfile.open(fileobj=io.BytesIO(archive)) as tar:
        return tar.getnames(), json.loads(tar.extractfile("manifest.json").read())  # type: ignore[union-attr]


def test_a_bundle_holds_each_image_under_the_name_it_was_asked_for(bundle: Bundle) -> None:
    """The engine's other names of the same image stay at home, and a shared layer is written once."""
    assert bundle.references == ("base:1", "top:1")
    bundle.verify()
    names, _ = names_in(bundle.file.read_bytes())
    assert len([name for name in names if name.endswith("layer.tar")]) == 2


def test_only_what_is_wanted_is_taken_out(bundle: Bundle) -> None:
    """The archive that goes to the engine has one image, all its layers, and its name at the end."""
    names, manifest = names_in(b"".join(bundle.archive(["base:1"])))
    assert [entry["RepoTags"] for entry in manifest] == [["base:1"]]
    assert len([name for name in names if name.endswith("layer.tar")]) == 1
    assert names[-1] == "manifest.json"
    names, _ = names_in(b"".join(bundle.archive(["top:1"])))
    assert len([name for name in names if name.endswith("layer.tar")]) == 2


def test_a_changed_byte_is_noticed(bundle: Bundle) -> None:
    """A file that is not what was saved is refused in one line that says what to do."""
    data = bytearray(bundle.file.read_bytes())
    data[700] ^= 1
    bundle.file.write_bytes(data)
    with pytest.raises(BundleError, match="copy it again"):
        bundle.verify()


def test_a_bundle_without_its_checksum_is_refused(bundle: Bundle) -> None:
    """Both files have to be carried."""
    checksum_file(bundle.file).unlink()
    with pytest.raises(BundleError, match="copy it together"):
        bundle.verify()


@pytest.mark.parametrize("content", [b"", b"no tar at all", bytes(10240)], ids=["empty", "text", "zeros"])
def test_a_file_that_is_no_bundle_is_refused(tmp_path: Path, content: bytes) -> None:
    """Whatever it is, the answer is one line."""
    (tmp_path / "x.tar").write_bytes(content)
    with pytest.raises(BundleError, match="is no bundle of images"):
        open_bundle(tmp_path / "x.tar")


def test_no_file_is_no_bundle(tmp_path: Path) -> None:
    """Where there is none, images are sought elsewhere."""
    assert open_bundle(tmp_path / "none.tar") is None


def test_a_bundle_that_breaks_off_leaves_the_one_that_was(tmp_path: Path, save: Save, bundle: Bundle) -> None:
    """The file appears whole or not at all, and no draft stays."""
    before = bundle.file.read_bytes()
    there = sorted(path.name for path in tmp_path.iterdir())

    def breaking(reference: str) -> Iterator[bytes]:
        yield next(save(reference))
        raise MachineError("the engine went away")

    with pytest.raises(MachineError, match="went away"):
        write_bundle(bundle.file, ["base:1"], breaking, lambda _: None)
    assert bundle.file.read_bytes() == before
    assert sorted(path.name for path in tmp_path.iterdir()) == there


def test_a_place_that_cannot_be_written_is_one_line(tmp_path: Path, save: Save) -> None:
    """The message names the file."""
    with pytest.raises(MachineError, match=r"Cannot write .*images\.tar"):
        write_bundle(tmp_path / "nowhere" / "images.tar", ["base:1"], save, lambda _: None)
