"""Criteria about the storefront's parts: its pages, its packages, and the builders that make it."""

from collections.abc import Callable, Mapping
from pathlib import PurePosixPath

import pytest

from grader.criteria.builders_independent import builders_independent
from grader.criteria.bundle import PageBundle, bundles
from grader.criteria.dev_deps_absent import dev_deps_absent
from grader.criteria.facts import Attempt, Shipped
from grader.criteria.outcome import Blocked, Unmet
from grader.criteria.prod_deps_load import prod_deps_load
from grader.criteria.serves_frontend import serves_frontend
from grader.dockerfile.reader import read
from grader.engine.model import Exchange
from grader.engine.silence import Ended
from grader.errors import MachineError
from grader.image.model import Entry, Kind, Package

MakeShipped = Callable[..., Shipped]
TOOLS = ("@shop/bundler", "@shop/checks")
SILENT = Exchange("/healthz", None, silence=Ended(1, False, 512_000_000, "Cannot find package '@shop/router'"))


def file(path: str) -> Entry:
    """Make a regular file's entry."""
    return Entry(PurePosixPath(path), Kind.FILE, 10, 0o644, 0, 0)


def unmet(answer: object) -> Unmet:
    """Take the answer for one that fails."""
    assert isinstance(answer, Unmet)
    return answer


class TestServesFrontend:
    """`serves_frontend`."""

    def test_pages_with_the_nonce_hold(self, make_shipped: MakeShipped) -> None:
        """All that was asked for."""
        pages = [Exchange("/shop", 200, b"<p>NONCE"), Exchange("/app.js", 200, b"NONCE")]
        assert serves_frontend(pages, make_shipped([]), "NONCE") is None

    def test_pages_elsewhere_are_caught_and_both_places_named(self, make_shipped: MakeShipped) -> None:
        """A learner sees `not found`; what helps is where it was looked for, and which lines put things there."""
        layers = [file("app/public/index.html")], [file("app/dist/backend/server.js")]
        shipped = make_shipped(*layers, lines=(4, 5))
        answer = unmet(serves_frontend([Exchange("/shop", 404, b"not found")], shipped, "NONCE"))
        assert "looks in /app/dist/frontend, but index.html is in /app/public" in answer.actual
        assert answer.lines == (4, 5)

    def test_pages_that_are_nowhere_are_told_so(self, make_shipped: MakeShipped) -> None:
        """A file of that name in a package is no page."""
        shipped = make_shipped([file("app/backend/server.js"), file("app/node_modules/x/index.html")])
        answer = unmet(serves_frontend([Exchange("/shop", 404, b"")], shipped, "NONCE"))
        assert "nowhere in the image" in answer.actual

    def test_one_old_page_is_caught(self, make_shipped: MakeShipped) -> None:
        """Built from another source, such as one that was committed."""
        pages = [Exchange("/shop", 200, b"NONCE"), Exchange("/app.js", 200, b"yesterday")]
        assert "yesterday" in unmet(serves_frontend(pages, make_shipped([]), "NONCE")).actual

    def test_it_cannot_be_told_without_an_answer(self, make_shipped: MakeShipped) -> None:
        """The service is down: another criterion's matter."""
        assert isinstance(serves_frontend([SILENT], make_shipped([]), "NONCE"), Blocked)


class TestDevDepsAbsent:
    """`dev_deps_absent`."""

    @pytest.mark.parametrize("folder", ["app/node_modules", "deps", "usr/local/lib/node_modules"])
    def test_a_tool_is_caught_wherever_it_lies(self, make_shipped: MakeShipped, folder: str) -> None:
        """Under whatever name node_modules was copied."""
        shipped = make_shipped([file(f"{folder}/@shop/checks/package.json")], lines=(7,))
        answer = unmet(dev_deps_absent(shipped, TOOLS))
        assert f"/{folder}/@shop/checks" in answer.actual
        assert answer.lines == (7,)

    def test_one_that_a_later_layer_hides_is_caught(self, make_shipped: MakeShipped) -> None:
        """`npm prune` in the final stage takes nothing out of the layer below."""
        hidden = Entry(PurePosixPath("app/node_modules/@shop/bundler"), Kind.WHITEOUT, 0, 0, 0, 0)
        shipped = make_shipped([file("app/node_modules/@shop/bundler/bundle.js")], [hidden])
        assert "still in the layer below" in unmet(dev_deps_absent(shipped, TOOLS)).actual

    def test_what_runs_and_what_only_sounds_alike_passes(self, make_shipped: MakeShipped) -> None:
        """An empty folder and a link that leads nowhere are no files of it, and a name alone says nothing."""
        link = Entry(
            PurePosixPath("app/node_modules/.bin/bundle"), Kind.SYMLINK, 0, 0o777, 0, 0, link="../@shop/bundler/x"
        )
        names = (
            "app/node_modules/@shop/router/index.js",
            "app/node_modules/@shop/bundler-notes/x",
            "app/vendor/bundler.tgz",
        )
        empty = Entry(PurePosixPath("app/node_modules/@shop/bundler/lib"), Kind.DIRECTORY, 0, 0o755, 0, 0)
        assert dev_deps_absent(make_shipped([link, empty, *map(file, names)]), TOOLS) is None

    @pytest.mark.parametrize("path", ["app/vendor/bundler-1.0.0.tgz", "srv/x.bin", "opt/all.tar"])
    def test_a_packed_one_is_caught_whatever_it_is_called(self, make_shipped: MakeShipped, path: str) -> None:
        """By the package.json that is packed in it."""
        packages = (
            Package("@shop/bundler", 0, PurePosixPath(path)),
            Package("@shop/router", 0, PurePosixPath("a.tgz")),
        )
        answer = unmet(dev_deps_absent(make_shipped([file(path), file("a.tgz")], packages=packages, lines=(5,)), TOOLS))
        assert answer.actual.startswith(f"/{path} (")
        assert "not installed" in answer.hint
        assert answer.lines == (5,)

    def test_one_in_a_folder_of_another_name_is_caught(self, make_shipped: MakeShipped) -> None:
        """Its package.json states what it is; as an installed one it is named once."""
        renamed, usual = "app/tools/b/package.json", "app/node_modules/@shop/bundler/package.json"
        packages = tuple(Package("@shop/bundler", 0, PurePosixPath(path)) for path in (renamed, usual))
        answer = unmet(dev_deps_absent(make_shipped([file(renamed), file(usual)], packages=packages), TOOLS))
        assert answer.actual.startswith("/app/node_modules/@shop/bundler, /app/tools/b (")
        assert "Copy node_modules" in answer.hint

    def test_a_packed_one_that_a_later_layer_hides_is_caught(self, make_shipped: MakeShipped) -> None:
        """It is still shipped."""
        gone = Entry(PurePosixPath("app/vendor"), Kind.WHITEOUT, 0, 0, 0, 0)
        packages = (Package("@shop/checks", 0, PurePosixPath("app/vendor/a.tgz")),)
        shipped = make_shipped([file("app/vendor/a.tgz")], [gone], packages=packages)
        assert "still in the layer below" in unmet(dev_deps_absent(shipped, TOOLS)).actual


class TestProdDepsLoad:
    """`prod_deps_load`."""

    INSTALLED = "app/node_modules/@shop/router/package.json"

    def test_a_service_that_answers_has_loaded_it(self, make_shipped: MakeShipped) -> None:
        """Whatever it answers: the package answers for it."""
        shipped = make_shipped([file(self.INSTALLED)])
        assert prod_deps_load(Exchange("/healthz", 500, b""), shipped, "@shop/router") is None

    def test_one_that_is_not_there_is_caught_also_behind_an_answer(self, make_shipped: MakeShipped) -> None:
        """Something else answers then."""
        answer = unmet(prod_deps_load(Exchange("/healthz", 200, b"ok"), make_shipped([file("app/x")]), "@shop/router"))
        assert "no node_modules/@shop/router" in answer.actual

    def test_one_that_node_does_not_find_is_caught_with_its_place(self, make_shipped: MakeShipped) -> None:
        """It is installed, in a folder that Node does not look into."""
        entries = [file("opt/node_modules/@shop/router/package.json"), file("app/dist/server.js")]
        answer = unmet(prod_deps_load(SILENT, make_shipped(entries, lines=(9,)), "@shop/router"))
        assert "/opt/node_modules/@shop/router, and the container ended by itself with exit code 1" in answer.actual
        assert answer.lines == (9,)

    def test_what_the_service_writes_before_it_ends_proves_nothing(self, make_shipped: MakeShipped) -> None:
        """It says that the package is missing, and the package is where Node looks: also behind a link."""
        link = Entry(PurePosixPath("srv/node_modules"), Kind.SYMLINK, 0, 0o777, 0, 0, link="/app/node_modules")
        for service in ("app/dist/backend/server.js", "app/server.js", "srv/server.js"):
            shipped = make_shipped([file(self.INSTALLED), link, file(service)])
            assert isinstance(prod_deps_load(SILENT, shipped, "@shop/router"), Blocked), service

    def test_a_service_that_is_down_for_another_reason_cannot_tell(self, make_shipped: MakeShipped) -> None:
        """The package is there."""
        assert isinstance(prod_deps_load(SILENT, make_shipped([file(self.INSTALLED)]), "@shop/router"), Blocked)


DOCKERFILE = """FROM node AS deps
RUN npm ci
FROM deps AS frontend
COPY frontend ./frontend
RUN npm run build:frontend
FROM deps AS backend
COPY --from=deps . .
COPY package.json ./
COPY . .
ADD ["./frontend/style.css", "frontend/"]
RUN npm run build:backend
FROM node
COPY --from=backend /app/dist .
"""


def built(frontend: str, backend: str) -> dict[str, PageBundle]:
    """Make the bundles of one image, by their build ids."""
    ids = {"frontend": frontend, "backend": backend}
    return {part: PageBundle(part, build, "v24.1.0") for part, build in ids.items()}


class TestBuildersIndependent:
    """`builders_independent`."""

    ATTEMPT = Attempt("plain", read(DOCKERFILE), None)
    BEFORE = built("f1", "b1")

    def ask(
        self,
        frontend_edit: dict[str, PageBundle],
        backend_edit: dict[str, PageBundle],
        *anew: Mapping[str, PageBundle],
    ) -> object:
        """Ask about an image after each of the edits; `anew` are those after more edits of either part."""
        after = {"frontend": frontend_edit, "backend": backend_edit}
        return builders_independent(self.ATTEMPT, self.BEFORE, after, lambda _: iter(anew))

    ANEW = (built("f4", "b4"), built("f5", "b5"), built("f5", "b5"))

    def test_parts_that_keep_their_build_hold(self) -> None:
        """Whether the edited part was built again is not asked here, and nothing more is built."""
        after = {"frontend": built("f2", "b1"), "backend": built("f1", "b2")}
        assert builders_independent(self.ATTEMPT, self.BEFORE, after, pytest.fail) is None

    def test_a_part_that_is_built_with_the_other_is_caught_with_the_copy_that_brought_the_edit(self) -> None:
        """A copy of all or of a part brings the frontend; one of another file or from another stage does not."""
        answer = unmet(self.ask(built("f2", "b2"), built("f1", "b2"), *self.ANEW))
        assert answer.actual == "after an edit in frontend/ the backend was built again"
        assert answer.lines == (9, 10)

    def test_both_ways_are_told(self) -> None:
        """One builder for both."""
        answer = unmet(self.ask(built("f2", "b2"), built("f3", "b3"), *self.ANEW))
        assert "an edit in frontend/" in answer.actual
        assert "an edit in backend/" in answer.actual

    def test_an_engine_that_lost_its_cache_blames_nobody(self) -> None:
        """The same build again was another build: then every edit looks guilty."""
        with pytest.raises(MachineError):
            self.ask(built("f2", "b2"), built("f1", "b2"), *self.ANEW[:2], built("f9", "b9"))

    def test_two_results_of_one_step_in_the_cache_are_no_ones_fault(self) -> None:
        """The first build has the one, and the one after an edit the other, as all that come after it."""
        assert self.ask(built("f2", "b2"), built("f1", "b3"), built("f4", "b2"), built("f5", "b2")) is None

    def test_it_cannot_be_told_without_the_builds_records(self) -> None:
        """Who leaves build.json out may be right, and it does not show."""
        assert isinstance(self.ask(built("f2", "b1"), {}), Blocked)


def test_bundles_are_read_from_their_records_and_other_files_of_the_name_are_passed_over() -> None:
    """A build.json of another program is none of ours."""
    records = {
        "/app/a/build.json": b'{"part": "frontend", "build": "f1", "node": "v24.1.0", "files": []}',
        "/app/b/build.json": b'{"version": 3}',
        "/app/c/build.json": b"\xff not json",
        "/app/d/build.json": b"[1, 2]",
    }
    assert bundles(records) == {"frontend": PageBundle("frontend", "f1", "v24.1.0")}
