"""What a lesson's "What to look at" shows: the files that are there, the commands, what they print. Runs nothing.

docs/exercises.md tells authors the same. Everything that is not named here must be printed as it is shown.

- A line `...` stands for any lines, and `...` in a line for any text.
- Things that differ from one run to the next need only be of the same kind: an age (`3 hours ago`), a time with its
  date, seconds with a decimal point, the number of a build step (`#7`), an ID in hexadecimal or a long random number at
  the end of a name, and blanks between columns.
- A size (`8.97MB`) may be half of what is shown, or twice as much: base images change.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass

GAP = "..."
TOLERANCE = 2.0
_UNITS = {"": 1, "k": 10**3, "m": 10**6, "g": 10**9}
_SIZE = re.compile(r"(?<![\w.])(\d+(?:\.\d+)?) ?(?:([kKMG])i?B?|B)(?![\w.])")
_KINDS = (
    r"(?:\d+|About an?|Less than a) (?:second|minute|hour|day|week|month|year)s? ago",
    r"\b[A-Z][a-z]{2} +\d{1,2} +\d\d:\d\d\b",
    r"\b[A-Z][a-z]{2}, \d\d [A-Z][a-z]{2} \d{4} \d\d:\d\d:\d\d [+-]\d{4}\b",
    r"\b\d{4}/\d\d/\d\d \d\d:\d\d:\d\d\b",
    r"\b\d+\.\d+ ?s\b",
    r"#\d+\b",
    r"\b(?:sha256:)?[0-9a-f]{12,64}\b",
    r"-\d{6,12}\b",
)
_TOKEN = re.compile("|".join([re.escape(GAP), _SIZE.pattern, *_KINDS, r"\s+"]))
_COMMENT = re.compile(r"^<!-- (?:(Dockerfile|edit|not run): )?(.*) -->$")
STARTER, MODEL = "the starter", "the model answer"


@dataclass(frozen=True, slots=True)
class Lay:
    """From here on the files of `role` are in the folder; before the first of these, those of the starter do."""

    role: str


@dataclass(frozen=True, slots=True)
class Edit:
    """What the text asks to be changed by hand."""

    path: str
    old: str
    new: str


@dataclass(frozen=True, slots=True)
class Command:
    """What is typed, what is shown to be printed, and the line of the lesson. `runs` unless the lesson says why not."""

    text: str
    shown: tuple[str, ...]
    line: int
    runs: bool = True


Step = Lay | Edit | Command


def section_of(lesson: str, heading: str) -> str:
    """Return the lesson with all lines blank that are not below this heading, so that lines keep their numbers."""
    inside, kept = False, []
    for line in lesson.splitlines():
        inside = line == f"## {heading}" if line.startswith("## ") else inside
        kept.append(line if inside else "")
    return "\n".join(kept)


def steps_of(text: str) -> list[Step]:
    """Read the comments and console blocks of a text, in order."""
    steps: list[Step] = []
    block: list[tuple[int, str]] | None = None
    runs = True
    for number, line in enumerate(text.splitlines(), 1):
        comment = None if block is not None else _COMMENT.match(line)
        if comment and comment[1] == "not run" and comment[2].strip():
            runs = False
        elif comment:
            steps.append(_comment(comment[1], comment[2]))
        elif line == "```console":
            block = []
        elif line == "```" and block is not None:
            steps += _commands(block, runs=runs)
            block, runs = None, True
        elif block is not None:
            block.append((number, line))
    return steps


def commands_of(steps: Sequence[Step]) -> list[Command]:
    """Leave out what is not typed."""
    return [step for step in steps if isinstance(step, Command)]


def _comment(kind: str | None, text: str) -> Step:
    if kind == "Dockerfile" and text in (STARTER, MODEL):
        return Lay(text)
    edit = re.match(r"in (\S+), (.+) becomes (.+)$", text)
    if kind == "edit" and edit:
        return Edit(*edit.groups())
    raise ValueError(f"Unknown comment: {text}")


def _commands(block: list[tuple[int, str]], *, runs: bool) -> list[Command]:
    """Cut a block at its prompts."""
    starts = [index for index, (_, line) in enumerate(block) if line.startswith("$ ")]
    ends = [*starts[1:], len(block)]
    return [
        Command(block[start][1][2:], tuple(line for _, line in block[start + 1 : end]), block[start][0], runs)
        for start, end in zip(starts, ends, strict=True)
    ]


def agrees(shown: Sequence[str], printed: Sequence[str]) -> bool:
    """Whether what was printed is what is shown."""
    reached = {0}
    for line in shown:
        if line == GAP:
            reached = set(range(min(reached, default=len(printed) + 1), len(printed) + 1))
        else:
            reached = {at + 1 for at in reached if at < len(printed) and line_agrees(line, printed[at])}
    return len(printed) in reached


def line_agrees(shown: str, printed: str) -> bool:
    """Whether a printed line is the one that is shown."""
    shown = shown.rstrip()
    parts, end, sizes = [], 0, []
    for token in _TOKEN.finditer(shown):
        parts += [re.escape(shown[end : token.start()]), _any_like(token[0])]
        sizes += [size for size in [_bytes(token[0])] if size is not None]
        end = token.end()
    found = re.fullmatch("".join([*parts, re.escape(shown[end:])]), printed.rstrip())
    if not found:
        return False
    printed_sizes = [_bytes(group) for group in found.groups()]
    return all(
        other is not None and (size == other or size / TOLERANCE <= other <= size * TOLERANCE)
        for size, other in zip(sizes, printed_sizes, strict=True)
    )


def _any_like(token: str) -> str:
    """Return a pattern for what may be in the place of this token; sizes are its only groups."""
    if token == GAP:
        return ".*"
    if token.isspace():
        return r"\s+"
    if _SIZE.fullmatch(token):
        return f"({re.sub(r'[(](?![?])', '(?:', _SIZE.pattern)})"
    return next(kind for kind in _KINDS if re.fullmatch(kind, token))


def _bytes(text: str) -> float | None:
    size = _SIZE.fullmatch(text)
    return float(size[1]) * _UNITS[(size[2] or "").lower()] if size else None
