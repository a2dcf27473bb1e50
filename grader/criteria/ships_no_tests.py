"""Tests, test programs and their reports stay in the stage that ran them."""

from grader.criteria.facts import Shipped
from grader.criteria.formatting import some_paths
from grader.criteria.outcome import Answer, Unmet

WHY = "People who run the image do not run its tests; tests only show strangers how the program is made."


def ships_no_tests(shipped: Shipped, canary: str) -> Answer:
    """Passes if the `canary`, which is in every test's file and is one test's name, is in the bytes of no layer."""
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
    hint = "Copy only the program from the stage that ran the tests, by its own path."
    steps = shipped.attempt.final_instructions
    if any(step.keyword == "RUN" and "test" in step.arguments for step in steps):
        hint = "The image has everything of the stage that tests: add a last stage that copies only the program."
    return Unmet(
        expected="no test, no test program and no test report in any layer",
        actual=actual,
        why=WHY,
        hint=hint,
        lines=shipped.lines_of_layers(layers),
    )
