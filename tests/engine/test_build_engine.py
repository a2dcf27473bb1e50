"""Builds on a real engine, by both kinds of docker command: the facts, the limits, whose fault a failure is."""

from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from uuid import uuid4

import pytest

from grader.engine.client import Engine
from grader.engine.model import BuildEnd, BuildResult, BuildStep
from grader.engine.syntax_line import set_aside_syntax
from grader.errors import MachineError

pytestmark = pytest.mark.engine
Build = Callable[..., BuildResult]


def command_lines() -> Iterator[str]:
    """Return what every process of this machine was started with, containers' included."""
    for process in Path("/proc").glob("[0-9]*"):
        with suppress(OSError):  # it has just ended
            yield (process / "cmdline").read_bytes().replace(b"\0", b" ").decode("utf-8", "replace")


# Facts --------------------------------------------------------------------------------------------------------------


def test_a_build_gives_an_image_its_steps_and_their_log(builder: Engine, build: Build, run: str) -> None:
    """Name, stage, number, log and time of each instruction, and an image under the tag with the labels."""
    tag = f"workshop-test/built:{uuid4().hex[:12]}"
    text = "FROM BASE AS one\nRUN echo said; sleep 0.3\nFROM scratch\nCOPY --from=one /bin/busybox /b\n"
    result = build(text, tag=tag, no_cache=True)

    assert result.end is BuildEnd.BUILT
    inspected = builder.inspect_image(tag)
    assert inspected is not None
    assert inspected.id == result.image_id
    assert dict(inspected.labels)["workshop.run"] == run
    [echo] = [step for step in result.steps if step.instruction.startswith("RUN")]
    assert (echo.stage, echo.number, echo.log, echo.cached, echo.ended) == ("one", 2, "said", False, True)
    assert 0.2 <= echo.seconds <= result.seconds + 0.1
    assert [step.stage for step in result.steps if step.instruction.startswith("COPY")] == ["stage-1"]


def test_the_second_build_comes_from_the_cache(build: Build) -> None:
    """That is what caching exercises are judged by."""
    text = f"FROM BASE\nRUN echo {uuid4().hex}\n"
    first, second = build(text), build(text)
    assert [step.cached for step in first.steps if step.number == 2] == [False]
    assert [step.cached for step in second.steps if step.number == 2] == [True]
    assert not any(step.cached for step in build(text, no_cache=True).steps if step.number == 2)


def test_a_failing_step_is_told_with_its_log_and_error(build: Build) -> None:
    """The learner reads what the command said."""
    result = build("FROM BASE\n\nRUN echo one >&2; echo two >&2; exit 7\nRUN echo never\n")
    assert (result.end, result.image_id, result.line in (None, 3)) == (BuildEnd.FAILED, None, True)
    [failed] = [step for step in result.steps if step.error]
    assert failed.number == 2
    assert failed.log.splitlines() == ["one", "two"]
    assert failed.error.endswith("exit code: 7")
    assert not any("never" in step.instruction for step in result.steps)


def test_steps_are_told_as_they_begin_and_end(build: Build) -> None:
    """Someone looks at the screen meanwhile."""
    seen: list[tuple[str, bool]] = []

    def note(step: BuildStep) -> None:
        seen.append((step.instruction.split()[0], step.ended))

    build(f"FROM BASE\nRUN echo {uuid4().hex}\n", on_step=note)
    assert seen[-2:] == [("RUN", False), ("RUN", True)]


def test_terminal_escapes_in_a_log_are_taken_out(build: Build) -> None:
    """A title, a clear screen, a bell and a C1 control: none of it may reach a terminal."""
    result = build("FROM BASE\nRUN printf '\\033]0;title\\007\\033[2Jred\\a\\302\\233mok\\n'; exit 1\n")
    [failed] = [step for step in result.steps if step.error]
    assert failed.log == "red\\x07\\x9bmok"
    assert "\x1b" not in failed.error + failed.name + result.error


# What one may ask for -----------------------------------------------------------------------------------------------


def test_a_target_is_built_and_no_further(build: Build) -> None:
    """The last stage is not run."""
    result = build("FROM BASE AS one\nRUN echo one\nFROM one AS two\nRUN echo two\n", target="one", no_cache=True)
    assert [step.log for step in result.steps if "RUN" in step.instruction] == ["one"]


def test_build_arguments_reach_the_build_as_they_are(build: Build) -> None:
    """Spaces, quotes and names that mean something to the docker command too."""
    arguments = {"WHO": "a 'b' \"c\" $d", "DOCKER_THING": "x y", "PATH_TO": "z"}
    text = 'FROM BASE\nARG WHO\nARG DOCKER_THING\nARG PATH_TO\nRUN echo "$WHO|$DOCKER_THING|$PATH_TO"\n'
    result = build(text, build_args=arguments, no_cache=True)
    assert result.steps[-1].log == "a 'b' \"c\" $d|x y|z"


def test_secrets_and_arguments_reach_the_build_but_not_the_list_of_processes(build: Build) -> None:
    """Any user of the machine may read that list."""
    secret, argument = f"s-{uuid4().hex}", f"a-{uuid4().hex}"
    shown: list[str] = []

    def look(step: BuildStep) -> None:
        if not step.ended and "secret" in step.instruction:
            shown.extend(command_lines())

    result = build(
        "FROM BASE\nARG WHO\nRUN --mount=type=secret,id=token cat /run/secrets/token; echo; echo $WHO; sleep 0.5\n",
        secrets={"token": secret.encode()},
        build_args={"WHO": argument},
        on_step=look,
    )
    assert result.steps[-1].log.splitlines() == [secret, argument]
    assert any("id=token" in line for line in shown)
    assert not any(secret in line or argument in line for line in shown)


def test_a_build_has_no_network(build: Build) -> None:
    """Loopback is the only interface, so that no answer depends on what is out there today."""
    assert build("FROM BASE\nRUN ls /sys/class/net\n", no_cache=True).steps[-1].log.split() == ["lo"]


@pytest.mark.parametrize("architecture", ["arm64", "amd64"])
def test_an_image_is_for_the_platform_that_was_asked_for(builder: Engine, build: Build, architecture: str) -> None:
    """Nothing is run, so that any machine can."""
    tag = f"workshop-test/built:{uuid4().hex[:12]}"
    build("FROM scratch\nCOPY f /f\n", {"f": "x"}, tag=tag, platform=f"linux/{architecture}")
    inspected = builder.inspect_image(tag)
    assert inspected is not None
    assert inspected.architecture == architecture


def test_cache_mounts_of_two_namespaces_are_apart(build: Build) -> None:
    """One learner's cache mount must not warm another's build, nor poison it."""
    marker, names = uuid4().hex, (f"a{uuid4().hex}", f"b{uuid4().hex}")
    text = f"FROM BASE\nARG STEP\nRUN --mount=type=cache,id={marker},target=/c ls /c; touch /c/mark\n"
    logs = [
        build(text, cache_mount_namespace=name, build_args={"STEP": f"{marker}{step}"}).steps[-1].log
        for step, name in enumerate((*names, names[0]))
    ]
    assert logs == ["", "", "mark"]


def test_an_official_syntax_line_is_set_aside_where_no_registry_is(build: Build) -> None:
    """Its frontend would have to be fetched; the one that the engine has built in takes its place."""
    text = "# syntax=docker/dockerfile:1\nFROM BASE\nRUN nonsense-command\n"
    result = build(set_aside_syntax(text.encode()).decode())
    assert (result.end, result.line in (None, 3)) == (BuildEnd.FAILED, True)


# The submission's faults --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "words", "line"),
    [
        ("FROM BASE\n\nRUNN echo\n", "unknown instruction: RUNN", 3),
        ("FROM BASE\nCOPY one\n", "COPY requires at least two arguments", 2),
        ("FROM BASE\nCOPY --bogus=1 a b\n", "bogus", 2),
        ("FROM BASE\nWORKDIR\n", "WORKDIR requires exactly one argument", 2),
    ],
)
def test_a_line_that_cannot_be_read_is_named(build: Build, text: str, words: str, line: int) -> None:
    """The learner should not have to look for it."""
    result = build(text)
    assert (result.end, result.line) == (BuildEnd.FAILED, line)
    assert words.lower() in result.error.lower()


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "empty"),
        ("RUN echo\n", "no build stage"),
        ("FROM BASE AS a\nCOPY --from=b /x /y\nFROM BASE AS b\nCOPY --from=a /x /y\n", "circular dependency"),
        ("FROM BASE\nCOPY --from=3 /x /y\n", "invalid stage index"),
        ("FROM BASE\nCOPY nosuch /x\n", "not found"),
        ("FROM BASE\nCOPY ../../etc/passwd /x\n", "/etc: no such file or directory"),
        ("ARG X\nFROM $X\n", "blank"),
        ("FROM scratch\nRUN true\n", "exit code: 1"),
        ("FROM BASE\nUSER nobodyhere\nRUN true\n", "unable to find user"),
    ],
)
def test_a_wrong_dockerfile_is_the_submission_s_fault(build: Build, text: str, words: str) -> None:
    """It fails, with BuildKit's words."""
    result = build(text)
    assert result.end is BuildEnd.FAILED
    assert words in result.error


def test_an_unknown_target_is_the_submission_s_fault(build: Build) -> None:
    """An exercise asks for a stage that the learner did not name so."""
    result = build("FROM BASE AS one\n", target="two")
    assert result.end is BuildEnd.FAILED
    assert "target stage" in result.error


@pytest.mark.parametrize("said", ["no space left on device", "dial tcp: i/o timeout", "#1 ERROR: x", "{}"])
def test_what_a_step_prints_makes_no_fault_of_the_machine(build: Build, said: str) -> None:
    """A learner may print anything; an error costs no points."""
    result = build(f'FROM BASE\nRUN ["sh", "-c", "echo \'{said}\'; echo \'{said}\' >&2; exit 1 #\\n{said}"]\n')
    assert result.end is BuildEnd.FAILED
    assert said in result.steps[-1].log


# The machine's faults -----------------------------------------------------------------------------------------------


def test_a_base_image_that_nobody_has_is_the_machine_s_fault(build: Build) -> None:
    """No registry answers for the reserved name; one line says which image, and what to do."""
    with pytest.raises(MachineError, match=r"\A[^\n]*registry\.invalid/nothing:1[^\n]*images prepare[^\n]*\Z"):
        build("FROM registry.invalid/nothing:1\nRUN true\n")
