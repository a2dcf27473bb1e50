"""What makes a layer heavy: a few paths that share no file, sum up to the layer, and are as deep as they can be."""

from hypothesis import given
from hypothesis import strategies as st

from grader.image.model import Kind
from grader.image.weights import MOST_PATHS, PathWeight, file_counts, heaviest_paths
from tests.image.test_tree import entry, image


def test_a_heavy_file_is_named_by_itself_and_crumbs_are_gathered() -> None:
    """Nobody reads a thousand names."""
    crumbs = [entry(f"etc/{n}", size=1) for n in range(30)]
    [paths] = heaviest_paths(image([entry("usr/bin/go", size=900), entry("usr/share/doc", size=70), *crumbs]))
    assert paths == (
        PathWeight("/usr/bin/go", 900, 0),
        PathWeight("/usr/share/doc", 70, 0),
        PathWeight("/", 30, 0, is_rest=True),
    )


def test_a_folder_of_many_alike_files_is_named_as_a_whole() -> None:
    """None of them is worth a name, together they are."""
    [paths] = heaviest_paths(image([entry(f"lib/go/{n}.a", size=10) for n in range(100)]))
    assert paths == (PathWeight("/lib/go/", 1000, 0),)


def test_hidden_bytes_are_told_at_the_path_where_they_lie() -> None:
    """Deleted above, shipped anyway."""
    lower = [entry("opt/go", size=80), entry("opt/gofmt", size=20)]
    first, second = heaviest_paths(image(lower, [entry("opt/go", Kind.WHITEOUT)]))
    assert first == (PathWeight("/opt/go", 80, 80), PathWeight("/opt/gofmt", 20, 0))
    assert second == ()


def test_only_files_with_bytes_are_told() -> None:
    """Directories, links and empty files weigh nothing."""
    made = image([entry("a", Kind.DIRECTORY), entry("a/link", Kind.SYMLINK, link="b"), entry("a/empty", size=0)])
    assert heaviest_paths(made) == ((),)
    assert file_counts(made) == (1,)


paths = st.lists(st.sampled_from("abcd"), min_size=1, max_size=4).map("/".join)


@given(st.dictionaries(paths, st.integers(0, 1000), max_size=40))
def test_the_paths_sum_up_to_the_layer_and_are_few(sizes: dict[str, int]) -> None:
    """Whatever the tree: no byte is named twice, none is lost, and no folder is reported next to its own content."""
    files = {path: size for path, size in sizes.items() if not any(other.startswith(f"{path}/") for other in sizes)}
    made = image([entry(path, size=size) for path, size in files.items()])
    [told] = heaviest_paths(made)
    assert sum(path.size for path in told) == made.size
    assert len(told) <= 2 * MOST_PATHS
    assert [path.size for path in told] == sorted((path.size for path in told), reverse=True)
    folders = [path.path for path in told if path.path.endswith("/") and not path.is_rest]
    assert not [(one, path) for one in folders for path in told if path.path != one and path.path.startswith(one)]
