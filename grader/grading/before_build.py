"""What is done with a submission's Dockerfile between reading and building it. Nothing is judged here."""

from pathlib import Path

from grader.dockerfile.model import Dockerfile
from grader.engine.syntax_line import set_aside_syntax
from grader.exercise.submission import Refusal


def beside(context: Path) -> Path:
    """Move the Dockerfile out of the context, leaving a file that never changes, and return its new place.

    In the context each edit of it would undo the layer cache from `COPY . .` on, and every check compile anew.
    """
    staged = context / "Dockerfile"
    moved = context.with_name(f"{context.name}.Dockerfile")
    moved.write_bytes(set_aside_syntax(staged.read_bytes()))
    staged.write_text("# While it is graded, the Dockerfile lies outside the build context.\n", encoding="utf-8")
    return moved


def without_stages(dockerfile: Dockerfile) -> Refusal | None:
    """Refuse what has no FROM before any engine sees it: one with ARG alone makes Docker 20.10's daemon crash."""
    if dockerfile.stages:
        return None
    problem = dockerfile.problems[0]
    expected = "instructions of which the first is FROM (ARG may come before it)"
    return Refusal("Dockerfile", expected, problem.message, "Begin with a FROM line.", (problem.line,))
