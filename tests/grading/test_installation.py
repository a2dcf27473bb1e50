"""One installation of npm packages is distinguished from another by its token, or by its packages' times."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import PurePosixPath

from grader.criteria.facts import Attempt, Installed, Shipped
from grader.dockerfile.reader import read
from grader.engine.model import BuildEnd, BuildResult, ImageInspection
from grader.exercise.model import Variant
from grader.grading.installation import Installations, mark_at, places
from grader.image.model import Entry, Image, ImageConfig, Kind, Layer, Match
from grader.image.tree import merged_tree

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
    before, after = (FakeFiles(times={f"/{PACKAGE}": when, f"/{BARE}": "noon"}) for when in ("noon", "later"))
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
    """If either is made again, the mark is another."""
    other = "build/node_modules/.install-token"
    files = FakeFiles({f"/{MARKED}": b"abc", f"/{other}": b"def"})
    assert mark_of(shipped(MARKED, other), files) == "abc def"


def test_a_place_that_is_not_there_any_more_gives_no_mark() -> None:
    """Nor does one of two: then the image has to be read again."""
    assert mark_at(places(shipped(MARKED)), FakeFiles()) is None
    both = shipped(MARKED, "build/node_modules/.install-token")
    assert mark_at(places(both), FakeFiles({f"/{MARKED}": b"abc"})) is None


TWO_INSTALLATIONS = "FROM node AS base\nFROM base AS tools\nCOPY . .\nRUN npm ci\nFROM node\nRUN npm ci\n"
TAKEN_FROM = f"{TWO_INSTALLATIONS}COPY --from=tools /app/dist dist\n"


class FakeSession:
    """Gives each variant's image, and remembers which were read completely."""

    def __init__(self, tokens: dict[str, bytes], dockerfile: str = TWO_INSTALLATIONS) -> None:
        self.tokens = tokens
        self.dockerfile = dockerfile
        self.read_whole: list[str] = []

    def attempt(self, variant: Variant) -> Attempt:
        """Return how the build went."""
        return Attempt(variant.name, read(self.dockerfile), BuildResult(BuildEnd.BUILT, "sha256:1", (), 1.0))

    def shipped(self, variant: Variant) -> Shipped:
        """Return the image: the source came on line 3 and the packages on line 4."""
        self.read_whole.append(variant.name)
        image = shipped(MARKED, base=())
        found = (Match(b"nonce", 0, PurePosixPath("app/greeting.txt")),)
        return replace(image, image=replace(image.image, matches=found), base=None, layer_lines=(3, 4))

    @contextmanager
    def laid_out(self, variant: Variant) -> Iterator[FakeFiles]:
        """Return the image's files."""
        yield FakeFiles({f"/{MARKED}": self.tokens[variant.name]})


def test_stages_that_an_image_takes_from_are_looked_into() -> None:
    """Those that it needs and that no other begins from; with the lines of the cause and of the installation."""
    session = FakeSession({"plain": b"b", "plain:stage-1": b"a"}, TAKEN_FROM)
    found = Installations(session.attempt, session.shipped, session.laid_out).of_stages(Variant())
    assert found == (Installed("tools", "a", 4, (3,)), Installed("", "b", 4, (3,)))


def test_a_stage_that_nobody_takes_from_does_not_count() -> None:
    """The builder leaves it out too."""
    session = FakeSession({"plain": b"b"})
    found = Installations(session.attempt, session.shipped, session.laid_out).of_stages(Variant())
    assert [installed.stage for installed in found] == [""]


def test_another_variants_packages_are_looked_for_where_the_first_ones_were() -> None:
    """Reading a complete image takes seconds."""
    session = FakeSession({"plain": b"a", "edited": b"x"})
    installations = Installations(session.attempt, session.shipped, session.laid_out)
    assert installations.mark(Variant()) == "a"
    assert installations.mark(Variant(name="edited")) == "x"
    assert session.read_whole == ["plain"]
    assert installations.of_stages(Variant(name="edited")) == (Installed("", "x"),)
