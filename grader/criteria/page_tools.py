"""Which installation of the tools built a service's page, as the page itself says. Nothing is judged here.

So it is known whether packages were installed again, also if the image does not have them.
"""

import json

from grader.criteria.copied_before import copied_before, runs
from grader.criteria.facts import Attempt, Installed
from grader.criteria.outcome import Blocked
from grader.engine.model import Exchange
from grader.languages.node import NODE

RECORD = "about.json"
UNKNOWN = Blocked("serves-frontend", f"can't tell without {RECORD}, which the page is built with")


def page_tools(exchange: Exchange, attempt: Attempt, source: str) -> tuple[Installed, ...]:
    """Return the installation that `about.json` names, or nothing if it is not that file.

    `source` is the page's folder in the context. The lines come from the text: they only point.
    """
    try:
        tools = json.loads(exchange.body)["tools"]
    except (ValueError, KeyError, TypeError):
        return ()
    lines = [step.first_line for step in attempt.dockerfile.instructions if runs(step, NODE.installs)]
    sources = tuple(copied_before(attempt, source, NODE.installs))
    line = next((line for line in lines if not sources or line > sources[0]), None)
    return (Installed("", str(tools), line, sources, by_time=not isinstance(tools, str)),)
