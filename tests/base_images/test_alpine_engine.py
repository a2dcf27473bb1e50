"""The stand-in for Alpine answers commands as the real image does. What the real one says: `alpine_commands.toml`."""

import shlex
from collections.abc import Callable
from pathlib import Path

import pytest

from grader.codec import parse_toml
from grader.engine.client import Engine
from grader.engine.labels import run_labels
from grader.engine.model import BuildResult, RunRequest

pytestmark = pytest.mark.engine

COMMANDS = [
    (case["runs"].strip("\n"), case["says"].strip("\n"))
    for case in parse_toml(Path(__file__).with_name("alpine_commands.toml").read_text("utf-8"))["commands"]
]
_MARK = "-- the next one --"


@pytest.fixture(scope="module")
def answers(engine: Engine, run: str, stand_in: Callable[[str], str]) -> list[str]:
    """What one container of the stand-in writes for each command, without the empty lines around it."""
    steps = (
        f"mkdir -p /work/{number}; cd /work/{number}; sh -c {shlex.quote(command)} 2>&1; echo; echo '{_MARK}'"
        for number, (command, _) in enumerate(COMMANDS)
    )
    request = RunRequest(
        stand_in("alpine:latest"),
        arguments=("sh", "-c", "exec >/answers 2>&1\n" + "\n".join(steps)),
        labels=run_labels(run),
        networked=False,
    )
    with engine.run(request) as container:
        end = container.wait(240)
        written = container.read_file("/answers")
    assert not end.killed
    assert written is not None
    return [answer.strip("\n") for answer in written.decode("utf-8").split(_MARK)]


@pytest.mark.parametrize("number", range(len(COMMANDS)), ids=lambda number: COMMANDS[number][0].split("\n")[0][:40])
def test_commands_answer_as_on_the_real_image(answers: list[str], number: int) -> None:
    """The usual commands with their usual options, and the shell, which looks for each of them in PATH."""
    command, wanted = COMMANDS[number]
    assert answers[number] == wanted, command


def test_a_shell_can_be_taken_from_it_to_an_empty_image(build: Callable[..., BuildResult]) -> None:
    """The program that `command -v busybox` names is one file, which starts where nothing else is."""
    result = build(
        "shell-from-alpine",
        'FROM alpine:latest AS tools\nRUN mkdir /out && cp "$(command -v busybox)" /out/sh\n'
        'FROM scratch\nCOPY --from=tools /out/sh /bin/sh\nRUN ["/bin/sh", "-c", "echo it starts"]\n',
    )
    assert result.built, [step.log for step in result.steps]
    assert any("it starts" in step.log for step in result.steps)


@pytest.mark.parametrize("image", ["busybox", "alpine:latest"])
def test_every_link_leads_to_a_command_that_is_there(said: Callable[..., str], image: str) -> None:
    """A command that the program does not have is not linked to it."""
    log = said(
        f"links-of-{image.partition(':')[0]}",
        f"FROM {image}\nRUN /bin/busybox --list >/tmp/has; for file in /bin/* /sbin/* /usr/bin/* /usr/sbin/*; do\\\n"
        '  case $(readlink "$file") in */busybox) grep -qxF "${file##*/}" /tmp/has || echo "without: $file" ;; esac\\\n'
        "; done; echo looked at $(wc -l </tmp/has)\n",
    )
    assert "looked at 2" in log
    assert "without" not in log
