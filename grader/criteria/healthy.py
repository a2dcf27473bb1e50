"""The image's health check says healthy when the program is healthy, with programs of the image."""

from grader.criteria.facts import Shipped
from grader.criteria.formatting import shortened, some_paths
from grader.criteria.outcome import Answer, Unmet
from grader.criteria.start import find_file, locate
from grader.image.model import Kind

WHY = "A process can run and no longer answer: a health check asks it, with a tool that is in the image."
_BY_SHELL = "CMD-SHELL"
_REFUSED = "refused"
"""What every tool says that asks where nothing listens. It only chooses a hint."""
_SHELL_WORDS = ("[", "cd", "exec", "if", "set", "test")
EXPECTED = "HEALTHCHECK turns healthy, without curl in the image"


def healthy(status: str, words: str, shipped: Shipped) -> Answer:
    """Passes if the check's `status` is `healthy` and no curl is shipped; `words` are what the last check wrote."""
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
        path: placed.layer
        for path, placed in shipped.tree.items()
        if path.name == "curl" and path.parent.name in ("bin", "sbin") and placed.entry.kind in kinds
    }
    if not found:
        return None
    actual = f"it is healthy, but the image has {some_paths(sorted(found))}"
    hint = "Leave out curl: the greeter can ask itself, see the lesson."
    return Unmet(EXPECTED, actual, WHY, hint, shipped.lines_of_layers(set(found.values())))
