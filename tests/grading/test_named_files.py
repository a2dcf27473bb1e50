"""Files are read by their name, wherever an answer puts them."""

from pathlib import PurePosixPath
from types import MappingProxyType

from grader.criteria.facts import Attempt, Shipped
from grader.dockerfile.reader import read
from grader.engine.model import ImageInspection
from grader.grading.named_files import files_named
from grader.image.model import Entry, Image, ImageConfig, Kind, Layer
from grader.image.tree import merged_tree


class Files:
    """The files of an image, as a container of it answers."""

    CONTENT = MappingProxyType({"/app/a/build.json": b"a", "/base/build.json": b"base"})

    def read_file(self, path: str) -> bytes | None:
        """Return what is in the file, or None."""
        return self.CONTENT.get(path)

    def modified(self, path: str) -> str | None:
        """Return None: times are not asked for here."""
        return None if path else ""


def layer(*paths: str) -> Layer:
    """Make a layer of files."""
    entries = tuple(Entry(PurePosixPath(path), Kind.FILE, 1, 0o644, 0, 0) for path in paths)
    return Layer(f"sha256:{paths[0]}", entries, "", len(entries))


def test_files_of_the_name_above_the_base_are_read_and_missing_ones_left_out() -> None:
    """Another variant of the Dockerfile may have fewer of them."""
    layers = layer("base/build.json"), layer("app/a/build.json", "app/a/other.json", "app/gone/build.json")
    config = ImageConfig((), (), (), "", "", (), (), (), "", (), "amd64", "linux")
    image = Image(config, layers, (), ())
    base = ImageInspection("sha256:x", image.diff_ids[:1], (), (), (), (), "amd64", ())
    where = Shipped(Attempt("plain", read("FROM node\n"), None), image, merged_tree(image), "node", base, {}, ())
    assert files_named("build.json", where, Files()) == {"/app/a/build.json": b"a"}
