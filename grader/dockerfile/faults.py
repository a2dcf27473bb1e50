"""What makes a builder refuse one instruction, seen by itself: missing arguments, unknown flags, a broken JSON form.

Each was tried on a real builder. What is wrong between stages is in `staging_problems.py`, what is perhaps not meant
in `doubts.py`.
"""

import difflib
import re
from collections.abc import Callable, Iterator

from grader.dockerfile.lines import LogicalLine
from grader.dockerfile.model import Flag, Instruction, Problem, ProblemKind
from grader.dockerfile.words import comment_at_end, json_array, plain_words, quoted_words

_FLAGS = {
    "ADD": ("chown", "chmod", "link", "keep-git-dir", "checksum", "exclude", "unpack"),
    "COPY": ("from", "chown", "chmod", "link", "parents", "exclude"),
    "FROM": ("platform",),
    "HEALTHCHECK": ("interval", "timeout", "start-period", "start-interval", "retries"),
    "RUN": ("mount", "network", "security", "device"),
}
_SWITCHES = ("link", "keep-git-dir", "parents", "unpack")
_CHOICES = {"network": ("default", "none", "host"), "security": ("sandbox", "insecure")}
_MODE = re.compile(r"[0-7]{1,4}|[ugoa]*[-+=][ugorwxXst]*(?:[-+=][ugorwxXst]*)*(?:,[ugoa]*(?:[-+=][ugorwxXst]*)+)*")
_SIGNAL = re.compile(
    "ABRT|ALRM|BUS|CHLD|CLD|CONT|FPE|HUP|ILL|INT|IO|IOT|KILL|PIPE|POLL|PROF|PWR|QUIT|SEGV|STKFLT|STOP|SYS|TERM|TRAP"
    r"|TSTP|TTIN|TTOU|URG|USR1|USR2|VTALRM|WINCH|XCPU|XFSZ|RTMIN(?:\+(?:[1-9]|1[0-5]))?|RTMAX(?:-(?:[1-9]|1[0-4]))?"
)
_REPEATABLE = ("mount", "exclude", "device")
KEYWORDS = (
    "ADD", "ARG", "CMD", "COPY", "ENTRYPOINT", "ENV", "EXPOSE", "FROM", "HEALTHCHECK", "LABEL", "MAINTAINER",
    "ONBUILD", "RUN", "SHELL", "STOPSIGNAL", "USER", "VOLUME", "WORKDIR",
)  # fmt: skip
WITH_JSON = ("ADD", "CMD", "COPY", "ENTRYPOINT", "RUN", "SHELL", "VOLUME")
_MAY_BE_EMPTY = ("CMD", "ENTRYPOINT", "RUN", "FROM")  # FROM is looked at where stages are made
_NEAR_CAP = 20
"""Characters of a word that are compared when the nearest one is offered."""


def faults(line: LogicalLine, instruction: Instruction, escape: str) -> Iterator[Problem]:
    """Yield each reason why no builder accepts the instruction."""
    if line.unterminated:
        message = f"the here-document {line.unterminated[:40]} is never closed"
        yield _fault(instruction, ProblemKind.ENDLESS_HEREDOC, message, line.unterminated)
    elif instruction.keyword not in KEYWORDS:
        yield _unknown(instruction)
    else:
        yield from argument_faults(instruction, escape)
        if instruction.trigger:
            yield from parsing_faults(instruction.trigger, escape)


def _fault(instruction: Instruction, kind: ProblemKind, message: str, subject: str = "") -> Problem:
    return Problem(instruction.first_line, kind, message, fatal=True, subject=subject or instruction.keyword)


def argument_faults(instruction: Instruction, escape: str) -> Iterator[Problem]:
    """Yield the reasons in flags and arguments. Most of an ONBUILD trigger's show only when it is used."""
    keyword = instruction.keyword
    if not instruction.arguments and keyword not in _MAY_BE_EMPTY:
        yield _fault(instruction, ProblemKind.NO_ARGUMENT, f"{keyword} needs an argument")
        return
    yield from _flag_faults(instruction)
    found = tuple(parsing_faults(instruction, escape))
    yield from found
    if keyword in _CHECKS and not found:
        yield from _CHECKS[keyword](instruction, escape)


def parsing_faults(instruction: Instruction, escape: str) -> Iterator[Problem]:
    """Yield the reasons why the text cannot even be parsed, also that of an ONBUILD trigger."""
    keyword, form = instruction.keyword, instruction.arguments
    if keyword == "HEALTHCHECK":
        form = form[3:] if form[:3].upper() == "CMD" else ""
    elif keyword in ("ENV", "LABEL"):
        yield from _pairs(instruction, escape)
        return
    elif keyword not in WITH_JSON:
        return
    array = json_array(form)
    if instruction.json_form is None and array and not array[1]:
        message = f"{keyword} has something other than strings in its JSON form"
        yield _fault(instruction, ProblemKind.BAD_JSON, message)


def _unknown(instruction: Instruction) -> Problem:
    keyword, kind = instruction.keyword, ProblemKind.UNKNOWN_INSTRUCTION
    if not keyword:
        return _fault(instruction, kind, "the line has no instruction to continue")
    if keyword.startswith("//"):
        return _fault(instruction, kind, f"unknown instruction {keyword[:40]}: a comment begins with #, not with //")
    near = difflib.get_close_matches(keyword[:_NEAR_CAP].upper(), KEYWORDS, n=1)
    offer = f": did you mean {near[0]}?" if near else f"; instructions are {', '.join(KEYWORDS)}"
    return _fault(instruction, kind, f"unknown instruction {keyword[:40]}{offer}")


def _flag_faults(instruction: Instruction) -> Iterator[Problem]:
    keyword = instruction.keyword
    if keyword == "HEALTHCHECK" and instruction.arguments.upper() == "NONE":
        return  # its flags are not looked at
    known = _FLAGS.get(keyword, ())
    seen: set[str] = set()
    for flag in instruction.flags:
        if flag.name not in known:
            yield _fault(instruction, ProblemKind.UNKNOWN_FLAG, _unknown_flag(keyword, flag, known), flag.name)
        elif wrong := _wrong_value(flag):
            yield _fault(instruction, ProblemKind.FLAG_VALUE, wrong, flag.name)
        elif flag.name in seen and flag.name not in _REPEATABLE:
            yield _fault(instruction, ProblemKind.FLAG_TWICE, f"{keyword} has --{flag.name} twice", flag.name)
        seen.add(flag.name)


def _unknown_flag(keyword: str, flag: Flag, known: tuple[str, ...]) -> str:
    near = difflib.get_close_matches(flag.name[:_NEAR_CAP], known, n=1)
    takes = f"its flags are {', '.join(f'--{name}' for name in known)}" if known else "it takes no flags"
    return f"{keyword} has no flag --{flag.name[:40]}: " + (f"did you mean --{near[0]}?" if near else takes)


def _wrong_value(flag: Flag) -> str:
    if flag.name in _SWITCHES:
        is_switch = flag.bare or flag.value.lower() in ("true", "false")
        return "" if is_switch else f"--{flag.name} takes true or false, not {flag.value[:40]}"
    if flag.bare:
        return f"--{flag.name} needs a value: --{flag.name}=..."
    choice = _CHOICES.get(flag.name, ())
    if choice and flag.value.lower() not in choice and "$" not in flag.value:
        return f"--{flag.name} takes {' or '.join(choice)}, not {flag.value[:40]}"
    if flag.name == "chmod" and "$" not in flag.value and not _MODE.fullmatch(flag.value):
        return f"--chmod takes a mode such as 755 or u=rwx,go=rx, not {flag.value[:40]}"
    return ""


def _signal(instruction: Instruction, _escape: str) -> Iterator[Problem]:
    name = instruction.arguments.upper().removeprefix("SIG")
    if not re.search(r"[$'\"\\`]", name) and not name.isdecimal() and not _SIGNAL.fullmatch(name):
        message = f"STOPSIGNAL takes a signal such as SIGTERM or 15, not {instruction.arguments[:40]}"
        yield _fault(instruction, ProblemKind.BAD_SIGNAL, message, instruction.arguments)


def _files(instruction: Instruction, _escape: str) -> Iterator[Problem]:
    form = instruction.json_form
    if len(plain_words(instruction.arguments) if form is None else form) < 2:  # noqa: PLR2004 - from and to
        message = f"{instruction.keyword} needs at least two arguments: what to copy, and where to copy it"
        yield _fault(instruction, ProblemKind.TOO_FEW_ARGUMENTS, message)


def _pairs(instruction: Instruction, escape: str) -> Iterator[Problem]:
    keyword = instruction.keyword
    words = quoted_words(instruction.arguments, escape)
    if words and "=" not in words[0]:
        if len(plain_words(instruction.arguments)) < 2:  # noqa: PLR2004 - name and value
            message = f"{keyword} {words[0][:40]} has no value: write {keyword} name=value"
            yield _fault(instruction, ProblemKind.NO_VALUE, message, words[0])
        return
    for word in words:
        if "=" not in word:
            is_comment = word.startswith("#")
            why = "a comment needs its own line" if is_comment else "a value with spaces needs quotes"
            message = f"{keyword} reads {word[:40]} as name=value: {why}"
            yield _fault(instruction, ProblemKind.NO_PAIR, message, word)
            return


def _names(instruction: Instruction, escape: str) -> Iterator[Problem]:
    if any(word.startswith("=") for word in quoted_words(instruction.arguments, escape)):
        yield _fault(instruction, ProblemKind.NO_NAME, f"{instruction.keyword} has a value without a name")


def _shell(instruction: Instruction, _escape: str) -> Iterator[Problem]:
    if not instruction.json_form:
        message = 'SHELL needs the JSON form: SHELL ["program", "argument"]'
        yield _fault(instruction, ProblemKind.BAD_JSON, message)


def _volume(instruction: Instruction, _escape: str) -> Iterator[Problem]:
    if instruction.json_form == ():
        yield _fault(instruction, ProblemKind.NO_ARGUMENT, "VOLUME needs an argument")


def _healthcheck(instruction: Instruction, _escape: str) -> Iterator[Problem]:
    kind, *command = plain_words(instruction.arguments)
    if kind.upper() == "NONE":
        if command:
            yield _fault(instruction, ProblemKind.BAD_HEALTHCHECK, "HEALTHCHECK NONE takes no arguments", "NONE")
    elif kind.upper() != "CMD":
        message = f"HEALTHCHECK takes CMD and a command, or NONE, not {kind[:40]}"
        yield _fault(instruction, ProblemKind.BAD_HEALTHCHECK, message, kind)
    elif not command or instruction.json_form == ():
        yield _fault(instruction, ProblemKind.BAD_HEALTHCHECK, "HEALTHCHECK CMD needs a command", "CMD")


def _onbuild(instruction: Instruction, _escape: str) -> Iterator[Problem]:
    trigger = plain_words(instruction.arguments)[0].upper()
    if trigger in ("ONBUILD", "FROM", "MAINTAINER"):
        message = f"ONBUILD cannot have {trigger} as its trigger"
        yield _fault(instruction, ProblemKind.BAD_TRIGGER, message, trigger)


_CHECKS: dict[str, Callable[[Instruction, str], Iterator[Problem]]] = {
    "ADD": _files,
    "ARG": _names,
    "COPY": _files,
    "ENV": _names,
    "HEALTHCHECK": _healthcheck,
    "LABEL": _names,
    "ONBUILD": _onbuild,
    "SHELL": _shell,
    "STOPSIGNAL": _signal,
    "VOLUME": _volume,
}


def expose_faults(instruction: Instruction) -> Iterator[Problem]:
    """Yield what is wrong with EXPOSE's ports; a builder looks at them only in a stage that it builds."""
    for word in plain_words(instruction.arguments):
        if not re.search(r"[$'\"\\`]", word) and not _is_port(word):
            why = ": a comment needs its own line" if comment_at_end(instruction.arguments) else ""
            message = f"EXPOSE takes ports such as 8080 or 53/udp, not {word[:40]}{why}"
            yield _fault(instruction, ProblemKind.BAD_PORT, message, word)
            return


def _is_port(word: str) -> bool:
    match = re.fullmatch(r"(?:.*:)?(\d{1,5})(?:-(\d{1,5}))?(?:/(\w*))?", word, re.ASCII)
    if not match:
        return False
    first, last = int(match[1]), int(match[2] or match[1])
    return first <= last < 1 << 16 and (match[3] or "tcp").lower() in ("tcp", "udp", "sctp")
