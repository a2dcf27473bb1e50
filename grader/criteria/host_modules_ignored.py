"""The packages that run are those that the build installed, not those of the machine that built."""

from grader.criteria.answers_http import cannot_tell
from grader.criteria.facts import Shipped
from grader.criteria.formatting import shortened
from grader.criteria.outcome import Answer, Unmet
from grader.engine.model import Exchange

WHY = "Packages of the host were installed for another system, at another time, with another lockfile."


def host_modules_ignored(exchange: Exchange, shipped: Shipped, poison: str) -> Answer:
    """Passes if the answer is not that of the package which was planted in the host's node_modules (`poison`)."""
    blocked = cannot_tell(exchange)
    if blocked or poison not in exchange.text:
        return blocked
    layers = {
        match.layer for match in shipped.image.matches if match.needle == poison.encode() and match.layer is not None
    }
    return Unmet(
        expected="the router that answers is the one that npm installed during the build",
        actual=f"it is the one from the host's node_modules, which says: {shortened(exchange.text, 80)}",
        why=WHY,
        hint="A COPY of everything after the installation overwrites it with the host's folder: keep that folder out.",
        lines=shipped.lines_of_layers(layers),
    )
