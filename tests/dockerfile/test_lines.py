"""Directives, comments, continuations, line ends and here-documents: what the corpus cannot say for itself."""

from grader.dockerfile.model import Heredoc
from grader.dockerfile.reader import read


def test_an_instruction_knows_its_lines() -> None:
    """From the first to the last, with comments and blank lines in between, counted from 1."""
    steps = read("\nFROM a\nRUN b \\\n# c\n\n  d\n\nCMD e\n").instructions
    assert [(step.keyword, step.first_line, step.last_line) for step in steps] == [
        ("FROM", 2, 2),
        ("RUN", 3, 6),
        ("CMD", 8, 8),
    ]


def test_the_original_is_the_text_as_it_stands() -> None:
    """A learner sees what they wrote; only line ends are made alike."""
    (step,) = read("RUN a \\\r\n# c\r\n  b\r\n").instructions
    assert step.original == "RUN a \\\n# c\n  b"
    assert step.arguments == "a   b"


def test_directives_are_those_at_the_very_top() -> None:
    """`check` is one of them, though the older official parser that we are held against does not know it."""
    assert read("# syntax = x:1 \n#check=skip=all\n# Escape=`\nFROM a\n").directives == (
        ("syntax", "x:1"),
        ("check", "skip=all"),
        ("escape", "`"),
    )
    assert read("FROM a\n# syntax=x\n").directives == ()


def test_a_directive_behind_check_counts() -> None:
    """With the backtick as escape the backslash joins nothing."""
    assert len(read("# check=skip=all\n# escape=`\nFROM a\nRUN b \\\nRUN c\n").instructions) == 3


def test_here_documents_say_how_they_are_expanded() -> None:
    """Quotes around any part of the delimiter switch expansion off; a backslash before it does not, in BuildKit."""
    (step,) = read("COPY <<A <<'B' <<C\"D\" <<\\E <<-F /x\n1\nA\n2\nB\n3\nCD\n4\nE\n\t5\n\tF\n").instructions
    assert step.heredocs == (
        Heredoc("A", "1\n", expand=True, chomp=False),
        Heredoc("B", "2\n", expand=False, chomp=False),
        Heredoc("CD", "3\n", expand=False, chomp=False),
        Heredoc("E", "4\n", expand=True, chomp=False),
        Heredoc("F", "5\n", expand=True, chomp=True),
    )
    assert step.last_line == 11


def test_carriage_returns_stay_in_a_here_document() -> None:
    """The shell that gets it will stumble over them, and so it should be seen."""
    (step,) = read("RUN <<A\r\nb\r\nA\r\n").instructions
    assert step.heredocs == (Heredoc("A", "b\r\n", expand=True, chomp=False),)


def test_an_unterminated_here_document_takes_the_rest() -> None:
    """What is in it is not read as instructions."""
    found = read("FROM a\nRUN <<A\nRUN b\n")
    assert [step.keyword for step in found.instructions] == ["FROM", "RUN"]
    assert found.instructions[1].last_line == 3


def test_a_blank_may_stand_before_the_delimiter_if_it_comes() -> None:
    """The newest builders take `<< EOF` for a here-document; a shift is one in no builder."""
    run, cmd = read("RUN cat << EOF\nFROM b\nEOF\nCMD c\n").instructions
    assert (run.heredocs[0].content, run.last_line, cmd.keyword) == ("FROM b\n", 3, "CMD")
    assert [step.heredocs for step in read("RUN echo $((1 << 2))\nCMD c\n").instructions] == [(), ()]


def test_a_trigger_has_its_own_parts() -> None:
    """ONBUILD's trigger is an instruction with flags, JSON form and here-documents."""
    (step,) = read("ONBUILD COPY --from=x <<A /y\nb\nA\n").instructions
    assert step.trigger
    assert (step.trigger.keyword, step.trigger.flags[0].value, step.trigger.heredocs[0].name) == ("COPY", "x", "A")
    assert (step.trigger.first_line, step.trigger.last_line) == (1, 3)


def test_half_a_surrogate_pair_is_no_character() -> None:
    r"""Else a `"\ud800"` would break whoever prints it."""
    assert read('CMD ["\\ud800", "\\ud83d\\ude00"]\n').instructions[0].json_form == ("\ufffd", "\U0001f600")


def test_letters_that_only_look_like_a_keyword_make_none() -> None:
    """Python upper-cases the long s to S and the dotless i to I, Go does neither."""
    assert [step.keyword for step in read("u\u017fer a\nw\u0131r b\n\u017from c\n").instructions] == [
        "u\u017fer",
        "w\u0131r",
        "\u017from",
    ]
