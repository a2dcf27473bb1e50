"""A test that fails stops the build of the image: nothing untested is shipped."""

from grader.criteria.copied_before import runs
from grader.criteria.facts import Attempt
from grader.criteria.formatting import shortened
from grader.criteria.outcome import Answer, Blocked, Unmet
from grader.criteria.target import has_target, is_built
from grader.dockerfile.model import Instruction, Stage
from grader.dockerfile.stages import needed_stages
from grader.engine.model import BuildEnd
from grader.languages.go import GO

WHY = "Nobody reads tests that do not stop a build, and one day an image with a bug is shipped."
TARGET_WHY = "With their own target, people and pipelines can run the tests without building the image."


def gated_by_tests(broken: Attempt, plain: Attempt) -> Answer:
    """Passes if the build fails on a source that differs from the `plain` one only in a fault that each test finds."""
    expected = "a failing test makes `docker build .` fail"
    if not is_built(plain):
        return Blocked("builds", "can't tell until it builds")
    if broken.result is None or broken.result.end is BuildEnd.FAILED:
        return None
    if not is_built(broken):
        actual = f"with tests that fail the build had not ended after {broken.result.used:.0f} s"
        return Unmet(
            expected, actual, WHY, "The step that runs the tests must end by itself.", _lines(_testing(broken))
        )
    actual, hint, lines = _why_it_built(broken)
    return Unmet(expected, f"every test was made to fail, and the image was built: {actual}", WHY, hint, lines)


def target_runs_tests(passing: Attempt, broken: Attempt, plain: Attempt) -> Answer:
    """Passes if the target builds from a source whose tests pass, and does not build when one of them fails."""
    answer = has_target(passing, plain)
    if answer is not None or not is_built(broken):
        return answer
    expected = f"`docker build --target {broken.target}` fails when a test does"
    actual, hint, lines = _why_it_built(broken)
    return Unmet(expected, f"every test was made to fail, and the target was built: {actual}", TARGET_WHY, hint, lines)


def stops_in(attempt: Attempt, stage: str) -> bool:
    """Whether the build failed at a step of the stage of that name: then building that stage alone fails there, too."""
    return attempt.result is not None and any(step.error and step.stage == stage for step in attempt.result.steps)


def _why_it_built(attempt: Attempt) -> tuple[str, str, tuple[int, ...]]:
    """Say why no failing test stopped it, what to try, and the lines: by the text, which only explains."""
    needed = needed_stages(attempt.dockerfile, attempt.target)
    left_out = [(stage, step) for stage, step in _testing(attempt) if stage not in needed]
    taken = [(stage, step) for stage, step in _testing(attempt) if stage in needed]
    if taken:
        step = taken[-1][1]
        actual = f"`{shortened(step.original, 80)}` succeeded"
        if runs(step, GO.tests_with):
            hint = "A step fails if the exit code of its last command is not 0: what does that line end with?"
            hint += " And do the tests reach that stage, under the names that it runs?"
            return f"{actual} anyway", hint, _lines(taken)
        return f"{actual}: it does not run the tests", "Run them with `go test ./...`.", _lines(taken)
    if left_out:
        stage = left_out[0][0]
        name = f"the stage `{stage.name}`" if stage.name else f"stage {stage.index}"
        hint = "BuildKit builds only what the last stage needs: make it need something from the stage with the tests."
        return f"{name} was left out, because nothing that is shipped comes from it", hint, (stage.first_line,)
    hint = "Let a RUN step do `go test ./...`, in its own stage."
    return "no step of it runs tests", hint, ()


def _testing(attempt: Attempt) -> list[tuple[Stage, Instruction]]:
    """The steps that seem to have to do with tests, with their stages; those that run them if there are any."""
    steps = [(stage, step) for stage in attempt.dockerfile.stages for step in stage.instructions]
    steps = [(stage, step) for stage, step in steps if step.keyword == "RUN"]
    for words in ((*GO.tests_with, ".test"), ("go vet", "test")):
        found = [(stage, step) for stage, step in steps if any(word in step.arguments for word in words)]
        if found:
            return found
    return []


def _lines(steps: list[tuple[Stage, Instruction]]) -> tuple[int, ...]:
    return tuple(step.first_line for _, step in steps[-1:])
