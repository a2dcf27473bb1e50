"""`builds`: a failed build is explained by its cause and its line, in words that do not change with the builder."""

from dataclasses import replace

import pytest

from grader.criteria.builds import builds
from grader.criteria.facts import Attempt
from grader.criteria.outcome import Unmet
from grader.dockerfile.misnamed import misspelt_stage, unknown_image
from grader.dockerfile.reader import read
from grader.engine.model import BuildEnd, BuildResult, BuildStep
from grader.exercise.submission import IgnoreFile


def attempt(dockerfile: str, step: BuildStep | None = None, *, error: str = "", line: int | None = None) -> Attempt:
    """Make an attempt whose build failed in `step`, or before any step with BuildKit's `error`."""
    result = BuildResult(BuildEnd.FAILED, None, (step,) if step else (), 1.0, error, line)
    return Attempt("plain", read(dockerfile), result)


def misnamed(dockerfile: str, *unknown: str) -> Attempt:
    """Make an attempt that was not built, because of a stage or image that cannot be; `unknown` are images."""
    read_file = read(dockerfile)
    return Attempt(
        "plain", read_file, None, slip=unknown_image(read_file, dict.fromkeys(unknown, "")) or misspelt_stage(read_file)
    )


def failed(instruction: str, *, error: str, log: str = "", stage: str = "", number: int = 2) -> BuildStep:
    """Make the step that failed."""
    return BuildStep(f"[{number}/3] {instruction}", stage, number, instruction, False, 0.1, log, error)


def unmet(answer: object) -> Unmet:
    """Take the answer for one that fails."""
    assert isinstance(answer, Unmet)
    return answer


def test_a_build_that_gave_an_image_holds() -> None:
    """What is in the image is for others to ask."""
    built = BuildResult(BuildEnd.BUILT, "sha256:image", (), 1.0)
    assert builds(Attempt("plain", read("FROM scratch\n"), built)) is None


@pytest.mark.parametrize(
    "error",
    [
        'failed to compute cache key: "/src" not found: not found',
        'failed to compute cache key: failed to calculate checksum of ref abc::def: "/src": not found',
    ],
)
def test_a_file_that_is_not_in_the_context_is_said_to_be_missing_there(error: str) -> None:
    """Old and new builders word it differently; a learner reads the same."""
    answer = unmet(builds(attempt("FROM a\nCOPY src/ .\n", failed("COPY src/ .", error=error))))
    assert answer.actual == "`COPY src/ .` failed: /src is not in the build context"
    assert "--from" in answer.hint
    assert answer.lines == (2,)


def test_a_file_that_the_dockerignore_keeps_out_is_said_to_be() -> None:
    """It is in the folder, so that `not in the context` alone would be a riddle."""
    broken = attempt("FROM a\nCOPY src/ .\n", failed("COPY src/ .", error='"/src" not found: not found'))
    answer = unmet(builds(replace(broken, ignore_file=IgnoreFile("*.log\n*\n"))))
    assert "line 2 of .dockerignore, `*`, keeps it out" in answer.actual
    assert "`!`" in answer.hint


def test_of_several_sources_the_first_one_that_is_kept_out_is_named() -> None:
    """The builder names any of them, now this one and now that."""
    step = failed("COPY a b c ./", error='"/c" not found: not found')
    broken = attempt("FROM x\nCOPY a b c ./\n", step)
    answer = unmet(builds(replace(broken, ignore_file=IgnoreFile("*\n!a\n"))))
    assert "/b is not in the build context: line 1" in answer.actual


def test_a_file_that_is_not_in_another_stage_is_said_to_be_missing_there() -> None:
    """The hint says how to look into that stage."""
    text = "FROM a AS builder\nRUN make\nFROM b\nCOPY --from=builder /out/app /app\n"
    step = failed("COPY --from=builder /out/app /app", error='"/out/app" not found: not found', stage="stage-1")
    answer = unmet(builds(attempt(text, step)))
    assert "/out/app is not in the stage or image `builder`" in answer.actual
    assert "--target builder" in answer.hint
    assert answer.lines == (4,)


def test_a_file_that_is_sought_in_an_image_is_said_to_be_in_a_stage() -> None:
    """Who writes the builder's image after --from gets that image as it was fetched, and no target of that name."""
    text = "FROM golang:1.26 AS builder\nRUN x\nFROM b\nCOPY --from=golang:1.26 /out/app /app\n"
    step = failed("COPY --from=golang:1.26 /out/app /app", error='"/out/app" not found: not found', stage="stage-1")
    answer = unmet(builds(attempt(text, step)))
    assert "name one of those" in answer.hint
    assert "--target" not in answer.hint


@pytest.mark.parametrize("error", ["failed to walk /out: lstat /out: no such file or directory", '"/out/a": not found'])
def test_the_path_is_told_as_it_was_written(error: str) -> None:
    """Old builders name the first folder of it that is missing, new ones all of it."""
    answer = unmet(builds(attempt("FROM a\nCOPY out/a /a\n", failed("COPY out/a /a", error=error))))
    assert "/out/a is not in the build context" in answer.actual


def test_of_several_files_the_one_that_is_missing_is_told() -> None:
    """The builder knows which."""
    step = failed("COPY a b /c/", error='"/b" not found: not found')
    assert "/b is not in the build context" in unmet(builds(attempt("FROM a\nCOPY a b /c/\n", step))).actual


def test_a_comment_at_the_end_of_a_copy_is_named_as_the_cause() -> None:
    """The builder only says that a file called `/the` is missing."""
    step = failed("COPY . . # the source", error='"/the" not found: not found')
    answer = unmet(builds(attempt("FROM a\nCOPY . . # the source\n", step)))
    assert "comment" in answer.actual
    assert answer.lines == (2,)


@pytest.mark.parametrize("place", ["log", "error"])
def test_run_on_an_empty_base_is_said_to_lack_a_shell(place: str) -> None:
    """`no such file or directory` is about the shell, not about what it should have run."""
    words = (
        'runc run failed: unable to start container process: exec: "/bin/sh": stat /bin/sh: no such file or directory'
    )
    step = failed(
        "RUN mkdir /tmp",
        log=words if place == "log" else "",
        error=words if place == "error" else "executor failed running [/bin/sh -c mkdir /tmp]: exit code: 1",
    )
    answer = unmet(builds(attempt("FROM scratch\nRUN mkdir /tmp\n", step)))
    assert "there is no /bin/sh in this stage" in answer.actual
    assert answer.lines == (2,)


def test_a_command_that_failed_speaks_for_itself() -> None:
    """The last lines of its output are shown."""
    step = failed("RUN go build .", log="routes.go:16:12: pattern greeting.txt: no matching files found", error="x")
    answer = unmet(builds(attempt("FROM a\nRUN go build .\n", step)))
    assert "pattern greeting.txt: no matching files found" in answer.actual


def test_a_command_that_prints_runcs_words_among_its_own_has_a_shell() -> None:
    """Runc writes one line and nothing else, since nothing runs."""
    log = 'checking\ncontainer process: exec: "/bin/sh": stat /bin/sh: no such file or directory'
    answer = unmet(builds(attempt("FROM a\nRUN x\n", failed("RUN x", log=log, error="exit code: 1"))))
    assert "in this stage" not in answer.actual


def test_a_command_that_only_prints_runcs_words_is_believed_to_be_a_commands_failure() -> None:
    """COPY and RUN in JSON form do not go through a shell, so these words are another cause there."""
    step = failed('RUN ["echo"]', log='exec: "/bin/sh": stat /bin/sh: no such file or directory', error="exit code: 1")
    answer = unmet(builds(attempt('FROM a\nRUN ["echo"]\n', step)))
    assert "in this stage" not in answer.actual


@pytest.mark.parametrize(
    "log",
    [
        "WARNING: fetching https://apk.example/x86_64/APKINDEX.tar.gz: temporary error (try again later)",
        "apk: this stand-in for Alpine was made without a network and cannot install curl",
    ],
)
def test_a_package_client_without_a_network_is_told_that_there_is_none(log: str) -> None:
    """To run the build by hand, where there may be one, would lead astray."""
    step = failed("RUN apk add curl", error="exit code: 1", log=log)
    assert "no network" in unmet(builds(attempt("FROM a\nRUN apk add curl\n", step))).hint


def test_a_pattern_that_cannot_be_read_is_said_to_be_in_the_dockerignore() -> None:
    """The builder's words do not name the file."""
    answer = unmet(builds(attempt("FROM a\n", error="error from sender: invalid excludepatterns: [[]: syntax error")))
    assert ".dockerignore" in answer.hint


def test_a_misspelt_stage_is_told_how_stages_are_named() -> None:
    """No step ever ran: the image that the name was taken for is not available."""
    answer = unmet(builds(misnamed("FROM a AS builder\nRUN x\nFROM b\nCOPY --from=build /x /x\n")))
    assert answer.actual == "there is no stage build: did you mean builder?"
    assert "after AS" in answer.hint
    assert answer.lines == (4,)


@pytest.mark.parametrize("text", ["", "ARG A=b\n", "COPPY a b\n"])
def test_a_file_without_from_is_told_to_begin_with_it(text: str) -> None:
    """No engine saw it."""
    dockerfile = read(text)
    answer = unmet(builds(Attempt("plain", dockerfile, None, slip=dockerfile.problems[0])))
    assert "begins with FROM" in answer.expected
    assert answer.actual == dockerfile.problems[0].message
    assert (answer.hint, answer.lines) == ("Begin with a FROM line.", (1,))


def test_an_image_that_no_registry_has_is_told_with_its_line() -> None:
    """That line is wrong, and nothing of stages is said."""
    answer = unmet(builds(misnamed("FROM golang:1.26 AS builder\nFROM alpin\n", "alpin")))
    assert (answer.actual, answer.lines) == (
        "there is no image alpin, and no stage with that name: the stages above it are builder",
        (2,),
    )
    assert "after AS" not in answer.hint


def test_an_image_that_no_registry_has_is_explained_by_what_is_doubtful_on_its_line() -> None:
    """The stage of that name comes later."""
    answer = unmet(builds(misnamed("FROM runner\nRUN x\nFROM b AS runner\n", "runner")))
    assert "comes later" in answer.actual
    assert answer.lines == (1,)


def test_a_builder_that_happens_to_say_the_same_is_no_slip() -> None:
    """A stage's name is known to be misspelt because it was compared, not because somebody says so."""
    answer = unmet(builds(attempt("FROM a\n", error="there is no stage build in the cache")))
    assert "after AS" not in answer.hint


def test_the_line_and_the_words_are_of_the_same_problem() -> None:
    """BuildKit names line 3, so what is wrong with line 2 is not shown in its place."""
    text = "FROM a\nCMD ['x']\nEXPOSES 80\n"
    answer = unmet(builds(attempt(text, error="dockerfile parse error line 3: unknown instruction: EXPOSES", line=3)))
    assert "EXPOSES" in answer.actual
    assert answer.lines == (3,)


@pytest.mark.parametrize("line", [None, 2, 3])
def test_of_two_lines_with_the_same_fault_the_first_is_named(line: int | None) -> None:
    """Whichever of the two the builder names: Docker 20.10 names none, and 26 the last."""
    text = "ARG TAG\nFROM node:$TAG-x AS a\nFROM node:$TAG-x\nCOPY --from=a / /\n"
    answer = unmet(builds(attempt(text, error="invalid reference format", line=line)))
    assert answer.lines == (2,)


def test_of_two_lines_with_faults_of_one_kind_the_named_one_is_told() -> None:
    """Two unknown flags are two faults, though of one kind."""
    text = "FROM a\nCOPY --frm=x a b\nCOPY --chwn=x a b\n"
    answer = unmet(builds(attempt(text, error="unknown flag: chwn", line=3)))
    assert "--chwn" in answer.actual
    assert answer.lines == (3,)


def test_what_one_builder_refuses_beforehand_is_told_as_of_one_that_fails_at_the_step() -> None:
    """Docker 26 refuses a stage that comes later before it begins; 20.10 takes it for an image and cannot pull it."""
    text = "FROM a AS debug\nCOPY --from=builder /x /x\nFROM b AS builder\n"
    step = failed("COPY --from=builder /x /x", error="pull access denied", stage="debug")
    beforehand = unmet(builds(attempt(text, error='cannot copy from stage "builder"', line=2)))
    assert beforehand == unmet(builds(attempt(text, step)))
    assert "which comes later" in beforehand.actual


def test_a_hole_in_the_name_of_an_image_is_explained() -> None:
    """`FROM node:${NODE_VERSION}-alpine` with nothing in the variable: what is wrong is not what the builder shows."""
    hollow = "FROM node:24 AS deps\nARG NODE_VERSION=24\nFROM node:${NODE_VERSION}-alpine\n"
    answer = unmet(builds(attempt(hollow, error="invalid reference format", line=3)))
    assert "variable" in answer.hint
    assert answer.lines == (3,)
    whole = unmet(builds(attempt("FROM node:24 AS deps\nFROM a b\n", error="syntax error", line=2)))
    assert "variable" not in whole.hint


@pytest.mark.parametrize("order", [1, -1])
def test_what_npm_repeats_of_its_script_is_left_out(order: int) -> None:
    """It comes on another stream than the error: before or behind it, as it happens."""
    log = ["\n> storefront@1.0.0 build\n> bundle frontend dist", "sh: bundle: not found"]
    step = failed("RUN npm run build", error="exit code: 127", log="\n".join(log[::order]))
    answer = unmet(builds(attempt("FROM node:24\nRUN npm run build\n", step)))
    assert answer.actual == "`RUN npm run build` failed: sh: bundle: not found"


@pytest.mark.parametrize(
    ("error", "log"),
    [
        ("secret token not found: not found", ""),
        ("secret token: not found", ""),
        ("exit code: 1", "cat: can't open '/run/secrets/token': No such file or directory"),
        ("exit code: 1", "fetch: cannot read /run/secrets/token: permission denied"),
    ],
)
def test_a_secret_that_is_not_there_is_explained(error: str, log: str) -> None:
    """By the builder, which misses a required one, or by the command that cannot read it."""
    run = "RUN --mount=type=secret,id=token fetch"
    answer = unmet(builds(attempt(f"FROM a\n{run}\n", failed(run, error=error, log=log))))
    assert "secret is mounted only for its own RUN" in answer.hint
    assert answer.lines == (2,)


def test_an_image_without_a_file_is_told_what_it_lacks() -> None:
    """FROM scratch alone: older builders make it, and nothing can read it."""
    result = BuildResult(BuildEnd.EMPTY, None, (), 1.0)
    answer = unmet(builds(Attempt("plain", read("FROM golang:1.26 AS a\nFROM scratch\n"), result)))
    assert "begins from scratch" in answer.actual
    assert answer.lines == (2,)


def test_an_address_that_the_builder_cannot_reach_is_told_with_its_line() -> None:
    """No step failed: the builder fetches it itself."""
    error = 'failed to load cache key: Get "https://x.example/a.tar": dial tcp: lookup x.example: no such host'
    answer = unmet(builds(attempt("FROM a\nADD https://x.example/a.tar /\n", error=error)))
    assert answer.lines == (2,)
    assert "no network" in answer.hint


@pytest.mark.parametrize(
    "error",
    [
        "executor failed running [/bin/sh -c test -f x]: exit code: 1",
        'process "/bin/sh -c test -f x" did not complete successfully: exit code: 1',
    ],
)
def test_a_command_that_wrote_nothing_is_told_with_its_exit_code(error: str) -> None:
    """The builder repeats the command, which is there already."""
    answer = unmet(builds(attempt("FROM a\nRUN test -f x\n", failed("RUN test -f x", error=error))))
    assert answer.actual == "`RUN test -f x` failed: it wrote nothing and ended with exit code 1"


def test_a_shell_that_is_not_there_is_told_with_the_line_that_names_it() -> None:
    """The stage has another one."""
    error = 'container process: exec: "/bin/bash": stat /bin/bash: no such file or directory: unknown'
    text = 'FROM alpine\nSHELL ["/bin/bash", "-c"]\nRUN echo hi\n'
    answer = unmet(builds(attempt(text, failed("RUN echo hi", error=error))))
    assert "there is no /bin/bash" in answer.actual
    assert "small images have only /bin/sh" in answer.hint
    assert answer.lines == (2, 3)


@pytest.mark.parametrize("flag", ["from=builder", "-from=builder"])
def test_a_flag_without_its_dashes_is_told(flag: str) -> None:
    """It is one more file to copy."""
    line = f"COPY {flag} /out/greeter /greeter"
    step = failed(line, error='failed to compute cache key: "/out/greeter" not found: not found')
    answer = unmet(builds(attempt(f"FROM a AS builder\nFROM b\n{line}\n", step)))
    assert answer.hint.startswith("A flag begins with two dashes: --from=builder.")


def test_a_line_that_is_its_own_cause_is_named_once() -> None:
    """A bind mount is in the step that fails."""
    line = "RUN --mount=type=bind,target=/app npm ci"
    step = failed(line, error="exit code: 1", log="npm error ENOENT: no such file or directory, mkdir '/app/m'\n")
    assert unmet(builds(attempt(f"FROM a\n{line}\n", step))).lines == (2,)
