"""Programs whose own log says what an engine would say: they are judged by what happened, not by what they write."""

from collections.abc import Callable
from contextlib import AbstractContextManager

import pytest

from grader.criteria.answers_http import answers_http
from grader.criteria.binary_executable import binary_executable
from grader.criteria.facts import Attempt, Shipped
from grader.criteria.outcome import Unmet
from grader.dockerfile.reader import read
from grader.engine.client import Engine
from grader.engine.container import Container
from grader.grading.images import ship

pytestmark = pytest.mark.engine
Image = Callable[..., str]
Start = Callable[..., AbstractContextManager[Container]]
Gather = Callable[[str, str], Shipped]
HINT = "read what it prints"
"""What a learner reads whose program ended for a reason that only the program knows."""
WORDS = (
    "dial tcp 10.0.0.7:5432: connect: connection refused",
    "dial tcp 127.0.0.1:5432: connect: connection refused",
    "the container did not start: the database is away",
    'exec: "/config": permission denied',
    "exec /config: permission denied",
    "the helper ended by itself with exit code 126",
    "the program listens on 9090",
    "unable to find user bob: no matching entries in passwd file",
    "unable to find group staff: no matching entries in group file",
)


@pytest.fixture
def shipped(engine: Engine, base: str) -> Gather:
    """Gather the facts of an image that was built a moment ago."""

    def gather(reference: str, dockerfile: str) -> Shipped:
        attempt = Attempt("plain", read(dockerfile.replace("BASE", base)), None)
        return ship(engine, reference, attempt, (), lambda: False)

    return gather


@pytest.mark.parametrize("words", WORDS)
def test_a_program_is_not_judged_by_misleading_words_in_its_log(
    shipped: Gather, image: Image, start: Start, words: str
) -> None:
    """It started and ended with code 1: neither its mode, nor its user, nor its port is the cause."""
    dockerfile = 'FROM BASE\nENV ADDRESS=127.0.0.1 PORT=9090\nCOPY program /program\nUSER 65532\nCMD ["/program"]\n'
    reference = image(dockerfile, files={"program": f"#!/bin/sh\necho '{words}' >&2\nexit 1\n"})
    facts = shipped(reference, dockerfile)
    with start(image=reference) as container:
        exchange = container.get("/")
    answer = answers_http(exchange, facts)
    assert isinstance(answer, Unmet)
    assert answer.actual == f"the container ended by itself with exit code 1; it last wrote: {words}"
    assert HINT in answer.hint
    assert answer.lines == (5,)
    assert binary_executable(exchange, facts) is None


@pytest.mark.parametrize("command", ['["/program"]', "exec /program", "/program"])
def test_a_program_that_itself_ends_with_126_was_executed(
    shipped: Gather, image: Image, start: Start, command: str
) -> None:
    """A shell's code for a program that it may not execute is anyone's to use, and everyone may execute this one."""
    dockerfile = f"FROM BASE\nCOPY program /program\nCMD {command}\n"
    reference = image(dockerfile, files={"program": "#!/bin/sh\nexit 126\n"})
    with start(image=reference) as container:
        exchange = container.get("/")
    assert binary_executable(exchange, shipped(reference, dockerfile)) is None


@pytest.mark.parametrize("command", ['["/program"]', "exec /program", "/program"])
@pytest.mark.parametrize("mode", ["0644", "0700"])
def test_a_program_that_may_not_be_executed_is_seen_however_it_is_started(
    shipped: Gather, image: Image, start: Start, command: str, mode: str
) -> None:
    """By the engine's refusal, or by the shell's exit code; the words differ between engines and shells."""
    dockerfile = f"FROM BASE\nCOPY program /program\nRUN chmod {mode} /program\nUSER 65532\nCMD {command}\n"
    reference = image(dockerfile, files={"program": "#!/bin/sh\nexit 0\n"})
    with start(image=reference) as container:
        exchange = container.get("/")
    answer = binary_executable(exchange, shipped(reference, dockerfile))
    assert isinstance(answer, Unmet)
    assert f"/program has mode {mode}" in answer.actual
