"""Why a container gave no answer, in words: one sentence for each thing that can happen."""

import pytest

from grader.criteria.silence_words import said, silence_words
from grader.engine.model import Exit
from grader.engine.silence import (
    Ended,
    HttpFailure,
    HttpFault,
    ListensElsewhere,
    LoopbackOnly,
    NoAnswer,
    NotStarted,
    Silence,
    StartFault,
    StartRefusal,
)

REFUSAL = StartRefusal(StartFault.PROGRAM_MISSING, 'exec: "x": executable file not found in $PATH')
LATE = HttpFailure(HttpFault.TIMED_OUT, "TimeoutError", 5.0)
BROKEN = HttpFailure(HttpFault.BROKEN_ANSWER, "BadStatusLine", 5.0)
AWAY = HttpFailure(HttpFault.UNREACHABLE, "OSError", 5.0)


@pytest.mark.parametrize(
    ("silence", "words"),
    [
        (NotStarted(REFUSAL), 'the container did not start: exec: "x": executable file not found in $PATH'),
        (Ended(3, False, 512_000_000, ""), "the container ended by itself with exit code 3 and wrote nothing"),
        (Ended(3, False, 1, "gone"), "the container ended by itself with exit code 3; it last wrote: gone"),
        (
            Ended(137, True, 32_000_000, ""),
            "the container ended by itself with exit code 137 (out of memory: the limit is 32 MB) and wrote nothing",
        ),
        (
            LoopbackOnly(8080),
            "the program listens on 127.0.0.1:8080 only, where nothing outside the container can reach it",
        ),
        (ListensElsewhere(8080, (80, 90)), "nothing listens on port 8080; the program listens on 80, 90"),
        (NoAnswer(80, 10.0, BROKEN, False), "nothing answered on port 80 within 10 s: nothing listens there"),
        (
            NoAnswer(80, 10.0, BROKEN, None),
            "nothing answered on port 80 within 10 s: the connection failed (BadStatusLine)",
        ),
        (NoAnswer(80, 10.0, BROKEN, True), "port 80 is open, but the connection failed (BadStatusLine)"),
        (
            NoAnswer(80, 10.0, LATE, True),
            "port 80 is open, but it took the connection and gave no complete answer within 5 s",
        ),
        (
            NoAnswer(80, 10.0, AWAY, None),
            "nothing answered on port 80 within 10 s: it cannot be reached from here (OSError)",
        ),
        (
            NoAnswer(80, 10.0, HttpFailure(HttpFault.NOT_PUBLISHED), None),
            "nothing answered on port 80 within 10 s: its port was never published",
        ),
        (None, "nothing answered"),
    ],
)
def test_each_silence_has_its_sentence(silence: Silence | None, words: str) -> None:
    """A learner reads it as what was there in place of an answer."""
    assert silence_words(silence) == words


def test_what_a_container_left_to_read_is_its_log_or_the_engines_refusal() -> None:
    """Never both."""
    assert said(Exit(1, killed=False, seconds=0.1, log="gone")) == "gone"
    assert said(Exit(127, killed=False, seconds=0.0, log="", refusal=REFUSAL)) == REFUSAL.words
