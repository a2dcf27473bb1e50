"""The image's health check says healthy when the program is, with what the image has."""

from grader.criteria.facts import Shipped
from grader.criteria.outcome import Answer, Unmet
from grader.criteria.words import refusal, shortened, some_paths
from grader.image.model import Kind

WHY = "A process that runs may long have ceased to answer: a health check asks it, with no tool that is not there."
EXPECTED = "HEALTHCHECK turns healthy, without curl in the image"


def healthy(status: str, words: str, shipped: Shipped) -> Answer:
    """Hold if the check's `status` is `healthy` and no curl is shipped; `words` are what the last check wrote."""
    lines = shipped.attempt.last_line("HEALTHCHECK")
    check = " ".join(shipped.image.config.healthcheck[1:])
    if status == "healthy":
        return _without_curl(shipped)
    if not check or shipped.image.config.healthcheck[0] == "NONE":
        hint = "Add a HEALTHCHECK to the final stage, with something to ask that the image has."
        return Unmet(EXPECTED, "the image has no health check", WHY, hint, lines or shipped.attempt.final_from)
    said = shortened(refusal(words)) or "nothing"
    actual = f"`{shortened(check, 80)}` leaves it {status or 'without a status'}; it wrote: {said}"
    hint = "Run the check by hand in a container: `docker exec`."
    if "exec" in words and shipped.image.config.healthcheck[0] == "CMD-SHELL":
        hint = "This form needs a shell, and the image has none: HEALTHCHECK has a JSON form, too."
    elif "not found" in words or "no such file" in words:
        hint = "Ask with a program that is in the image; the greeter itself is one, see the lesson."
    elif "refused" in words:
        hint = "Nothing listens there: which port does the greeter listen on?"
    return Unmet(EXPECTED, actual, WHY, hint, lines)


def _without_curl(shipped: Shipped) -> Answer:
    kinds = (Kind.FILE, Kind.SYMLINK, Kind.HARDLINK)
    found = {
        path: placed.layer
        for path, placed in shipped.tree.items()
        if path.name == "curl" and path.parent.name in ("bin", "sbin") and placed.entry.kind in kinds
    }
    if not found:
        return None
    actual = f"it is healthy, and the image has {some_paths(sorted(found))}"
    hint = "Leave curl out: the greeter can ask itself, see the lesson."
    return Unmet(EXPECTED, actual, WHY, hint, shipped.lines_of_layers(set(found.values())))
