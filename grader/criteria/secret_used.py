"""What can only be fetched with the secret is in the image, and works."""

from collections.abc import Sequence

from grader.criteria.answers_http import OK, answers_http
from grader.criteria.facts import Shipped
from grader.criteria.formatting import shortened, some_paths
from grader.criteria.outcome import Answer, Unmet
from grader.engine.model import Exchange
from grader.image.model import Kind

WHY = "A build that keeps its secret, but does not use it, does not do its work."


def secret_used(exchange: Exchange, shipped: Shipped, package: str, receipts: Sequence[str]) -> Answer:
    """Passes if the service answers with one of the `receipts` that `package` gets for this run's tokens."""
    if exchange.status is None:
        return answers_http(exchange, shipped)
    if exchange.status == OK and any(receipt in exchange.text for receipt in receipts):
        return None
    expected = f"GET {exchange.path} answers with what is in {package}, fetched with this build's token"
    answered = f"it answered {exchange.status}: {shortened(exchange.text)}"
    manifest = f"node_modules/{package}/package.json"
    found = [
        path for path, placed in shipped.tree.items() if str(path).endswith(manifest) and placed.entry.kind is Kind.FILE
    ]
    if not found:
        actual = f"{answered}. There is no node_modules/{package} in the image"
        hint = "Which stage has it? A later `npm ci` or `npm prune` there removes what is not in package-lock.json."
        lines = shipped.attempt.final_from
    elif exchange.status == OK:
        actual = f"{answered}. That was fetched with another token"
        hint = f"The build must fetch {package} again, with the token that it gets."
        lines = shipped.lines_of_layers({shipped.tree[found[0]].layer})
    else:
        actual = f"{answered}. The package is in {some_paths([path.parent for path in found])}"
        hint = "Node looks for node_modules next to the importing file, and then in each folder above."
        lines = shipped.lines_of_layers({shipped.tree[found[0]].layer})
    return Unmet(expected, actual, WHY, hint, lines)
