"""One installation of npm packages is told from another by its token, or by its packages' times."""

from pathlib import PurePosixPath

from grader.criteria.facts import Attempt, Shipped
from grader.dockerfile.reader import read
from grader.engine.model import ImageInspection
from grader.image.model import Entry, Image, ImageConfig, Kind, Layer
from grader.image.tree import merged_tree
from grader.pytest_plugin.installation import mark_at, places

MARKED = "app/node_modules/.install-token"
PACKAGE = "app/node_modules/@workshop/router/package.json"
BARE = "app/node_modules/wren/package.json"


class FakeFiles:
    """Answers as a container does: a path's content, or its time."""

    def __init__(self, contents: dict[str, bytes] | None = None, times: dict[str, str] | None = None) -> None:
        self.contents = contents or {}
        self.times = times or {}

    def read_file(self, path: str) -> bytes | None:
        """Return the content."""
        return self.contents.get(path)

    def modified(self, path: str) -> str | None:
        """Return the time."""
        return self.times.get(path)


def shipped(*paths: str, base: tuple[str, ...] = ()) -> Shipped:
    """Make an image whose base has the files `base`, and whose next layer has `paths`."""
    layers = tuple(
        Layer(f"sha256:{index}", tuple(Entry(PurePosixPath(path), Kind.FILE, 1, 0o644, 0, 0) for path in names), "", 0)
        for index, names in enumerate((base, paths))
    )
    config = ImageConfig((), (), (), "", "", (), (), (), "", (), "amd64", "linux")
    image = Image(config, layers, (), ())
    below = ImageInspection("sha256:base", image.diff_ids[:1], (), (), (), (), "amd64", ())
    attempt = Attempt("plain", read("FROM node\n"), None)
    return Shipped(attempt, image, merged_tree(image), "node", below, {}, ())


def mark_of(image: Shipped, files: FakeFiles) -> str | None:
    """Look the places up and read them."""
    return mark_at(places(image), files)


def test_the_token_is_the_mark() -> None:
    """Wherever the application lies."""
    files = FakeFiles({f"/{MARKED}": b"abc\n"}, {f"/{PACKAGE}": "noon"})
    assert mark_of(shipped(MARKED, PACKAGE), files) == "abc"


def test_without_a_token_the_packages_times_are_the_mark() -> None:
    """`npm ci --ignore-scripts` is a right answer."""
    image = shipped(PACKAGE, BARE)
    before, after = FakeFiles(times={f"/{PACKAGE}": "noon"}), FakeFiles(times={f"/{PACKAGE}": "later"})
    assert mark_of(image, before) != mark_of(image, after)
    assert mark_of(image, before) == mark_of(image, before)


def test_what_npm_prune_writes_anew_is_not_part_of_the_mark() -> None:
    """The packages that it leaves are those that were installed."""
    image = shipped("app/node_modules/.package-lock.json", BARE)
    early, late = ({f"/{BARE}": "noon", "/app/node_modules/.package-lock.json": when} for when in ("1", "2"))
    assert mark_of(image, FakeFiles(times=early)) == mark_of(image, FakeFiles(times=late))


def test_the_bases_own_packages_are_no_installation() -> None:
    """Node's images bring npm with all that it needs."""
    npm = "usr/local/lib/node_modules/npm/package.json"
    files = FakeFiles({"/app/node_modules/.install-token": b"abc"}, {f"/{npm}": "noon"})
    assert mark_of(shipped("app/index.js", base=(npm, MARKED)), files) is None


def test_of_two_installations_both_count() -> None:
    """If either is made anew, the mark is another."""
    other = "build/node_modules/.install-token"
    files = FakeFiles({f"/{MARKED}": b"abc", f"/{other}": b"def"})
    assert mark_of(shipped(MARKED, other), files) == "abc def"


def test_a_place_that_is_not_there_any_more_gives_no_mark() -> None:
    """Then the image has to be read anew."""
    assert mark_at(places(shipped(MARKED)), FakeFiles()) is None
