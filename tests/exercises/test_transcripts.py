"""What lessons show: how it is read, what counts as the same output, and that every lesson keeps to it."""

import re

import pytest

from grader.exercise.catalogue import all_exercises
from grader.exercise.model import Exercise
from tests.exercises.transcripts import (
    STARTER,
    Command,
    Edit,
    Lay,
    agrees,
    commands_of,
    line_agrees,
    section_of,
    steps_of,
)

EXERCISES = all_exercises()
HEADING = "What to look at"
LESSON = """## The idea

```console
$ ./elsewhere
```

## What to look at

<!-- Dockerfile: the starter -->

```console
$ docker build -t it .
$ ls -l
total 2
...
```

<!-- edit: in main.go, a := 1 becomes a := 2 -->

<!-- not run: needs a keyboard -->

```console
$ docker run -it it sh
```

```console
$ true
```
"""
each_exercise = pytest.mark.parametrize("exercise", EXERCISES, ids=[exercise.slug for exercise in EXERCISES])


def test_a_lesson_is_read_in_order() -> None:
    """Files, edits and commands, with what is shown of each, and the lines of the file."""
    assert steps_of(section_of(LESSON, HEADING)) == [
        Lay(STARTER),
        Command("docker build -t it .", (), 12),
        Command("ls -l", ("total 2", "..."), 13),
        Edit("main.go", "a := 1", "a := 2"),
        Command("docker run -it it sh", (), 23, runs=False),
        Command("true", (), 27),
    ]


@pytest.mark.parametrize(
    "comment",
    ["<!-- Dockerfile: mine -->", "<!-- edit: main.go -->", "<!-- the starter -->", "<!-- not run:  -->"],
)
def test_a_comment_that_means_nothing_is_an_error(comment: str) -> None:
    """A misspelt one would leave another Dockerfile there than the lesson speaks of, or a block untested."""
    with pytest.raises(ValueError, match="Unknown comment"):
        steps_of(comment)


@pytest.mark.parametrize(
    ("shown", "printed"),
    [
        ("greeter 733MB", "greeter   812MB"),
        ("240M\t/usr/local/go", "251M    /usr/local/go"),
        ("0B CMD", "0B CMD"),
        ("-rw-r--r-- 1 root root 8.2M Nov 25 02:21 it", "-rw-r--r-- 1 root root 8.1M Dec  3 14:07 it"),
        ("Wed, 25 Nov 2026 03:30:18 +0100", "Thu, 02 Jul 2026 13:00:00 +0200"),
        ("2026/11/25 02:36:42 listens", "2027/01/02 03:04:05 listens"),
        ("#7 [...] RUN npm ci", "#12 [deps 4/4] RUN npm ci"),
        ("it 3 hours ago", "it Less than a second ago"),
        (
            '{"build":"fa13e4cc081bd0606df19a73","node":"v24..."}',
            '{"build":"0123456789ab0606df19a73f","node":"v24.1.0"}',
        ),
        ("wrote /tmp/it-1979063692", "wrote /tmp/it-12345678"),
        ("trailing", "trailing  "),
    ],
)
def test_what_differs_from_run_to_run_agrees(shown: str, printed: str) -> None:
    """Sizes within a factor of two, times, numbers of steps, IDs, and whatever `...` stands for."""
    assert line_agrees(shown, printed)


@pytest.mark.parametrize(
    ("shown", "printed"),
    [
        ("greeter 733MB", "greeter 17MB"),
        ("greeter 733MB", "greeter 733kB"),
        ("greeter 733MB", "greeter large"),
        ("0B CMD", "1B CMD"),
        ("137", "0"),
        ("it 3 hours ago", "it 3 hours"),
        ("#7 CACHED", "#7 DONE"),
        ("ls: /src: No such file or directory", "main.go"),
        ("wrote /tmp/it-1979063692", "wrote /tmp/it-"),
        ("a b", "ab"),
        ("a.b", "axb"),
    ],
)
def test_all_else_has_to_be_printed_as_it_is_shown(shown: str, printed: str) -> None:
    """Or the lesson would show what does not happen."""
    assert not line_agrees(shown, printed)


def test_a_line_of_three_dots_stands_for_any_lines() -> None:
    """At the front, in the middle, at the end, and for none at all."""
    assert agrees(["...", "b", "...", "d", "..."], ["a", "b", "c", "d"])
    assert agrees(["a", "...", "b"], ["a", "b"])
    assert agrees(["...", "b"], ["b", "a", "b"])
    assert not agrees(["...", "d", "...", "b"], ["a", "b", "c", "d"])
    assert not agrees(["a"], ["a", "b"])
    assert not agrees(["a", "b"], ["a"])


@each_exercise
def test_what_is_to_be_looked_at_is_real(exercise: Exercise) -> None:
    """It begins in the exercise's folder, and shows what commands print."""
    steps = steps_of(section_of((exercise.directory / "README.md").read_text("utf-8"), HEADING))
    running = [step for step in commands_of(steps) if step.runs]
    assert running[0].text == f"cd exercises/{exercise.folder}"
    assert any(step.shown for step in running)


@each_exercise
def test_other_commands_of_a_lesson_check_this_exercise_or_are_illustrations(exercise: Exercise) -> None:
    """A command outside that section is not tried by a test, so it says so, or is the one that all lessons have."""
    lesson = (exercise.directory / "README.md").read_text("utf-8")
    inside = {step.line for step in commands_of(steps_of(section_of(lesson, HEADING)))}
    outside = [step for step in commands_of(steps_of(lesson)) if step.line not in inside and step.runs]
    assert [step.text for step in outside] == [f"./workshop check {exercise.number:02}"]


@each_exercise
def test_every_fenced_prompt_is_in_a_console_block(exercise: Exercise) -> None:
    """In a block of another kind it would be ignored."""
    lesson = (exercise.directory / "README.md").read_text("utf-8")
    blocks = re.findall(r"^```(\w*)\n(.*?)^```$", lesson, re.MULTILINE | re.DOTALL)
    assert {kind for kind, text in blocks if re.search(r"^\$ ", text, re.MULTILINE)} == {"console"}
