"""Nothing that is next to the source, and not a part of it, is in the image."""

from collections.abc import Mapping

from grader.criteria.facts import Shipped
from grader.criteria.formatting import some_paths
from grader.criteria.outcome import Answer, Unmet

_MOST = 3
WHY = "Everyone who can pull the image can read every layer of it, also what a later layer deletes."


def image_clean(shipped: Shipped, canaries: Mapping[str, str]) -> Answer:
    """Passes if no layer has the bytes of a canary.

    `canaries` are the planted files' random texts by path; the first of them are named first.
    """
    planted = {nonce.encode(): path for path, nonce in canaries.items()}
    order = {needle: number for number, needle in enumerate(planted)}
    found = [match for match in shipped.image.matches if match.needle in planted and match.path is not None]
    if not found:
        return None
    matches = sorted(found, key=lambda match: (order[match.needle], str(match.path)))
    names = list(dict.fromkeys(planted[match.needle] for match in matches))
    places = list(dict.fromkeys(match.path for match in matches if match.path is not None))
    more = f" and {len(names) - _MOST} more" if names[_MOST:] else ""
    verb = "have" if places[1:] else "has"
    actual = f"{some_paths(places)} {verb} the content of {', '.join(names[:_MOST])}{more}"
    layers = {match.layer for match in matches if match.layer is not None}
    hint = "Files that do not reach the build context cannot be copied into the image: list them in .dockerignore."
    expected = "no secrets, logs, dumps or host folders in any layer"
    return Unmet(expected, actual, WHY, hint, shipped.lines_of_layers(layers))
