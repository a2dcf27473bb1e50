"""Prepares a submission's Dockerfile between reading and building it. Nothing is judged here."""

import difflib
import shutil
from pathlib import Path

from grader.dockerfile.model import Dockerfile, Problem, ProblemKind
from grader.dockerfile.references import HUB, parse_reference
from grader.engine.syntax_line import set_aside_syntax
from grader.exercise.model import IGNORE, OWN_IGNORE

_OFFICIAL = ("docker/dockerfile", "docker/dockerfile-upstream")
_ALIKE = 0.85
"""difflib's ratio: `docker/dockerfle` is like `docker/dockerfile` (0.97), what others call `dockerfile` is not."""


def beside(context: Path) -> Path:
    """Move the Dockerfile out of the context, leave a file that never changes, and return its new place.

    In the context, each edit of it would make the layer cache useless after `COPY . .`, and every check would compile
    again.
    """
    staged = context / "Dockerfile"
    moved = context.with_name(f"{context.name}.Dockerfile")
    moved.write_bytes(set_aside_syntax(staged.read_bytes()))
    own_ignore = context / OWN_IGNORE
    if own_ignore.is_file():  # the builder looks for it next to the Dockerfile; a copy stays, as in a plain build
        shutil.copyfile(own_ignore, moved.with_name(f"{moved.name}{IGNORE}"))
    staged.write_text("# While it is graded, the Dockerfile is outside the build context.\n", encoding="utf-8")
    return moved


def cannot_begin(dockerfile: Dockerfile) -> Problem | None:
    """Return a fault that no engine must see.

    ARG without FROM makes Docker 20.10's daemon crash, and newer builders fetch what `// syntax=` or a misspelt
    `# syntax=` names, before they look at anything else: without a network that would be the machine's fault.
    """
    if not dockerfile.stages:
        return dockerfile.problems[0]
    first = dockerfile.instructions[0]
    if first.keyword.startswith("//"):
        message = "a line that begins with // is an instruction that there is not: a comment begins with #"
        return Problem(first.first_line, ProblemKind.UNKNOWN_INSTRUCTION, message, fatal=True, subject=first.keyword)
    return _misspelt_syntax(dockerfile)


def _misspelt_syntax(dockerfile: Dockerfile) -> Problem | None:
    names = [name for name, _ in dockerfile.directives]
    syntax = parse_reference(dict(dockerfile.directives).get("syntax", ""))
    if syntax is None or syntax.registry != HUB or syntax.repository in _OFFICIAL:
        return None
    written = syntax.repository.removeprefix("library/")
    if written != "dockerfile" and not difflib.get_close_matches(written, _OFFICIAL, n=1, cutoff=_ALIKE):
        return None
    message = f"there is no Dockerfile syntax {syntax.familiar}: did you mean {_OFFICIAL[0]}:1?"
    return Problem(names.index("syntax") + 1, ProblemKind.NO_SUCH_IMAGE, message, fatal=True, subject=syntax.familiar)
