"""What a Dockerfile is made of, as data. Reading text into it is `reader.py`; stages are `stages.py`.

Terms follow the Dockerfile reference: instruction, directive, flag, heredoc, stage. Lines are 1-based and inclusive.
"""

from dataclasses import dataclass
from enum import Enum


@dataclass(frozen=True, slots=True)
class Heredoc:
    """A here-document: its delimiter, its content without the tabs that `<<-` takes off, and how it was opened.

    `expand` is false when the delimiter was quoted: variables in the content are then left alone.
    """

    name: str
    content: str
    expand: bool
    chomp: bool


@dataclass(frozen=True, slots=True)
class Flag:
    """`--name=value` before an instruction's arguments; `bare` is a `--name` without `=`, whose value is empty."""

    name: str
    value: str
    bare: bool = False


@dataclass(frozen=True, slots=True)
class Instruction:
    """One instruction. `arguments` is the text after the flags, continuation lines joined, comments taken out.

    `json_form` has the strings of the JSON (exec) form, or is None for the shell form.
    ONBUILD keeps its trigger in `trigger`.
    """

    keyword: str
    """Upper case: `FROM`, `RUN`, ...; as written if there is no such instruction."""
    arguments: str
    flags: tuple[Flag, ...]
    json_form: tuple[str, ...] | None
    heredocs: tuple[Heredoc, ...]
    first_line: int
    last_line: int
    original: str
    trigger: "Instruction | None" = None


class ProblemKind(str, Enum):
    """What is wrong, for code to ask; the sentence of a `Problem` is for people."""

    # The text, line by line
    BAD_ESCAPE = "bad-escape"
    DIRECTIVE_TWICE = "directive-twice"
    LONG_LINE = "long-line"
    ENDLESS_HEREDOC = "endless-heredoc"
    # One instruction
    UNKNOWN_INSTRUCTION = "unknown-instruction"
    NO_ARGUMENT = "no-argument"
    TOO_FEW_ARGUMENTS = "too-few-arguments"
    UNKNOWN_FLAG = "unknown-flag"
    FLAG_TWICE = "flag-twice"
    FLAG_VALUE = "flag-value"
    BAD_JSON = "bad-json"
    ALMOST_JSON = "almost-json"
    TEXT_AFTER_JSON = "text-after-json"
    COMMENT_AT_END = "comment-at-end"
    UNCLOSED_QUOTE = "unclosed-quote"
    NO_NAME = "no-name"
    NO_VALUE = "no-value"
    NO_PAIR = "no-pair"
    BAD_HEALTHCHECK = "bad-healthcheck"
    BAD_TRIGGER = "bad-trigger"
    BAD_PORT = "bad-port"
    BAD_SIGNAL = "bad-signal"
    # FROM and the stages
    BEFORE_FROM = "before-from"
    NO_FROM = "no-from"
    BAD_FROM = "bad-from"
    BAD_STAGE_NAME = "bad-stage-name"
    STAGE_NAME_TWICE = "stage-name-twice"
    BASE_NOT_FILLED_IN = "base-not-filled-in"
    BASE_WITHOUT_VALUE = "base-without-value"
    BASE_EMPTY = "base-empty"
    BASE_NO_IMAGE = "base-no-image"
    BASE_COMES_LATER = "base-comes-later"
    PLATFORM_EMPTY = "platform-empty"
    BAD_PLATFORM = "bad-platform"
    # What is copied from where, and which variables have a value
    SOURCE_NOT_FILLED_IN = "source-not-filled-in"
    SOURCE_NO_NUMBER = "source-no-number"
    SOURCE_NO_IMAGE = "source-no-image"
    SOURCE_COMES_LATER = "source-comes-later"
    SOURCE_LIKE_STAGE = "source-like-stage"
    MOUNT_BY_NUMBER = "mount-by-number"
    CIRCLE = "circle"
    UNDECLARED_VARIABLE = "undeclared-variable"
    # Names that were looked up
    NO_SUCH_STAGE = "no-such-stage"
    NO_SUCH_IMAGE = "no-such-image"


@dataclass(frozen=True, slots=True)
class Problem:
    """Something in the text that explains a failure: the line and a sentence that is true of it.

    With a `fatal` one no build of the last stage succeeds. The others build, though perhaps not as meant. `subject` is
    the word that it is about: a variable, a stage, an image, a flag, an instruction. Two problems of the same kind and
    subject are the same fault.
    """

    line: int
    kind: ProblemKind
    message: str
    fatal: bool
    subject: str = ""


@dataclass(frozen=True, slots=True)
class Copy:
    """Where a stage takes files from another: `COPY --from` or `RUN --mount=from=`.

    `source` is as written: nothing is expanded there. `stage` is the index of the stage it names, or None: then it
    is an image, or the number of a stage that there is not. `line` is that of the instruction, which is in an
    earlier stage if it is an ONBUILD trigger.
    """

    source: str
    stage: int | None
    line: int


@dataclass(frozen=True, slots=True)
class Stage:
    """One build stage.

    `base` is the FROM reference after ARG expansion; `base_stage` the index of the stage it names, if it names one.
    `name` is the lower-cased AS name, or empty. `platform` is `--platform` after ARG expansion. `copies` in order of
    appearance, ONBUILD triggers of the base stage first.
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
    """A complete Dockerfile: directives (lower-case names), all instructions in order, stages and problems found.

    The fatal problems come first, each kind in order of lines.
    """

    directives: tuple[tuple[str, str], ...]
    instructions: tuple[Instruction, ...]
    stages: tuple[Stage, ...]
    problems: tuple[Problem, ...]
