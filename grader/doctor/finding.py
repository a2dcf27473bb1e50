"""What a probe found, and how probes are asked: side by side, each for so long. What is looked at is in the others."""

import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from enum import Enum
from queue import Empty, SimpleQueue
from threading import Thread

from grader.errors import KitError


class State(str, Enum):
    """How it stands: fine, worth knowing, or no grading until it is fixed."""

    OK = "ok"
    WARN = "warn"
    FAIL = "fail"


@dataclass(frozen=True, slots=True)
class Diagnosis:
    """One line: what was looked at, how it stands, what was seen, and what to do, where there is something to do."""

    name: str
    state: State
    seen: str
    advice: str = ""


@dataclass(frozen=True, slots=True)
class Probe:
    """Looks at one thing for at most `seconds`. `late` is how it stands if that is not enough."""

    name: str
    look: Callable[[], Sequence[Diagnosis]]
    seconds: float = 8.0
    late: State = State.WARN


def examine(probes: Sequence[Probe]) -> tuple[Diagnosis, ...]:
    """Ask all probes at once and return what they found, in their order; one that hangs delays nobody for long."""
    answers: list[SimpleQueue[Sequence[Diagnosis]]] = []
    begun = time.monotonic()
    for probe in probes:
        answers.append(SimpleQueue())
        # A thread that never ends must not keep the process alive.
        Thread(target=_ask, args=(probe, answers[-1]), daemon=True).start()
    return tuple(_gathered(probes, answers, begun))


def worst(findings: Sequence[Diagnosis]) -> State:
    """Return how it stands altogether."""
    states = {finding.state for finding in findings}
    return next((state for state in (State.FAIL, State.WARN) if state in states), State.OK)


def _ask(probe: Probe, answer: "SimpleQueue[Sequence[Diagnosis]]") -> None:
    try:
        answer.put(probe.look())
    except KitError as error:
        answer.put([Diagnosis(probe.name, State.FAIL, error.what, error.advice)])
    except Exception as error:  # noqa: BLE001 - a probe that breaks is a finding, the others go on
        answer.put([Diagnosis(probe.name, State.WARN, f"cannot be looked at ({type(error).__name__}: {error})")])


def _gathered(
    probes: Sequence[Probe], answers: "Sequence[SimpleQueue[Sequence[Diagnosis]]]", begun: float
) -> Iterator[Diagnosis]:
    for probe, answer in zip(probes, answers, strict=True):
        yield from _answer_of(probe, answer, begun + probe.seconds - time.monotonic())


def _answer_of(probe: Probe, answer: "SimpleQueue[Sequence[Diagnosis]]", seconds: float) -> Sequence[Diagnosis]:
    try:
        return answer.get(timeout=max(0.001, seconds))
    except Empty:
        seen = f"no answer within {probe.seconds:.0f} s"
        return [Diagnosis(probe.name, probe.late, seen, "The machine is busy, or something hangs: try again.")]
