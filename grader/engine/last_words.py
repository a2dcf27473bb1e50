"""Picks the line that tells most from what a program wrote before it ended. Pure; what it means is not judged here."""

import re

_NODE_VERSION = re.compile(r"Node\.js v\d")
"""Node's last line after an error that nothing caught; what went wrong stands before the stack above it."""
_NODE_ERROR = re.compile(r"(?:Uncaught )?\w*Error\b(?: \[\w+\])?:")


def last_words(log: str) -> str:
    """Return the last line that is not blank; after Node's version, the error that Node ended with."""
    lines = [line.strip() for line in log.splitlines() if line.strip()]
    if not lines:
        return ""
    errors = [line for line in lines if _NODE_ERROR.match(line)] if _NODE_VERSION.match(lines[-1]) else []
    return (errors or lines)[-1]
