"""The pages are there and were built from the source that is in the context now."""

from collections.abc import Sequence

from grader.criteria.answers_http import OK, cannot_tell
from grader.criteria.facts import Shipped
from grader.criteria.formatting import shortened, some_paths
from grader.criteria.outcome import Answer, Unmet
from grader.engine.model import Exchange

WHY = "A service without its pages starts, looks healthy, and shows its users nothing."
_SERVICE, _PAGE = "server.js", "index.html"


def serves_frontend(pages: Sequence[Exchange], shipped: Shipped, nonce: str) -> Answer:
    """Passes if every page was answered, each with the `nonce` that was written into it just before the build."""
    for page in pages:
        blocked = cannot_tell(page)
        if blocked:
            return blocked
        expected = f"GET {page.path} answers what was built from frontend/"
        lines = shipped.lines_of_layers({shipped.tree[path].layer for path in shipped.own_files(_SERVICE, _PAGE)})
        if page.status != OK:
            actual = f"it answered {page.status}: {shortened(page.text, 60)}; {_whereabouts(shipped)}"
            hint = "Look where the pages are in the image, and copy them to the folder where the service looks."
            return Unmet(expected, actual, WHY, hint, lines)
        if nonce not in page.text:
            actual = f"the answer is not what is in frontend/ now: {shortened(page.text, 80)}"
            return Unmet(expected, actual, WHY, "Build the frontend inside the build, and copy the result.", lines)
    return None


def _whereabouts(shipped: Shipped) -> str:
    """Say where the service looks for pages and where there are any: it looks next to the folder that it is in."""
    pages = [path.parent for path in shipped.own_files(_PAGE)]
    there = f"{_PAGE} is in {some_paths(pages)}" if pages else f"{_PAGE} is nowhere in the image"
    services = [path.parent for path in shipped.own_files(_SERVICE)]
    if not services:
        return there
    return f"the service is in {some_paths(services[:1])} and looks in /{services[0].parent / 'frontend'}, but {there}"
