"""What a Dockerfile is made of, as data. Reading text into it is `reader.py`; stages are `stages.py`.

Terms follow the Dockerfile reference: instruction, directive, flag, heredoc, stage. Lines are 1-based and inclusive.
"""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Heredoc:
    """A here-document: its delimiter name, content, and whether variables in it are expanded."""

    name: str
    content: str
    expand: bool
    chomp: bool


@dataclass(frozen=True, slots=True)
class Flag:
    """`--name=value` before an instruction's arguments; `value` is empty for a bare `--name`."""

    name: str
    value: str


@dataclass(frozen=True, slots=True)
class Instruction:
    """One instruction. `arguments` is the text after the flags, continuation lines joined, comments taken out.

    `json_form` holds the strings of the JSON (exec) form, or is None for the shell form.
    ONBUILD keeps its trigger in `trigger`.
    """

    keyword: str
    """Upper case: `FROM`, `RUN`, ..."""
    arguments: str
    flags: tuple[Flag, ...]
    json_form: tuple[str, ...] | None
    heredocs: tuple[Heredoc, ...]
    first_line: int
    last_line: int
    original: str
    trigger: "Instruction | None" = None


@dataclass(frozen=True, slots=True)
class Problem:
    """Something in the text that no builder will accept, or surely not as meant: the line and a sentence."""

    line: int
    message: str


@dataclass(frozen=True, slots=True)
class Copy:
    """Where a stage takes files from another: `COPY --from`, `ADD --from` or `RUN --mount=from=`.

    `source` is as written after expansion; `stage` is the index of the stage it names, or None for an image.
    """

    source: str
    stage: int | None
    line: int


@dataclass(frozen=True, slots=True)
class Stage:
    """One build stage.

    `base` is the FROM reference after ARG expansion; `base_stage` the index of the stage it names, if it names one.
    `name` is the lower-cased AS name, or empty. `copies` in order of appearance.
    """

    index: int
    name: str
    base: str
    base_stage: int | None
    platform: str
    instructions: tuple[Instruction, ...]
    copies: tuple[Copy, ...]
    first_line: int
    last_line: int


@dataclass(frozen=True, slots=True)
class Dockerfile:
    """A whole Dockerfile: directives (lower-case names), all instructions in order, stages and problems found."""

    directives: tuple[tuple[str, str], ...]
    instructions: tuple[Instruction, ...]
    stages: tuple[Stage, ...]
    problems: tuple[Problem, ...]
