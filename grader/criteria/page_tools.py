"""Which installation of its tools built the page that a service has, as the page itself tells. Nothing is judged here.

So an image need not have the packages for it to be seen whether they were installed again.
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
    """Return the installation that `about.json` tells of, or nothing if it is not that file.

    `source` is the page's folder in the context. The lines are read off the text, and only good for pointing.
    """
    try:
        mark = str(json.loads(exchange.body)["tools"])
    except (ValueError, KeyError, TypeError):
        return ()
    lines = [step.first_line for step in attempt.dockerfile.instructions if runs(step, NODE.installs)]
    sources = tuple(copied_before(attempt, source, NODE.installs))
    return (Installed("", mark, lines[0] if lines else None, sources),)
