"""A bundle contains several images in one file, is written completely, and is known by its checksum."""

import io
import json
import tarfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from grader.base_images.bundle import Bundle, BundleError, checksum_file, open_bundle
from grader.base_images.bundle_writing import draft_file, write_bundle
from grader.base_images.stand_ins.archive import PackedLayer, image_archive, pack_layer
from grader.base_images.stand_ins.recipe import StandInConfig
from grader.errors import MachineError

Save = Callable[[str], Iterator[bytes]]
BASE, TOP = {"base:1": "sha256:base"}, {"top:1": "sha256:top"}


def quietly(reference: str, done: int) -> None:
    """Tell nothing."""


def read(file: Path) -> Bundle:
    """Open a bundle that must be there."""
    opened = open_bundle(file)
    assert opened is not None
    return opened


@pytest.fixture
def save(tmp_path: Path) -> Save:
    """What an engine's `save` gives: two images that share their first layer."""

    def layer(name: str) -> PackedLayer:
        (tmp_path / name).mkdir()
        (tmp_path / name / name).write_text(name, "utf-8")
        return pack_layer(tmp_path / name, {}, name, tmp_path / f"{name}.tar", lambda: None)

    base, top = layer("base"), layer("top")
    layers = {"base:1": [base], "top:1": [base, top]}

    def saved(reference: str) -> Iterator[bytes]:
        return image_archive([reference, "another:name"], layers[reference], StandInConfig("test"), {}, "amd64")

    return saved


@pytest.fixture
def bundle(tmp_path: Path, save: Save) -> Bundle:
    """A bundle of both images."""
    write_bundle(tmp_path / "images.tar", BASE | TOP, save, quietly)
    return read(tmp_path / "images.tar")


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
    with pytest.raises(BundleError, match="Copy it again"):
        bundle.verify()


def test_a_bundle_without_its_checksum_is_refused(bundle: Bundle) -> None:
    """Both files have to be carried."""
    checksum_file(bundle.file).unlink()
    with pytest.raises(BundleError, match="Copy it together"):
        bundle.verify()


@pytest.mark.parametrize("content", [b"", b"no tar at all", bytes(10240)], ids=["empty", "text", "zeros"])
def test_a_file_that_is_no_bundle_is_refused(tmp_path: Path, content: bytes) -> None:
    """Whatever it is, the answer is one line."""
    (tmp_path / "x.tar").write_bytes(content)
    with pytest.raises(BundleError, match="is not a bundle of images"):
        open_bundle(tmp_path / "x.tar")


def test_no_file_is_no_bundle(tmp_path: Path) -> None:
    """Where there is none, images are sought elsewhere."""
    assert open_bundle(tmp_path / "none.tar") is None


def test_a_file_that_was_cut_short_is_refused(bundle: Bundle) -> None:
    """A copy that broke off is named in one line that says what to do."""
    bundle.file.write_bytes(bundle.file.read_bytes()[:-12000])
    with pytest.raises(BundleError, match="copy it again"):
        open_bundle(bundle.file)


class Breaking:
    """An engine's `save` that breaks off in the middle of one image, and notes what it was asked for."""

    def __init__(self, save: Save, breaks_at: str) -> None:
        self.asked: list[str] = []
        self._save = save
        self._breaks_at = breaks_at

    def __call__(self, reference: str) -> Iterator[bytes]:
        """Stream the image, or its first half."""
        self.asked.append(reference)
        whole = b"".join(self._save(reference))
        yield whole[: len(whole) // 2]
        if reference == self._breaks_at:
            raise MachineError("the engine went away")
        yield whole[len(whole) // 2 :]


def test_a_bundle_that_breaks_off_leaves_the_one_that_was(tmp_path: Path, save: Save, bundle: Bundle) -> None:
    """Under its name it appears complete or not at all; what there is of it waits in a draft."""
    before = bundle.file.read_bytes()
    with pytest.raises(MachineError, match="went away"):
        write_bundle(bundle.file, TOP, Breaking(save, "top:1"), quietly)
    assert bundle.file.read_bytes() == before
    assert draft_file(bundle.file).exists()
    bundle.verify()


def test_a_save_that_broke_off_goes_on_where_it_stopped(tmp_path: Path, save: Save, bundle: Bundle) -> None:
    """Images that were written are not asked for again, and what comes out is what an undisturbed save writes."""
    file, breaking, going_on = tmp_path / "room.tar", Breaking(save, "top:1"), Breaking(save, "nothing")
    with pytest.raises(MachineError, match="went away"):
        write_bundle(file, BASE | TOP, breaking, quietly)
    write_bundle(file, BASE | TOP, going_on, quietly)
    assert (breaking.asked, going_on.asked) == (["base:1", "top:1"], ["top:1"])
    read(file).verify()
    assert file.read_bytes() == bundle.file.read_bytes()
    assert not list(tmp_path.glob(".room.tar*")), "neither draft nor journal nor lock stays"


def test_an_image_that_changed_meanwhile_is_written_anew(tmp_path: Path, save: Save) -> None:
    """A draft's images count by their ids."""
    file, going_on = tmp_path / "room.tar", Breaking(save, "nothing")
    with pytest.raises(MachineError, match="went away"):
        write_bundle(file, BASE | TOP, Breaking(save, "top:1"), quietly)
    write_bundle(file, {"base:1": "sha256:other"} | TOP, going_on, quietly)
    assert going_on.asked == ["base:1", "top:1"]
    _, manifest = names_in(file.read_bytes())
    assert [entry["RepoTags"] for entry in manifest] == [["base:1"], ["top:1"]]


@pytest.mark.parametrize("cut", [1, 700, 3000])
def test_a_draft_that_lost_its_end_is_gone_on_with_all_the_same(
    tmp_path: Path, save: Save, bundle: Bundle, cut: int
) -> None:
    """As after a power cut: the journal tells more than there is, and what is missing is written again."""
    file = tmp_path / "room.tar"
    with pytest.raises(MachineError, match="went away"):
        write_bundle(file, BASE | TOP, Breaking(save, "top:1"), quietly)
    draft = draft_file(file)
    draft.write_bytes(draft.read_bytes()[:-cut])
    write_bundle(file, BASE | TOP, save, quietly)
    read(file).verify()
    assert file.read_bytes() == bundle.file.read_bytes()


def test_a_place_that_cannot_be_written_is_one_line(tmp_path: Path, save: Save) -> None:
    """The message names the file."""
    with pytest.raises(MachineError, match=r"Cannot write .*images\.tar"):
        write_bundle(tmp_path / "nowhere" / "images.tar", BASE, save, quietly)
