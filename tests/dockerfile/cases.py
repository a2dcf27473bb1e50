"""The cases of `problems.toml`, which are read here and built on a real engine."""

import sys
from dataclasses import dataclass
from pathlib import Path

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib


@dataclass(frozen=True)
class ProblemCase:
    """A Dockerfile, and the problem that is found in it: line, words and kind. Without a problem all are empty.

    `context` are the files next to the Dockerfile.
    """

    name: str
    text: str
    line: int = 0
    says: str = ""
    kind: str = ""
    fatal: bool = False
    context: tuple[str, ...] = ("a", "b")


def problem_cases() -> list[ProblemCase]:
    """Read `problems.toml`."""
    with (Path(__file__).parent / "problems.toml").open("rb") as file:
        return [ProblemCase(**case) for case in tomllib.load(file)["case"]]
