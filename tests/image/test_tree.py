"""Layers lie upon each other by OCI's rules; the merged tree is what one gets by applying them one by one."""

from pathlib import PurePosixPath

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from grader.image.entries import PackedEntries
from grader.image.model import ElfFacts, Entry, Image, ImageConfig, Kind, Layer
from grader.image.tree import Hidden, added_size, begins_with, hidden_bytes, hidden_files, merged_tree

SILENT = ImageConfig((), (), (), "", "", (), (), (), "", (), "amd64", "linux")
MARKS = (Kind.WHITEOUT, Kind.OPAQUE)


def entry(path: str, kind: Kind = Kind.FILE, size: int = 10, link: str = "") -> Entry:
    """Make an entry."""
    return Entry(PurePosixPath(path), kind, size if kind is Kind.FILE else 0, 0o755, 0, 0, link)


def image(*layers: list[Entry]) -> Image:
    """Make an image of these layers."""
    made = tuple(
        Layer(f"sha256:{index}", PackedEntries(entries), "", sum(one.size for one in entries))
        for index, entries in enumerate(layers)
    )
    return Image(SILENT, made, (), ())


def seen(made: Image) -> dict[str, int]:
    """Return the merged tree's paths with the layer that each comes from."""
    return {str(path): placed.layer for path, placed in merged_tree(made).items()}


class TestMergedTree:
    """`merged_tree`."""

    def test_the_upper_layers_file_is_seen(self) -> None:
        """It comes from the layer that wrote it last."""
        assert seen(image([entry("a"), entry("b")], [entry("a")])) == {"a": 1, "b": 0}

    def test_a_whiteout_hides_a_file_and_all_under_a_directory(self) -> None:
        """But not a name that only begins alike."""
        base = [entry("d", Kind.DIRECTORY), entry("d/x/y"), entry("d2"), entry("f")]
        assert seen(image(base, [entry("d", Kind.WHITEOUT), entry("f", Kind.WHITEOUT)])) == {"d2": 0}

    def test_what_comes_again_after_a_whiteout_is_seen(self) -> None:
        """The whiteout is about what is below it, in its own layer too."""
        gone = [entry("d", Kind.WHITEOUT)]
        back = [entry("d", Kind.DIRECTORY), entry("d/new")]
        assert seen(image([entry("d/old")], gone, back)) == {"d": 2, "d/new": 2}
        assert seen(image([entry("d/old")], gone + back)) == {"d": 1, "d/new": 1}

    def test_an_opaque_directory_hides_what_lower_layers_have_in_it(self) -> None:
        """Its own entries stay, whether they come before the mark or after."""
        upper = [entry("d", Kind.DIRECTORY), entry("d/one"), entry("d", Kind.OPAQUE), entry("d/two")]
        assert seen(image([entry("d", Kind.DIRECTORY), entry("d/x/y")], upper)) == {"d": 1, "d/one": 1, "d/two": 1}

    @pytest.mark.parametrize("kind", [Kind.FILE, Kind.SYMLINK, Kind.HARDLINK, Kind.OTHER])
    def test_what_is_no_directory_takes_the_place_of_one(self, kind: Kind) -> None:
        """All that was below is gone, and stays so when a directory comes back."""
        base = [entry("d", Kind.DIRECTORY), entry("d/x", Kind.DIRECTORY), entry("d/x/y")]
        assert seen(image(base, [entry("d", kind)])) == {"d": 1}
        assert seen(image(base, [entry("d", kind)], [entry("d", Kind.DIRECTORY)])) == {"d": 2}

    def test_a_directory_listed_again_keeps_what_is_in_it(self) -> None:
        """Layers list the parents of what they change."""
        assert seen(image([entry("d", Kind.DIRECTORY), entry("d/x")], [entry("d", Kind.DIRECTORY)])) == {
            "d": 1,
            "d/x": 0,
        }

    def test_it_is_a_mapping(self) -> None:
        """Unknown paths are not in it, the root can be asked for, entries come out complete."""
        one = Entry(PurePosixPath("a/b"), Kind.FILE, 5, 0o4755, 70_000, 2, "", ElfFacts("x86-64", None))
        tree = merged_tree(image([entry(".", Kind.DIRECTORY), one]))
        assert tree[PurePosixPath("a/b")].entry == one
        assert PurePosixPath() in tree
        assert PurePosixPath("a") not in tree
        assert tree.get(PurePosixPath("nothing")) is None
        assert len(tree) == 2


PATHS = st.sampled_from(["a", "b", "a/a", "a/b", "b/a", "a/a/a", "a/a/b", "a/b/a"])
ENTRIES = st.tuples(PATHS, st.sampled_from([Kind.FILE, Kind.DIRECTORY, Kind.SYMLINK, *MARKS]))


@st.composite
def layer(draw: st.DrawFn) -> list[Entry]:
    """Draw a layer as a differ could write it: parents listed first, each path once, no file above another."""
    entries: dict[str, Entry] = {}
    marks: dict[tuple[str, Kind], Entry] = {}
    for path, kind in draw(st.lists(ENTRIES, max_size=6)):
        parents = [str(parent) for parent in PurePosixPath(path).parents if str(parent) != "."]
        if kind in MARKS:
            marks[path, kind] = entry(path, kind)
            continue
        if any(entries.get(parent, entry(parent, Kind.DIRECTORY)).kind is not Kind.DIRECTORY for parent in parents):
            continue
        if kind is not Kind.DIRECTORY and any(other.startswith(path + "/") for other in entries):
            continue
        for parent in reversed(parents):
            entries.setdefault(parent, entry(parent, Kind.DIRECTORY))
        entries[path] = entry(path, kind)
    return [*marks.values(), *entries.values()]


def applied(layers: list[list[Entry]]) -> dict[str, int]:
    """Apply the layers one by one, the lowest first, as an engine unpacks them."""
    tree: dict[str, tuple[Kind, int]] = {}
    for index, entries in enumerate(layers):
        for one in entries:
            below = [path for path in tree if path.startswith(f"{one.path}/")]
            replaced = one.kind not in MARKS and one.kind is not Kind.DIRECTORY
            if one.kind is Kind.WHITEOUT:
                below.append(str(one.path))
            for path in below if one.kind in MARKS or replaced else []:
                tree.pop(path, None)
            if one.kind not in MARKS:
                tree[str(one.path)] = (one.kind, index)
    return {path: where for path, (_, where) in tree.items()}


@settings(deadline=None)
@given(st.lists(layer(), max_size=5))
def test_the_tree_is_what_applying_layer_by_layer_gives(layers: list[list[Entry]]) -> None:
    """We go from the top down, the oracle from the bottom up."""
    assert seen(image(*layers)) == applied(layers)


@settings(deadline=None)
@given(st.lists(layer(), min_size=1, max_size=5))
def test_every_file_is_either_seen_or_hidden(layers: list[list[Entry]]) -> None:
    """No byte is counted twice or lost, and what hides lies above what is hidden."""
    made = image(*layers)
    hidden = hidden_files(made)
    visible = [placed for placed in merged_tree(made).values() if placed.entry.kind is Kind.FILE]
    assert sum(hidden_bytes(made)) + sum(placed.entry.size for placed in visible) == made.size
    assert all(one.by > one.layer for one in hidden)


class TestHiddenFiles:
    """`hidden_files` and `hidden_bytes`."""

    def test_the_first_layer_that_hides_is_blamed(self) -> None:
        """Deleted in one, written again in the next."""
        made = image([entry("a", size=7)], [entry("a", Kind.WHITEOUT)], [entry("a")])
        assert hidden_files(made) == (Hidden(entry("a", size=7), 0, 1, rewritten=False),)

    def test_a_rewritten_file_is_told_from_a_deleted_one(self) -> None:
        """`RUN chmod` in a later layer ships the complete file a second time."""
        made = image([entry("a", size=7), entry("d/b", size=2)], [entry("a", size=7), entry("d", Kind.WHITEOUT)])
        assert {(str(one.entry.path), one.rewritten) for one in hidden_files(made)} == {("a", True), ("d/b", False)}
        assert hidden_bytes(made) == (9, 0)

    def test_bytes_seen_through_a_hard_link_are_not_hidden(self) -> None:
        """The other name still shows them."""
        base = [entry("a"), entry("b", Kind.HARDLINK, link="a")]
        assert hidden_bytes(image(base, [entry("a", Kind.WHITEOUT)])) == (0, 0)
        both = [entry("a", Kind.WHITEOUT), entry("b", Kind.WHITEOUT)]
        assert hidden_bytes(image(base, both)) == (10, 0)


class TestBase:
    """`begins_with` and `added_size`."""

    def test_an_image_begins_with_its_lowest_layers_and_with_none(self) -> None:
        """Order counts, and a longer list is no beginning."""
        made = image([entry("a")], [entry("b")])
        assert begins_with(made, ())
        assert begins_with(made, ("sha256:0",))
        assert not begins_with(made, ("sha256:1",))
        assert not begins_with(made, ("sha256:0", "sha256:1", "sha256:2"))

    def test_only_what_lies_above_the_base_is_added(self) -> None:
        """All of it when the base is another."""
        made = image([entry("a", size=3)], [entry("b", size=4)])
        assert added_size(made, ("sha256:0",)) == 4
        assert added_size(made, ()) == 7
        assert added_size(made, ("sha256:other",)) == 7
