"""Reading progress that is made for people."""

import pytest

from grader.engine.progress import BuildProgress
from grader.engine.progress_plain import PlainReader


def read(text: str, *, glues: bool = False) -> BuildProgress:
    """Read what the docker command printed."""
    progress = BuildProgress(log_cap=1_000_000)
    reader = PlainReader(progress, glues=glues)
    for line in text.encode().split(b"\n"):
        reader.feed(line)
    reader.close()
    return progress


@pytest.mark.parametrize("glues", [True, False])
def test_a_step_cannot_end_itself_by_what_it_prints(glues: bool) -> None:  # noqa: FBT001 - a parameter
    """Its own number can be guessed; what follows shows that it went on."""
    text = "#5 [1/1] RUN x\n#5 0.1 a#5 DONE 0.1s\n#5 0.2 b\n#5 ERROR: exit code: 1"
    [step] = read(text, glues=glues).steps()
    assert (step.log, step.error) == ("a#5 DONE 0.1s\nb", "exit code: 1")


@pytest.mark.parametrize("glues", [True, False])
def test_a_step_cannot_hide_its_error_by_what_it_prints_last(glues: bool) -> None:  # noqa: FBT001 - a parameter
    """The real end comes after the one that it printed."""
    progress = read("#5 [1/1] RUN x\n#5 0.1 a#5 CACHED\n#5 ERROR: exit code: 1", glues=glues)
    [step] = progress.steps()
    assert (step.cached, step.error, step.log) == (False, "exit code: 1", "a#5 CACHED")
    assert progress.first_failure is not None


def test_a_failed_step_s_log_is_not_taken_twice() -> None:
    """It is named again below the progress, with its number or without."""
    text = "#8 [1/1] RUN x\n#8 0.1 aa#8 ERROR: exit code: 1\n------\n > [1/1] RUN x:\n#8 0.1 aa\n------\nexit code: 1"
    progress = read(text, glues=True)
    [step] = progress.steps()
    assert (step.log, step.error) == ("aa", "exit code: 1")
    assert progress.tail.endswith("exit code: 1\n")


def test_steps_that_run_at_once_are_kept_apart() -> None:
    """Their lines come in any order."""
    text = "#1 [a 1/1] RUN a\n#1 0.1 a1\n#2 [b 1/1] RUN b\n#2 0.1 b1\n#1 0.2 a2\n#2 DONE 0.3s\n#1 CANCELED"
    first, second = read(text).steps()
    assert (first.stage, first.log, first.ended, first.error) == ("a", "a1\na2", True, "")
    assert (second.stage, second.log, second.seconds) == ("b", "b1", 0.3)


def test_what_buildx_says_of_itself_is_no_step() -> None:
    """Vertex 0 is which builder it uses."""
    assert read('#0 building with "default" instance using docker driver\n').begun == ()
