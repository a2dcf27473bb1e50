"""Tests, test programs and their reports stay behind in the stage that ran them."""

from grader.criteria.facts import Shipped
from grader.criteria.outcome import Answer, Unmet
from grader.criteria.words import some_paths

WHY = "Whoever runs the image does not run the tests; they only tell strangers how the program is made."


def ships_no_tests(shipped: Shipped, canary: str) -> Answer:
    """Hold if the `canary`, which is in every test's file and is one test's name, is in the bytes of no layer."""
    matches = [match for match in shipped.image.matches if match.needle == canary.encode() and match.path is not None]
    if not matches:
        return None
    paths = sorted(
        {match.path for match in matches if match.path is not None}, key=lambda path: (len(path.parts), path)
    )
    layers = {match.layer for match in matches if match.layer is not None}
    actual = some_paths(paths, most=2)
    if all(path not in shipped.tree for path in paths):
        actual += " (deleted by a later instruction, but still in the layer below)"
    hint = "From the stage that ran the tests take the program alone, by its own path."
    steps = shipped.attempt.final_instructions
    if any(step.keyword == "RUN" and "test" in step.arguments for step in steps):
        hint = "What is shipped has all of the stage that tests: end with a stage that takes the program alone."
    return Unmet(
        expected="no test, no test program and no test report in any layer",
        actual=actual,
        why=WHY,
        hint=hint,
        lines=shipped.lines_of_layers(layers),
    )
