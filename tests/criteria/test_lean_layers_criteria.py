"""Criteria of an image without ballast: each catches its own kind of it, and lets right answers of every shape be."""

from collections.abc import Callable
from pathlib import PurePosixPath

import pytest

from grader.criteria.artifacts_only import artifacts_only
from grader.criteria.facts import Shipped
from grader.criteria.no_package_caches import no_package_caches
from grader.criteria.no_wasted_bytes import no_wasted_bytes
from grader.criteria.outcome import Unmet
from grader.image.model import ElfFacts, Entry, Kind, Match, Package

MakeShipped = Callable[..., Shipped]
BUDGET = 1_000
TOOLS = ("@shop/bundler",)
CANARY = "nonce"


def file(path: str, size: int = 100, *, elf: bool = False) -> Entry:
    """Make a regular file's entry."""
    return Entry(PurePosixPath(path), Kind.FILE, size, 0o644, 0, 0, elf=ElfFacts("x86-64", None) if elf else None)


def gone(path: str) -> Entry:
    """Make the mark that hides a path of the layers below."""
    return Entry(PurePosixPath(path), Kind.WHITEOUT, 0, 0, 0, 0)


def unmet(answer: object) -> Unmet:
    """Take the answer for one that fails."""
    assert isinstance(answer, Unmet)
    return answer


class TestNoWastedBytes:
    """`no_wasted_bytes`."""

    def test_layers_that_only_add_hold(self, make_shipped: MakeShipped) -> None:
        """However much they add: that is for another criterion."""
        shipped = make_shipped([file("bin/sh")], [file("app/a", 10**9)], [file("app/b")], base_layers=1)
        assert no_wasted_bytes(shipped, BUDGET) is None

    def test_what_a_later_layer_deletes_is_caught_with_both_lines(self, make_shipped: MakeShipped) -> None:
        """The layer that has it, and the one that hides it; one that has hardly any of it is not named."""
        layers = (
            [file("app/test", 9)],
            [file("app/dist/work/a.raw", 2_000_000)],
            [gone("app/dist/work"), gone("app/test")],
        )
        dockerfile = "FROM scratch\nCOPY . .\nRUN build\nRUN rm -rf dist/work test\n"
        shipped = make_shipped(*layers, dockerfile=dockerfile, lines=(2, 3, 4))
        answer = unmet(no_wasted_bytes(shipped, BUDGET))
        assert "`RUN rm -rf dist/work test` deletes" in answer.actual
        assert "/app/dist/work (2.0 MB)" in answer.actual
        assert "the layer of `RUN build`" in answer.actual
        assert answer.lines == (3, 4)

    def test_a_chown_of_all_files_is_caught_and_told_as_such(self, make_shipped: MakeShipped) -> None:
        """They are in the layer again."""
        layers = [file("app/a", 20_000), file("app/b", 20_000)], [file("app/a", 20_000), file("app/b", 20_000)]
        answer = unmet(no_wasted_bytes(make_shipped(*layers), BUDGET))
        assert "writes files again" in answer.actual
        assert "COPY" in answer.hint

    def test_a_chown_of_the_base_is_caught(self, make_shipped: MakeShipped) -> None:
        """Whatever of the base is copied for its owner is shipped twice."""
        layers = [file("usr/bin/node", 20_000)], [file("usr/bin/node", 20_000)]
        answer = unmet(no_wasted_bytes(make_shipped(*layers, base_layers=1), BUDGET))
        assert "the layer of alpine:latest" in answer.actual

    @pytest.mark.parametrize("mark", ["usr/lib/npm/cli.js", "usr/lib/npm", "usr/lib"])
    def test_deleting_files_of_the_base_is_caught(self, make_shipped: MakeShipped, mark: str) -> None:
        """It saves nothing: they are shipped and never seen."""
        deletes = [gone(mark), file("app/index.js")]
        answer = unmet(
            no_wasted_bytes(make_shipped([file("usr/lib/npm/cli.js", 10**6)], deletes, base_layers=1), BUDGET)
        )
        assert "the layer of alpine:latest" in answer.actual
        assert "base" in answer.hint

    def test_a_few_small_files_of_the_base_may_be_deleted(self, make_shipped: MakeShipped) -> None:
        """A greeting, a sample of a configuration."""
        assert no_wasted_bytes(make_shipped([file("etc/motd", 400)], [gone("etc/motd")], base_layers=1), BUDGET) is None

    def test_an_upgrade_is_no_waste(self, make_shipped: MakeShipped) -> None:
        """A newer library has another name, in the folder of the older one."""
        layers = [file("lib/libz.so.1.3", 90_000)], [gone("lib/libz.so.1.3"), file("lib/libz.so.1.4", 91_000)]
        assert no_wasted_bytes(make_shipped(*layers, base_layers=1), BUDGET) is None

    def test_a_package_that_was_replaced_by_a_newer_one_is_no_waste(self, make_shipped: MakeShipped) -> None:
        """The newer one lacks a folder that the older one had."""
        npm = "usr/local/lib/node_modules/npm"
        base = [file(f"{npm}/package.json"), file(f"{npm}/node_modules/old/index.js", 90_000)]
        newer = [gone(f"{npm}/node_modules/old"), file(f"{npm}/package.json", 120)]
        assert no_wasted_bytes(make_shipped(base, newer, base_layers=1), BUDGET) is None

    def test_own_files_that_are_deleted_are_caught_below_the_budget(self, make_shipped: MakeShipped) -> None:
        """A package of a few kilobytes is one; what is written again may be a user's line."""
        layers = [file("app/node_modules/a/index.js", 4_000)], [gone("app/node_modules")]
        answer = unmet(no_wasted_bytes(make_shipped(*layers), 10_000))
        assert "at most 1 kB" in answer.expected
        assert "/app/node_modules/a (4 kB)" in answer.actual
        assert no_wasted_bytes(make_shipped([file("etc/passwd", 4_000)], [file("etc/passwd", 4_050)]), 10_000) is None

    def test_a_new_line_in_a_file_of_the_base_is_no_waste(self, make_shipped: MakeShipped) -> None:
        """`adduser` writes /etc/passwd again, and an upgrade brings files of other sizes."""
        layers = (
            [file("etc/passwd", 1_200), file("lib/libz.so", 90_000)],
            [file("etc/passwd", 1_250), file("lib/libz.so", 91_000)],
        )
        assert no_wasted_bytes(make_shipped(*layers, base_layers=1), BUDGET) is None

    def test_a_little_waste_is_within_the_budget(self, make_shipped: MakeShipped) -> None:
        """Two instructions that add a group and a user hide a small file of their own."""
        shipped = make_shipped([file("etc/group", 700)], [file("etc/group", 720)])
        assert no_wasted_bytes(shipped, BUDGET) is None


class TestNoPackageCaches:
    """`no_package_caches`."""

    @pytest.mark.parametrize(
        ("path", "words"),
        [
            ("root/.npm/_cacache/index-v5/aa/bb/cc", "npm's cache in /root/.npm/_cacache"),
            ("home/node/cache/_cacache/tmp/x", "/home/node/cache/_cacache"),
            ("tmp/node-compile-cache/v24/a", "/tmp/node-compile-cache"),
            ("var/lib/apt/lists/deb_main_Packages", "/var/lib/apt/lists"),
            ("var/cache/apt/archives/curl.deb", "apt's archives"),
            ("var/cache/apk/APKINDEX.aa.tar.gz", "apk's cache"),
            ("root/.cache/pip/http/a", "pip's cache"),
            (f"root/.cache/go-build/0a/{'0a' * 32}-d", "Go's build cache"),
            ("go/pkg/mod/cache/download/x.zip", "Go's module cache"),
        ],
    )
    def test_a_cache_is_caught_and_called_by_its_tool(self, make_shipped: MakeShipped, path: str, words: str) -> None:
        """Wherever its tool keeps it."""
        shipped = make_shipped([], [file(path)], base_layers=1, dockerfile="FROM alpine\nRUN get\n", lines=(None, 2))
        answer = unmet(no_package_caches(shipped))
        assert words in answer.actual
        assert "left by `RUN get`" in answer.actual
        assert answer.lines == (2,)

    def test_a_cache_that_was_deleted_later_is_caught(self, make_shipped: MakeShipped) -> None:
        """It is shipped, and the learner reads that this is why."""
        answer = unmet(
            no_package_caches(make_shipped([file("tmp/node-compile-cache/a/b")], [gone("tmp/node-compile-cache")]))
        )
        assert "deleted by a later instruction" in answer.actual

    @pytest.mark.parametrize(
        "entry",
        [
            file("root/.npm/_cacache/tmp/x", 0),
            file("root/.npm/_logs/today.log"),
            file("app/cache/pages.html"),
            file("lib/apk/db/installed"),
            file("app/node_modules/cacache/lib/index.js"),
            file("opt/tool.deb"),
        ],
        ids=lambda entry: str(entry.path),
    )
    def test_what_is_no_cache_of_theirs_holds(self, make_shipped: MakeShipped, entry: Entry) -> None:
        """An empty file, a log, a cache of the program itself, what a package manager needs to know."""
        assert no_package_caches(make_shipped([entry])) is None

    def test_a_cache_in_the_base_is_not_the_submissions(self, make_shipped: MakeShipped) -> None:
        """Debian's image might have lists."""
        shipped = make_shipped([file("var/lib/apt/lists/x_Packages")], [file("app/a")], base_layers=1)
        assert no_package_caches(shipped) is None


class TestArtifactsOnly:
    """`artifacts_only`."""

    RIGHT = (
        file("srv/front/build.json"),
        file("srv/front/teapot.png", 9_000),
        file("srv/node_modules/@shop/router/index.js"),
        file("srv/package.json"),
        file("usr/local/bin/node", 10**8, elf=True),
        file("usr/lib/libstdc++.so.6", 10**6, elf=True),
    )

    def test_built_parts_their_packages_and_node_hold(self, make_shipped: MakeShipped) -> None:
        """In whatever folder, and where the base has no Node of its own."""
        shipped = make_shipped([file("bin/busybox", 10**6)], [*self.RIGHT], base_layers=1)
        assert artifacts_only(shipped, CANARY, TOOLS, BUDGET) is None

    def test_a_few_small_files_more_hold(self, make_shipped: MakeShipped) -> None:
        """A user's line, a log, a configuration."""
        shipped = make_shipped([*self.RIGHT, file("etc/passwd", 900)])
        assert artifacts_only(shipped, CANARY, TOOLS, BUDGET) is None

    def test_working_files_are_caught_by_their_weight(self, make_shipped: MakeShipped) -> None:
        """Their folder is named, and the share that runs."""
        shipped = make_shipped([*self.RIGHT], [file("srv/work/a.raw", 83_700)], lines=(2, 3))
        answer = unmet(artifacts_only(shipped, CANARY, TOOLS, BUDGET))
        assert "10 % of the 93 kB" in answer.actual
        assert "84 kB in /srv/work" in answer.actual
        assert answer.lines == (3,)

    def test_a_source_is_caught_however_small(self, make_shipped: MakeShipped) -> None:
        """By the bytes that were planted in it, also next to what was built."""
        path = PurePosixPath("srv/front/test.js")
        shipped = make_shipped([*self.RIGHT, file(str(path), 3)], matches=(Match(CANARY.encode(), 0, path),))
        assert "sources and tests (/srv/front/test.js)" in unmet(artifacts_only(shipped, CANARY, TOOLS, BUDGET)).actual

    def test_a_tool_and_a_packed_package_are_caught(self, make_shipped: MakeShipped) -> None:
        """However small."""
        ballast = [file("srv/node_modules/@shop/bundler/bundle.js", 3), file("srv/vendor/a.tgz", 3)]
        answer = unmet(artifacts_only(make_shipped([*self.RIGHT, *ballast]), CANARY, TOOLS, BUDGET))
        assert "tools of the build (/srv/node_modules/@shop/bundler/bundle.js)" in answer.actual
        assert "packed packages (/srv/vendor/a.tgz)" in answer.actual

    def test_archives_are_judged_by_what_is_packed_in_them(self, make_shipped: MakeShipped) -> None:
        """Whatever they are called: sources, and packages as npm gets them."""
        sources, tool = PurePosixPath("srv/backup.bin"), PurePosixPath("srv/tool")
        shipped = make_shipped(
            [*self.RIGHT, file(str(sources), 3), file(str(tool), 3)],
            matches=(Match(CANARY.encode(), 0, sources),),
            packages=(Package("@shop/bundler", 0, tool),),
        )
        answer = unmet(artifacts_only(shipped, CANARY, TOOLS, BUDGET))
        assert "sources and tests (/srv/backup.bin)" in answer.actual
        assert "packed packages (/srv/tool)" in answer.actual

    def test_npm_that_is_copied_along_is_caught(self, make_shipped: MakeShipped) -> None:
        """It is in a node_modules that no program imports from."""
        shipped = make_shipped([*self.RIGHT, file("usr/local/lib/node_modules/npm/index.js", 10**7)])
        assert isinstance(artifacts_only(shipped, CANARY, TOOLS, BUDGET), Unmet)

    def test_hidden_files_and_caches_are_for_other_criteria(self, make_shipped: MakeShipped) -> None:
        """Each kind of ballast is named once."""
        layers = [*self.RIGHT, file("srv/work/a.raw", 10**6), file("root/.npm/_cacache/a", 10**6)], [gone("srv/work")]
        assert artifacts_only(make_shipped(*layers), CANARY, TOOLS, BUDGET) is None
