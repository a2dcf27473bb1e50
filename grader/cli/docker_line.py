"""The one line after which a shell's own `docker` works on the engine that the workshop uses."""

from contextlib import closing

from grader.called import called
from grader.errors import KitError


def docker_line(host: str | None = None) -> str:
    """Return two lines of text: for what, and what to type. Empty if `docker` works already, or no engine answers.

    `host` is the engine's address; without it, the engine is looked for.
    """
    from grader.engine.by_hand import by_hand
    from grader.engine.connection import connect

    try:
        with closing(connect(host)) as engine:
            line = by_hand(engine).export_line
    except KitError:
        line = ""
    if not line:
        return ""
    instead = f"or `{called()} docker` for `docker`"
    return f"For docker commands of your own, type this once in your shell ({instead}):\n  {line}"
