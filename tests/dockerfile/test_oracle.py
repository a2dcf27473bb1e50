"""Our reader against the official parser, in Go, by its Python binding: a corpus, and what hypothesis makes up.

The binding (3.4) carries a BuildKit parser with here-documents that is older than two of the newest rules: `check` is
no directive to it, and a blank between `<<` and the delimiter opens no here-document.
"""

import re
from collections.abc import Sequence
from pathlib import Path

import dockerfile as official
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from grader.dockerfile.faults import KEYWORDS
from grader.dockerfile.model import Instruction
from grader.dockerfile.reader import read
from grader.dockerfile.words import plain_words, quoted_words

CORPUS = sorted((Path(__file__).parent / "corpus").glob("*.dockerfile"))


def value_of(step: Instruction, escape: str) -> tuple[str, ...]:
    """Put our instruction's arguments the way the official parser leaves them."""
    if not step.arguments or step.keyword not in KEYWORDS:
        return ()
    if step.trigger:
        return value_of(step.trigger, escape)
    if step.keyword == "HEALTHCHECK":
        kind, *command = re.split(r"\s+", step.arguments, maxsplit=1)
        return (kind, *(command if step.json_form is None else step.json_form))
    if step.json_form is not None:
        return step.json_form
    return words_of(step, escape)


def words_of(step: Instruction, escape: str) -> tuple[str, ...]:
    """Split what is not in JSON form: at blanks, at blanks outside quotes, into names and values, or not at all."""
    if step.keyword in ("ADD", "COPY", "EXPOSE", "FROM", "VOLUME"):
        return tuple(plain_words(step.arguments))
    words = quoted_words(step.arguments, escape)
    if step.keyword == "ARG":
        return tuple(words)
    if step.keyword not in ("ENV", "LABEL"):
        return (step.arguments,)
    if "=" not in words[0]:
        return tuple(re.split(r"[\t\v\f\r ]+", step.arguments, maxsplit=1))
    return tuple(part for word in words for part in word.split("=", 1))


def described(steps: Sequence[Instruction], escape: str) -> list[tuple[object, ...]]:
    """Describe our instructions in the official parser's words."""
    return [
        (
            step.keyword.lower(),
            step.trigger.keyword.lower() if step.trigger else "",
            (step.trigger or step).json_form is not None,
            tuple(f"--{flag.name}" + ("" if flag.bare else f"={flag.value}") for flag in step.flags),
            value_of(step, escape),
            step.first_line,
            step.last_line,
            () if step.trigger else tuple((heredoc.name, heredoc.content) for heredoc in step.heredocs),
        )
        for step in steps
    ]


def officially(text: str) -> list[tuple[object, ...]]:
    """Describe the instructions that the official parser finds; it does not tell of those in ONBUILD's documents."""
    steps = read(text).instructions
    return [
        (
            (command.cmd or "").lower(),
            (command.sub_cmd or "").lower(),
            command.json,
            command.flags,
            command.value if command.value != ("",) else (),
            command.start_line,
            command.end_line,
            tuple(
                (heredoc.name, re.sub(r"(?m)^\t+", "", heredoc.content) if mine.chomp else heredoc.content)
                for heredoc, mine in zip(command.heredocs, step.heredocs, strict=True)
            )
            if not step.trigger
            else (),
        )
        for command, step in zip(official.parse_string(text), steps, strict=True)
    ]


@pytest.mark.parametrize("path", CORPUS, ids=lambda path: path.stem)
def test_the_corpus_is_read_as_the_official_parser_reads_it(path: Path) -> None:
    """Keyword, flags, arguments, JSON form, here-documents and lines of every instruction are the same."""
    text = path.read_bytes().decode()
    found = read(text)
    escape = dict(found.directives).get("escape", "\\")
    assert described(found.instructions, escape) == officially(text)


def test_the_corpus_is_there() -> None:
    """An empty glob would prove nothing."""
    assert len(CORPUS) >= 60


# Made-up Dockerfiles --------------------------------------------------------------------------------------------------

WORDS = st.sampled_from(
    ["a", "b/c", "--x", "$V", "${V:-w}", '"q r"', "'s t'", "\\ ", "x=y", "=", "#", "é", "<<EOF", "[", "]", ",", "\\\\"]
)
GAPS = st.sampled_from([" ", "  ", "\t", " \\\n", "\\\n  ", " \\ \n# c\n", " \\\n\n\t"])
FLAGS = st.sampled_from(["", "--from=a ", '--chown="a b" ', "--mount=type=bind,from=a,target=/x ", "--link ", "-- "])
JSON_FORMS = st.sampled_from(['["a"]', '[ "a" , "b c" ]', "[]", "['a']", '["a",]', '["\\u00e9"] x'])


@st.composite
def argument_texts(draw: st.DrawFn) -> str:
    """Some words with blanks or continuations between them."""
    text = draw(WORDS)
    for _ in range(draw(st.integers(0, 4))):
        text += draw(GAPS) + draw(WORDS)
    return text


@st.composite
def here_documents(draw: st.DrawFn) -> str:
    """An instruction with one or two here-documents and what they contain."""
    keyword = draw(st.sampled_from(["RUN", "COPY", "add", "ONBUILD RUN"]))
    opened = draw(
        st.lists(st.sampled_from(["<<A", "<<-A", '<<"A"', "<<'A'", '2<<A"B"', "<<A.b"]), min_size=1, max_size=2)
    )
    body = st.lists(st.sampled_from(["x", "\ty", "", "# z", "FROM q", "w \\", " A"]), max_size=3)
    text = f"{keyword} {draw(FLAGS)}{' '.join(opened)} /x"
    for word in opened:
        name = word.lstrip("0123456789<-").replace('"', "").replace("'", "")
        text += "\n" + "".join(f"{line}\n" for line in draw(body)) + ("\t" if "-" in word else "") + name
    return text


@st.composite
def instruction_texts(draw: st.DrawFn) -> str:
    """One instruction, a comment or a blank line."""
    kind = draw(st.integers(0, 9))
    if kind == 0:
        return draw(st.sampled_from(["", "  ", "# c", "\t# c \\", "#"]))
    if kind == 1:
        return draw(here_documents())
    indent = draw(st.sampled_from(["", "", " ", "\t"]))
    keyword = draw(
        st.sampled_from(
            [
                "RUN",
                "run",
                "COPY",
                "ADD",
                "CMD",
                "Entrypoint",
                "FROM",
                "EXPOSE",
                "VOLUME",
                "USER",
                "WORKDIR",
                "ARG",
                "LABEL k=v",
                "ENV",
                "HEALTHCHECK CMD",
                "ONBUILD COPY",
                "STOPSIGNAL",
            ]
        )
    )
    form = draw(JSON_FORMS) if kind == 2 and not keyword.startswith(("LABEL", "ENV")) else draw(argument_texts())
    return f"{indent}{keyword}{draw(st.sampled_from([' ', '  ', chr(9)]))}{draw(FLAGS)}{form}"


@st.composite
def dockerfiles(draw: st.DrawFn) -> str:
    """A complete Dockerfile, with either escape, line ending and a byte order mark or none."""
    text = draw(st.sampled_from(["", "FROM a\n"])) + "\n".join(
        draw(st.lists(instruction_texts(), min_size=1, max_size=6))
    )
    if draw(st.booleans()):
        text = "# escape=`\n" + text.replace("\\", "`")
    text = draw(st.sampled_from(["", "\ufeff"])) + text
    return text.replace("\n", "\r\n") if draw(st.booleans()) else text


def agrees(text: str) -> bool:
    """Whether both read the same; where the official parser refuses the text, whether we call it a fatal problem."""
    found = read(text)
    escape = dict(found.directives).get("escape", "\\")
    try:
        official.parse_string(text)
    except official.GoParseError:
        return any(problem.fatal for problem in found.problems)
    return described(found.instructions, escape) == officially(text)


@settings(max_examples=600, deadline=None)
@given(dockerfiles())
def test_made_up_dockerfiles_are_read_as_the_official_parser_reads_them(text: str) -> None:
    """Continuations, comments, quotes, flags, here-documents and JSON forms in any mixture."""
    assert agrees(text)
