"""The archive of a stand-in: the same folder gives the same image, and its name comes last."""

import io
import json
import tarfile
from pathlib import Path

import pytest

from grader.base_images.stand_ins.archive import MODIFIED, PackedLayer, image_archive, pack_layer
from grader.base_images.stand_ins.recipe import StandInConfig

CONFIG = StandInConfig(made_from="nothing", environment={"PATH": "/bin"}, command=("sh",), user="app")


def fill(root: Path) -> Path:
    """Make a small tree, in an order and at times that are no other tree's."""
    (root / "home" / "node").mkdir(parents=True)
    (root / "home" / "node" / "mine").write_text("x", "utf-8")
    (root / "bin").mkdir()
    (root / "bin" / "su").write_bytes(b"program")
    (root / "bin" / "su").chmod(0o4755)
    (root / "bin" / "twin").hardlink_to(root / "bin" / "su")
    (root / "bin" / "sh").symlink_to("/bin/su")
    return root


def packed(root: Path, file: Path) -> PackedLayer:
    """Pack it with `home/node` belonging to 1000."""
    return pack_layer(root, {"home/node": (1000, 1001)}, "made for a test", file, lambda: None)


@pytest.fixture
def layer(tmp_path: Path) -> PackedLayer:
    """The layer of the small tree."""
    return packed(fill(tmp_path / "root"), tmp_path / "layer.tar")


def test_the_same_files_give_the_same_layer(tmp_path: Path, layer: PackedLayer) -> None:
    """Neither the time nor the order of their making nor who made them shows."""
    assert packed(fill(tmp_path / "again"), tmp_path / "again.tar").digest == layer.digest


def test_a_layer_belongs_to_root_but_for_what_is_named(layer: PackedLayer) -> None:
    """Owners, modes (setuid too), links and the one moment are written into the layer."""
    with tarfile.open(layer.file) as tar:
        members = {member.name: member for member in tar}
    assert {(member.uid, member.gid) for name, member in members.items() if name.startswith("home/node")} == {
        (1000, 1001)
    }
    assert {(member.uid, member.gid) for name, member in members.items() if name.startswith("bin")} == {(0, 0)}
    assert members["bin/su"].mode == 0o4755
    assert members["bin/sh"].linkname == "/bin/su"
    assert members["bin/twin"].islnk()
    assert members["bin/twin"].linkname == "bin/su"
    assert {member.mtime for member in members.values()} == {MODIFIED}


def test_what_names_the_image_comes_last(layer: PackedLayer) -> None:
    """A stream that breaks anywhere before its end gives an engine nothing to name."""
    stream = b"".join(image_archive(["a:1", "b:2"], [layer], CONFIG, {"label": "value"}, "arm64"))
    with tarfile.open(fileobj=io.BytesIO(stream)) as tar:
        names = tar.getnames()
        assert names[0] == f"{layer.digest}/layer.tar"
        assert names[-1] == "manifest.json"
        manifest = json.loads(tar.extractfile("manifest.json").read())  # type: ignore[union-attr]
        config = json.loads(tar.extractfile(manifest[0]["Config"]).read())  # type: ignore[union-attr]
    assert manifest[0]["RepoTags"] == ["a:1", "b:2"]
    assert config["architecture"] == "arm64"
    assert config["rootfs"]["diff_ids"] == [f"sha256:{layer.digest}"]
    assert config["config"]["Env"] == ["PATH=/bin"]
    assert config["config"]["Cmd"] == ["sh"]
    assert config["config"]["User"] == "app"
    assert config["config"]["Labels"] == {"label": "value"}
    assert [entry["created_by"] for entry in config["history"]] == ["made for a test"]
