"""The packages that the service needs to run are in the image, where Node finds them."""

from pathlib import PurePosixPath

from grader.criteria.facts import Shipped
from grader.criteria.formatting import some_paths
from grader.criteria.outcome import Answer, Blocked, Unmet
from grader.criteria.silence_words import silence_words
from grader.criteria.start import find_file
from grader.engine.model import Exchange

_SERVICE = "server.js"
"""The file that imports the package."""
WHY = "The service needs its dependencies whenever it runs; only tools of the build may stay in the builder."


def prod_deps_load(exchange: Exchange, shipped: Shipped, package: str) -> Answer:
    """Passes if `package` is installed in the image and the service, which imports it at its start, answers."""
    expected = f"{package} is installed where the service finds it"
    manifest = f"node_modules/{package}/package.json"
    manifests = sorted(path for path in shipped.tree if str(path).endswith(manifest))
    if not manifests:
        actual = f"there is no node_modules/{package} in the image"
        hint = "What the service imports must be in the final stage, too: which stage installed it?"
        return Unmet(expected, actual, WHY, hint, shipped.attempt.final_from)
    if exchange.status is not None:
        return None
    services = shipped.own_files(_SERVICE)
    if services and not any(_finds(shipped, service.parent, package) for service in services):
        where = some_paths([path.parent for path in manifests])
        actual = f"it is in {where}, and {silence_words(exchange.silence)}"
        hint = "Node looks for node_modules next to the importing file, and then in each folder above."
        return Unmet(expected, actual, WHY, hint, shipped.lines_of_layers({shipped.tree[manifests[0]].layer}))
    return Blocked("answers-http", "can't tell until the container answers")


def _finds(shipped: Shipped, folder: PurePosixPath, package: str) -> bool:
    """Whether Node finds the package for a file in `folder`: in node_modules there, or in a folder above."""
    places = (f"/{place}/node_modules/{package}/package.json" for place in (folder, *folder.parents))
    return any(find_file(shipped, place) is not None for place in places)
