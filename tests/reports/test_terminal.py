"""The verdict at a terminal: what is said, beyond the golden files' word for word."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from grader.reports import terminal
from grader.verdict import CriterionResult, ImageSummary, LayerSummary, Outcome, SizeScale, StageSummary, Verdict


def report(**fields: Any) -> str:
    """Render a verdict that contains these fields and little else."""
    verdict = Verdict("x", "X", (CriterionResult("a", "A", Outcome.PASSED, 1, 1),), None, 1.0, "", "0")
    return terminal.render(replace(verdict, **fields))


def test_the_first_line_of_a_machines_fault_says_whose_fault_it_is_not(sample: Callable[[str], Verdict]) -> None:
    """Who reads no further knows that they did nothing wrong; the cause is named once."""
    text = terminal.render(sample("machine-error"), width=80)
    assert text.splitlines()[0] == "ERROR  The machine failed, not you. No points are lost."
    assert text.count("stopped answering") == 1
    assert "of 100 points" not in text


def test_two_machine_faults_are_both_told() -> None:
    """The headline names the first; another one has its own line."""
    criteria = tuple(
        CriterionResult(name, name, Outcome.ERROR, 0, 1, actual=why)
        for name, why in (("a", "no disk"), ("b", "no net"))
    )
    text = report(criteria=criteria, error="no disk")
    assert text.count("no disk") == text.count("no net") == 1


@pytest.mark.parametrize("full", [True, False])
@pytest.mark.parametrize("width", [40, 80, 100])
def test_a_failed_report_ends_with_what_to_do_next(sample: Callable[[str], Verdict], width: int, *, full: bool) -> None:
    """On a screen of 24 lines the first failed criterion, its line and what to try are there at the end."""
    verdict = sample("failed")
    first = next(result for result in verdict.criteria if result.status is Outcome.FAILED)
    screen = terminal.render(verdict, width=width, full=full, closing="`workshop x`").splitlines()[-22:]
    words = " ".join(" ".join(screen).split())
    assert screen[-1] == "`workshop x`"
    assert f"{verdict.score} of {verdict.max_score} points. Fix this first:" in words
    for text in (first.title, f"Dockerfile line{'s' if len(first.lines) > 1 else ''} {first.lines[0]}", "try"):
        assert text in words
    assert "".join(first.hint.split()) in "".join(words.split())


@pytest.mark.parametrize("unicode", [True, False])
@pytest.mark.parametrize("width", [40, 60, 80, 100])
def test_long_texts_do_not_push_what_to_try_off_the_screen(width: int, *, unicode: bool) -> None:
    """What was seen may be a long log; it is cut, and what to try is complete."""
    words = "many words of a log " * 12
    seen = "\n".join([words] * 30)
    hint = "Try this, and then try that. " * 5
    long = CriterionResult("b", "B " + "t" * 90, Outcome.FAILED, 0, 9, words, seen, words, hint, (3, 14))
    verdict = Verdict("x", "X", (long, replace(long, id="c")), None, 1.0, "", "0")
    screen = terminal.render(verdict, width=width, unicode=unicode, full=False, closing="end").splitlines()[-22:]
    assert "FAILED  0 of 18 points. Fix this first:" in screen
    assert any("lines 3, 14" in line for line in screen)
    assert "".join(hint.split()) in "".join("".join(screen).split())


def test_without_full_only_the_first_failure_has_its_texts(sample: Callable[[str], Verdict]) -> None:
    """The others are a line each, so that there is one thing to do."""
    short, full = (terminal.render(sample("failed"), full=value) for value in (False, True))
    failed = [result for result in sample("failed").criteria if result.status is Outcome.FAILED]
    assert len(failed) > 1
    assert all(result.title[:30] in short for result in failed)
    assert short.count("  why ") == 1
    assert full.count("  why ") == len(failed)
    assert "Layers" not in short


def test_a_machines_fault_is_at_the_end_too(sample: Callable[[str], Verdict]) -> None:
    """Whose fault it was is the first line, and what happened the last."""
    short = terminal.render(sample("machine-error"), full=False).splitlines()
    assert short[0] == "ERROR  The machine failed, not you. No points are lost."
    assert "check again" in " ".join(short[-3:])


def test_a_passed_report_ends_with_where_to_go(sample: Callable[[str], Verdict]) -> None:
    """The size is what one is proud of; it is still there."""
    short = terminal.render(sample("passed"), full=False, closing="`workshop next` goes on").splitlines()
    assert short[-1] == "`workshop next` goes on"
    assert any("Your image has" in line for line in short)


def test_one_cause_is_told_once(sample: Callable[[str], Verdict]) -> None:
    """Eight blocked criteria are no cascade of eight failures."""
    text = terminal.render(sample("builds-failed"))
    assert text.count("can't tell until it builds") == 1
    assert text.count("BLOCKED") == 1
    assert "8 criteria" in text


def test_colour_changes_no_word(sample: Callable[[str], Verdict], case: str) -> None:
    """Nothing is said by colour alone."""
    from rich.text import Text

    plain = terminal.render(sample(case), width=100)
    coloured = terminal.render(sample(case), width=100, color=True)
    assert "\x1b[" in coloured
    assert Text.from_ansi(coloured).plain.split() == plain.split()


@pytest.mark.parametrize(
    ("name", "value"),
    [("NO_COLOR", "1"), ("FORCE_COLOR", "1"), ("COLUMNS", "20"), ("TERM", "dumb"), ("TTY_COMPATIBLE", "0")],
)
@pytest.mark.parametrize("color", [True, False])
def test_the_surroundings_change_nothing(
    sample: Callable[[str], Verdict], monkeypatch: pytest.MonkeyPatch, name: str, value: str, *, color: bool
) -> None:
    """A report is made from its arguments; whoever calls looks at the terminal."""
    expected = terminal.render(sample("failed"), width=100, color=color)
    monkeypatch.setenv(name, value)
    assert terminal.render(sample("failed"), width=100, color=color) == expected


@pytest.mark.parametrize(
    ("size", "starter", "budget", "says"),
    [
        (14, 614, 25, "14.0 MB, within the budget, 44 times smaller than the starter."),
        (400, 614, 25, "400 MB, 375 MB over the budget, 35 % smaller than the starter."),
        (614, 614, 25, "614 MB, 589 MB over the budget."),
        (613, 614, 25, "613 MB, 588 MB over the budget."),
        (25, None, 25, "25.0 MB, within the budget."),
        (700, 614, None, "700 MB."),
    ],
)
def test_the_size_is_said_in_words_too(size: int, starter: int | None, budget: int | None, says: str) -> None:
    """Bars are for eyes; the sentence is for everyone."""
    mb = 1_000_000
    scale = SizeScale(starter and starter * mb, budget and budget * mb)
    assert f"Your image has {says}" in report(image=ImageSummary(size * mb, "scratch", 0), scale=scale)


def test_each_reason_is_told_once_in_the_order_of_the_criteria() -> None:
    """Two causes that take turns are still two."""
    turns = (("a", "no answer"), ("b", "no build"), ("c", "no answer"))
    criteria = tuple(CriterionResult(name, name, Outcome.BLOCKED, 0, 5, actual=why) for name, why in turns)
    lines = report(criteria=criteria).splitlines()
    told = [line.strip() for line in lines if line.strip() in ("no answer", "no build", "a, c")]
    assert told == ["no answer", "a, c", "no build"]


def test_a_huge_image_keeps_its_bars_in_line() -> None:
    """A terabyte is not a size that one expects, and still a size."""
    text = report(image=ImageSummary(10**12, "scratch", 0), scale=SizeScale(10**12, 10**6))
    rows = text[text.index("Size") : text.index("Your image")].splitlines()[1:-1]
    assert [row.split()[0] for row in rows] == ["starter", "yours", "budget"]
    assert len({len(row.split("MB")[0]) for row in rows}) == 1


BUILT_WITH_ARGUMENTS = LayerSummary(
    "RUN |2 A=1 TOKEN=s3 cr3t /bin/sh -c npm install # buildkit", 40_000, False, 7, 20_000
)


def test_the_layers_of_before_stand_below_those_of_now() -> None:
    """What was there once, what made it, and what of it nobody could see."""
    before = ImageSummary(40_000, "golang:1.26", 40_000, (BUILT_WITH_ARGUMENTS,))
    text = report(
        image=ImageSummary(5_000, "scratch", 5_000, (LayerSummary("COPY a /a", 5_000, False, 2),)), before=before
    )
    now, _, then = text.partition("Before: the starter's layers, 40 kB\n")
    assert "COPY a /a" in now
    assert then.startswith("     40 kB  line 7   RUN npm install\n  20 kB are hidden by later layers")


def test_without_a_picture_of_before_there_is_no_word_of_it() -> None:
    """The starter was not graded here."""
    assert "Before" not in report(image=ImageSummary(5, "scratch", 5, (LayerSummary("COPY a /a", 5, False, 2),)))


def test_a_few_hidden_bytes_are_not_worth_a_word() -> None:
    """One more user in /etc/passwd hides the file that the base has."""
    layer = LayerSummary("base", 9_000, from_base=True, hidden=900)
    assert "hidden" not in report(image=ImageSummary(9_000, "alpine", 0, (layer,)))


def test_stages_that_are_not_needed_are_named_and_shared_ones_drawn_once() -> None:
    """The tree says what the image rests on; the rest is not built at all."""
    stages = (
        StageSummary("base", "golang:1.26"),
        StageSummary("builder", "Base"),
        StageSummary("test", "builder"),
        StageSummary("3", "alpine:latest", ("builder", "base", "busybox")),
    )
    text = report(stages=stages)
    tree = text[text.index("Stages") : text.index("graded")].split("\n")
    assert tree[1:7] == [
        "  final stage (alpine:latest)",
        "  ├─ COPY --from builder",
        "  │  └─ FROM base (golang:1.26)",
        "  ├─ COPY --from base (see above)",
        "  └─ COPY --from busybox (an image)",
        "  not used for the image, so not built: test",
    ]


def test_a_thousand_stages_neither_break_nor_flood_it() -> None:
    """A Dockerfile may have any number of stages, each on the one before."""
    chain = (StageSummary("s0", "scratch"), *(StageSummary(f"s{n}", f"s{n - 1}") for n in range(1, 1000)))
    assert len(report(stages=chain).splitlines()) < 30
    fan = (*(StageSummary(f"s{n}", "scratch") for n in range(999)), StageSummary("end", "scratch", ("s1",) * 500))
    assert len(report(stages=fan).splitlines()) < 40
