"""The image's health check says healthy when the program answers and only then, with programs of the image."""

from collections.abc import Mapping
from enum import Enum
from typing import Any

from grader.criteria.facts import Shipped
from grader.criteria.formatting import shortened, some_paths
from grader.criteria.outcome import Answer, Unmet
from grader.criteria.start import find_file, locate
from grader.engine.model import Exit
from grader.image.model import Kind

WHY = "A process can run and no longer answer: a health check asks it, with a tool that is in the image."
_BY_SHELL = "CMD-SHELL"
_SHELL = ("/bin/sh", "-c")
PATIENCE = 20.0
"""Seconds after which a check that has not ended counts as one that is not healthy: the engine would kill it."""
_REFUSED = "refused"
"""What every tool says that asks where nothing listens. It only chooses a hint."""
_SHELL_WORDS = ("[", "cd", "exec", "if", "set", "test")
EXPECTED = "HEALTHCHECK turns healthy, without curl in the image"


def healthy(status: str, words: str, shipped: Shipped) -> Answer:
    """Passes if the check's `status` is `healthy` and no layer has curl; `words` are what the last check wrote."""
    lines = shipped.attempt.last_line("HEALTHCHECK")
    check = " ".join(shipped.image.config.healthcheck[1:])
    if status == "healthy":
        return _without_curl(shipped)
    if not check or shipped.image.config.healthcheck[0] == "NONE":
        hint = "Add a HEALTHCHECK to the final stage, with a program that the image has."
        return Unmet(EXPECTED, "the image has no health check", WHY, hint, lines or shipped.attempt.final_from)
    said = shortened(words) or "nothing"
    actual = f"`{shortened(check, 80)}` leaves it {status or 'without a status'}; it wrote: {said}"
    hint = "Run the check by hand in a container: `docker exec`."
    if _lacks_shell(shipped):
        hint = "This form needs a shell, and the image has none: HEALTHCHECK also has a JSON form."
    elif _lacks_program(shipped):
        hint = "Use a program that is in the image, such as the greeter itself: see the lesson."
    elif _REFUSED in words:
        hint = "Nothing listens there: which port does the greeter listen on?"
    return Unmet(EXPECTED, actual, WHY, hint, lines)


def asking(shipped: Shipped) -> Mapping[str, Any]:
    """How a container is started that asks once what the image's health check asks, and ends with its exit code."""
    form, *command = shipped.image.config.healthcheck
    words = (*(shipped.image.config.shell or _SHELL), *command) if form == _BY_SHELL else tuple(command)
    return {"entrypoint": words[:1], "arguments": words[1:], "port": None}


class Quiet(str, Enum):
    """A place where nothing answers on the program's port, in words."""

    ALONE = "where no program runs"
    ELSEWHERE = "next to a program that listens on another port"
    PAUSED = "next to a program that was paused, and so cannot answer"


def notices_silence(checks: Mapping[Quiet, Exit], shipped: Shipped) -> Answer:
    """Passes if the image's check is not healthy where nothing answers.

    `checks` are how containers ended that were started as `asking` says, with the network and the processes of such a
    place.
    """
    fooled = [place for place, check in checks.items() if check.code == 0 and not check.killed]
    if not fooled:
        return None
    check = shortened(" ".join(shipped.image.config.healthcheck[1:]), 80)
    return Unmet(
        "HEALTHCHECK turns unhealthy when the program does not answer",
        f"`{check}` ends with exit code 0 also {fooled[0].value}",
        WHY,
        "The check must ask the program, and end with another exit code than 0 if no answer comes.",
        shipped.attempt.last_line("HEALTHCHECK"),
    )


def _lacks_shell(shipped: Shipped) -> bool:
    form, *_ = shipped.image.config.healthcheck
    return form == _BY_SHELL and find_file(shipped, "/bin/sh") is None


def _lacks_program(shipped: Shipped) -> bool:
    """Whether what the check starts first is no program of the image and nothing that a shell does itself."""
    form, *command = shipped.image.config.healthcheck
    words = command[0].split() if form == _BY_SHELL and command else command
    return bool(words) and words[0] not in _SHELL_WORDS and locate(shipped, words[0]) is None


def _without_curl(shipped: Shipped) -> Answer:
    kinds = (Kind.FILE, Kind.SYMLINK, Kind.HARDLINK)
    found = {
        entry.path: index
        for index, layer in enumerate(shipped.image.layers)
        for entry in layer.entries
        if entry.path.name == "curl" and entry.path.parent.name in ("bin", "sbin") and entry.kind in kinds
    }
    if not found:
        return None
    actual = f"it is healthy, but the image has {some_paths(sorted(found))}"
    hint = "Leave out curl: the greeter can ask itself, see the lesson."
    return Unmet(EXPECTED, actual, WHY, hint, shipped.lines_of_layers(set(found.values())))
