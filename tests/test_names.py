"""The tree's own names: whoever reads a class's name in one module means the same thing in every other."""

import ast
from collections import defaultdict
from pathlib import Path


def test_no_two_modules_have_a_public_class_of_one_name(repository: Path) -> None:
    """`Finding` in two places makes a reader look twice, and an editor import the wrong one."""
    places = defaultdict(list)
    for path in sorted((repository / "grader").rglob("*.py")):
        for node in ast.parse(path.read_text("utf-8")).body:
            if isinstance(node, ast.ClassDef) and not node.name.startswith("_"):
                places[node.name].append(path.relative_to(repository).as_posix())
    assert {name: paths for name, paths in places.items() if len(paths) > 1} == {}
