"""The packages that the service needs to run are in the image, where Node finds them."""

from grader.criteria.facts import Shipped
from grader.criteria.outcome import Answer, Blocked, Unmet
from grader.criteria.words import some_paths
from grader.engine.model import Exchange

WHY = "A dependency is needed whenever the service runs; only what merely builds may stay behind."


def prod_deps_load(exchange: Exchange, shipped: Shipped, package: str) -> Answer:
    """Hold if `package` is installed in the image and the service, which imports it first of all, answers."""
    expected = f"{package} is installed where the service finds it"
    manifest = f"node_modules/{package}/package.json"
    manifests = sorted(path for path in shipped.tree if str(path).endswith(manifest))
    if not manifests:
        actual = f"there is no node_modules/{package} in the image"
        hint = "What the service imports has to be in the final stage as well: which stage has it installed?"
        return Unmet(expected, actual, WHY, hint, shipped.attempt.final_from)
    if exchange.status is not None:
        return None
    if f"package '{package}'" in exchange.failure:
        actual = f"it is in {some_paths([path.parent for path in manifests])}, and {exchange.failure}"
        hint = "Node looks for node_modules beside the importing file, and then in each folder above."
        return Unmet(expected, actual, WHY, hint, shipped.lines_of_layers({shipped.tree[manifests[0]].layer}))
    return Blocked("answers-http", "can't tell until the container answers")
