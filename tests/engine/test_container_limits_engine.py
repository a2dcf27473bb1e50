"""Containers that should end on a real engine, and those that want more than they may have."""

from collections.abc import Callable
from contextlib import AbstractContextManager

import pytest

from grader.engine.client import Engine
from grader.engine.container import Container
from grader.engine.labels import run_labels
from grader.engine.model import Limits
from grader.engine.silence import Ended

pytestmark = pytest.mark.engine
Start = Callable[..., AbstractContextManager[Container]]


def test_a_program_that_ignores_the_stop_signal_is_killed(start: Start) -> None:
    """After the grace period, which is distinguished from an end of its own."""
    with start("trap '' TERM; echo up; while :; do sleep 1; done") as container:
        await_log(container, "up")
        ended = container.stop(grace=1.0)
    assert (ended.code, ended.killed) == (137, True)
    assert ended.seconds >= 1.0


def test_a_program_that_heeds_the_stop_signal_ends_by_itself(start: Start) -> None:
    """With the code that it chooses."""
    with start("trap 'echo bye; exit 5' TERM; echo up; while :; do sleep 0.1; done") as container:
        await_log(container, "up")
        ended = container.stop(grace=30.0)
    assert (ended.code, ended.killed, ended.log.splitlines()) == (5, False, ["up", "bye"])


def test_a_program_that_had_ended_is_not_taken_for_killed(start: Start) -> None:
    """Exit code 137 can be anyone's."""
    with start("exit 137") as container:
        container.get("/")
        ended = container.stop(grace=0.0)
    assert (ended.code, ended.killed) == (137, False)


def await_log(container: Container, words: str) -> None:
    """Wait until the program has written `words`; pytest's own time limit is the deadline."""
    for _ in range(2000):
        if words in container.log():
            return
    raise AssertionError(container.log())


# Limits -------------------------------------------------------------------------------------------------------------


def test_a_program_that_wants_too_much_memory_is_told_so(start: Start) -> None:
    """An exit code of 137 alone says nothing to a learner."""
    script = "exec awk 'BEGIN { x = \"0123456789\"; while (1) x = x x }'"
    with start(script, limits=Limits(memory=32_000_000)) as container:
        silence = container.get("/").silence
    assert isinstance(silence, Ended)
    assert (silence.out_of_memory, silence.memory_limit) == (True, 32_000_000)


def test_a_program_that_breeds_stays_below_its_limit(engine: Engine, start: Start, run: str) -> None:
    """It has no more processes than it may, and is removed like any other container."""
    breeding = "(while :; do sleep 3600 & done) 2>/dev/null; echo full; exec sleep 3600"
    label = f"{run}-breeding"
    with start(breeding, limits=Limits(pids=40), labels=run_labels(label)) as container:
        await_log(container, "full")
        assert 30 <= len(container.user_ids()) <= 40
    assert engine.remove_leftovers(label) == 0


def test_a_program_may_gain_privileges_as_elsewhere(start: Start) -> None:
    """`docker run` lets a setuid program become root, and so does the workshop: criteria must see it."""
    with start("grep NoNewPrivs /proc/self/status") as container:
        container.get("/")
        assert container.log().split() == ["NoNewPrivs:", "0"]


def test_a_log_that_floods_is_bounded(start: Start) -> None:
    """Only its tail is kept, by the engine and by us."""
    with start("yes 0123456789 | head -n 400000; echo the end") as container:
        container.get("/")
        log = container.log()
    assert log.endswith("the end")
    assert len(log) <= 20_000


def test_one_can_ask_for_more_processors_than_there_are(start: Start) -> None:
    """A limit that the machine is below is kept anyway."""
    with start("echo up", limits=Limits(cpus=1000.0)) as container:
        silence = container.get("/").silence
    assert isinstance(silence, Ended)
    assert silence.exit_code == 0
