"""What is found in a Dockerfile, case by case; that each is true is shown on a real engine elsewhere."""

from grader.dockerfile.model import ProblemKind
from grader.dockerfile.reader import read
from tests.dockerfile.cases import ProblemCase


def test_a_problem_is_told_with_its_line(problem_case: ProblemCase) -> None:
    """The first problem has the line, the words and the weight of the case; a case without a problem has none."""
    problems = read(problem_case.text).problems
    if not problem_case.says:
        assert problems == ()
        return
    assert problem_case.says in problems[0].message
    assert (problems[0].line, problems[0].fatal) == (problem_case.line, problem_case.fatal)
    assert problems[0].kind.value == problem_case.kind


def test_fatal_problems_come_first() -> None:
    """Whoever explains a failed build with the first problem names the reason, though a doubt comes before it."""
    problems = read("FROM scratch\nWORKDIR /a # b\nNOPE\nUSER x # y\n").problems
    assert [(problem.line, problem.fatal) for problem in problems] == [(3, True), (2, False), (4, False)]


def test_no_more_problems_are_told_than_anyone_reads() -> None:
    """A text can have any number of them."""
    assert len(read("FROM scratch\n" + "NOPE\n" * 1000 + "WORKDIR a # b\n" * 1000).problems) <= 40


def test_a_name_near_a_stage_is_offered() -> None:
    """A misspelt stage is taken for an image, which explains a pull that nobody asked for."""
    text = "FROM scratch AS builder\nFROM scratch\nCOPY --from=biulder /a /b\n"
    (problem,) = read(text).problems
    assert problem.message.endswith("did you mean builder?")
    assert (problem.kind, problem.subject) == (ProblemKind.SOURCE_LIKE_STAGE, "biulder")
    assert not problem.fatal


def test_a_name_near_nothing_is_an_image() -> None:
    """`COPY --from=nginx` is right; so is what has a tag or a registry."""
    assert (
        read("FROM scratch AS builder\nFROM scratch\nCOPY --from=nginx a b\nCOPY --from=buildr:1 a b\n").problems == ()
    )


def test_what_a_trigger_does_wrong_is_told_once() -> None:
    """It cannot be parsed now, so that nothing needs to be said of later."""
    assert len(read("FROM scratch\nONBUILD CMD [1]\n").problems) == 1


def test_what_only_some_builders_refuse_is_not_fatal() -> None:
    """The newest take `[1] x` for the shell form; those before them refuse the number."""
    assert not any(problem.fatal for problem in read("FROM scratch\nCMD [1] x\n").problems)


def test_a_flag_that_may_be_repeated_may_be_repeated() -> None:
    """RUN has as many mounts as it likes."""
    assert read("FROM a\nRUN --mount=type=cache,target=/a --mount=type=cache,target=/b c\n").problems == ()


def test_a_mount_does_not_count_stages() -> None:
    """`RUN --mount=from=0` asks for an image called 0."""
    (problem,) = read("FROM scratch AS a\nFROM scratch\nRUN --mount=from=0,target=/x true\n").problems
    assert "a mount needs the stage's name" in problem.message
    assert (problem.kind, problem.subject) == (ProblemKind.MOUNT_BY_NUMBER, "0")


def test_a_line_that_is_too_long_is_told() -> None:
    """65,535 bytes are the most that BuildKit reads; a byte that was no UTF-8 counts as one."""
    start = "FROM scratch\nLABEL a="
    assert read(start + "x" * (65_535 - 8) + "\n").problems == ()
    assert read(start + "\ufffd" * (65_535 - 8) + "\n").problems == ()
    (problem,) = read(start + "x" * (65_535 - 7) + "\n").problems
    assert (problem.line, problem.kind, problem.fatal) == (2, ProblemKind.LONG_LINE, True)
    assert "65,535" in problem.message


def test_a_shell_that_sets_the_variable_itself_is_not_doubted() -> None:
    """Only a variable that nobody sets is empty; the shell's own are not ours to judge."""
    start = "ARG v=1\nFROM scratch\n"
    for command in ("v=2 && echo $v", "for v in a b; do echo $v; done", "read -r v; echo $v", "echo '$v'", r"echo \$v"):
        assert read(f"{start}RUN {command}\n").problems == (), command
    [problem] = read(f"{start}RUN echo $v\n").problems
    assert (problem.kind, problem.subject) == (ProblemKind.UNDECLARED_VARIABLE, "v")
    assert read(f"{start}RUN <<EOF\necho ${{v}}\nEOF\n").problems


def test_what_runs_later_is_not_doubted() -> None:
    """No ARG reaches CMD, so that to repeat it there would not help."""
    assert read("ARG v=1\nFROM scratch\nCMD echo $v\n").problems == ()
