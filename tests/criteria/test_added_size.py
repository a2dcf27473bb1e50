"""`adds_little`: what an image adds to its base counts, and a base is not blamed for being large."""

from collections.abc import Callable
from pathlib import PurePosixPath

from grader.criteria.added_size import adds_little
from grader.criteria.facts import Shipped
from grader.criteria.outcome import Unmet
from grader.image.model import ElfFacts, Entry, Kind

MakeShipped = Callable[..., Shipped]
ELF = ElfFacts("x86-64", None)


def file(path: str, size: int, elf: ElfFacts | None = None) -> Entry:
    """Make a regular file's entry."""
    return Entry(PurePosixPath(path), Kind.FILE, size, 0o644, 0, 0, elf=elf)


def test_the_base_does_not_count(make_shipped: MakeShipped) -> None:
    """However large it is; and the budget is the most there may be."""
    shipped = make_shipped([file("usr/local/bin/node", 9_000, ELF)], [file("app/a", 100)], base_layers=1)
    assert adds_little(shipped, 100, runtime="node") is None


def test_too_much_is_caught_with_the_heaviest_layer_and_its_line(make_shipped: MakeShipped) -> None:
    """Hidden files count, as everywhere."""
    gone = Entry(PurePosixPath("root/.npm"), Kind.WHITEOUT, 0, 0, 0, 0)
    layers = [file("base", 9)], [file("root/.npm/log", 2_000)], [file("app/a", 50), gone]
    answer = adds_little(make_shipped(*layers, base_layers=1, lines=(None, 4, 5)), 100, runtime="node")
    assert isinstance(answer, Unmet)
    assert answer.lines == (4,)
    assert "step 1" in answer.actual


def test_who_brings_the_runtime_to_a_small_base_is_not_failed_for_it(make_shipped: MakeShipped) -> None:
    """The image is smaller than on the runtime's own image; a second copy of it is one too many."""
    runtime = [file("usr/local/bin/node", 9_000, ELF), file("usr/lib/libstdc++.so.6", 900, ELF)]
    assert adds_little(make_shipped([file("base", 9)], runtime, base_layers=1), 100, runtime="node") is None
    twice = make_shipped([file("base", 9)], runtime, [file("opt/node", 9_000, ELF)], base_layers=1)
    assert isinstance(adds_little(twice, 100, runtime="node"), Unmet)


def test_a_text_by_the_name_of_the_runtime_counts(make_shipped: MakeShipped) -> None:
    """Only a program is one."""
    assert isinstance(adds_little(make_shipped([file("node", 9_000)]), 100, runtime="node"), Unmet)
