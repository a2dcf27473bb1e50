"""Prepares a submission's Dockerfile between reading and building it. Nothing is judged here."""

from pathlib import Path

from grader.dockerfile.model import Dockerfile, Problem
from grader.engine.syntax_line import set_aside_syntax


def beside(context: Path) -> Path:
    """Move the Dockerfile out of the context, leave a file that never changes, and return its new place.

    In the context, each edit of it would make the layer cache useless after `COPY . .`, and every check would compile
    again.
    """
    staged = context / "Dockerfile"
    moved = context.with_name(f"{context.name}.Dockerfile")
    moved.write_bytes(set_aside_syntax(staged.read_bytes()))
    staged.write_text("# While it is graded, the Dockerfile is outside the build context.\n", encoding="utf-8")
    return moved


def without_stages(dockerfile: Dockerfile) -> Problem | None:
    """Return the fault if there is no FROM, before any engine sees it: ARG alone makes Docker 20.10's daemon crash."""
    return None if dockerfile.stages else dockerfile.problems[0]
