"""Built for another platform, the image says so, and the program in it is for that machine."""

from dataclasses import replace
from pathlib import PurePosixPath

from grader.criteria.builds import builds
from grader.criteria.facts import Attempt, Compiler, Shipped
from grader.criteria.formatting import some_paths
from grader.criteria.native_builder import native_builder
from grader.criteria.outcome import Answer, Blocked, Unmet
from grader.criteria.start import compile_lines, start_of, why_it_cannot_start
from grader.criteria.target import is_built
from grader.dockerfile.model import ProblemKind
from grader.engine.platforms import ELF_NAMES, architecture_of

WHY = "An image with a program for another machine is pulled without an error, but does not start: exec format error."
_TELL_GO = (
    "Go compiles for the machine that it runs on, unless GOOS and GOARCH are set: do they name the target platform?"
)


_LAST_STAGE = "An image has the platform of its last stage and of that stage's base: what does that FROM say?"


def needs_build(plain: Attempt) -> Answer:
    """Block what is asked about another platform until there is an image for the machine's own."""
    return None if is_built(plain) else Blocked("builds", "can't tell until it builds")


def needs_native(compilers: tuple[Compiler, ...]) -> Answer:
    """Block what is asked about the other image while its compiler would need emulation."""
    if native_builder(compilers):
        return Blocked("native-builder", "can't tell until the compiler runs on the machine's own platform")
    return None


def builds_for_other(attempt: Attempt) -> Answer:
    """Passes if the build for the other platform gave an image."""
    answer = builds(attempt)
    if not isinstance(answer, Unmet):
        return answer
    expected = f"`docker build --platform {attempt.platform}` gives an image"
    return replace(answer, expected=expected, why=WHY, hint=f"{answer.hint} Use --platform for that, too.")


def other_architecture(shipped: Shipped, nonce: str) -> Answer:
    """Passes if the image and its program have the architecture of the platform that the image was built for.

    The program must contain the `nonce` of the source: one that was compiled elsewhere does not count.
    """
    platform = shipped.attempt.platform
    wanted = architecture_of(platform)
    machine = ELF_NAMES.get(wanted, wanted)
    expected = f"with --platform {platform} an image for {wanted} with a program for {machine}"
    start = start_of(shipped)
    elf = shipped.tree[start.path].entry.elf if start and start.path else None
    if start is None or elf is None:
        obstacle = why_it_cannot_start(shipped)
        actual = (
            obstacle.actual
            if obstacle
            else f"what it starts, `{start.words[0] if start else ''}`, is not an ELF program"
        )
        hint = obstacle.hint if obstacle else "Start the program itself."
        return Unmet(expected, actual, WHY, hint, obstacle.lines if obstacle else ())
    architecture = shipped.image.config.architecture
    foreign = _foreign(shipped, machine)
    if elf.machine != machine:
        return _wrong_program(
            shipped, expected, f"the image is for {architecture}, and /{start.path} for {elf.machine}"
        )
    if architecture != wanted:
        actual = f"/{start.path} is for {elf.machine}, and the image says that it is for {architecture}"
        return Unmet(expected, actual, WHY, _LAST_STAGE, shipped.attempt.final_from)
    if foreign:
        layers = {shipped.tree[path].layer for path in foreign}
        actual = f"/{start.path} is for {machine}, but it is among programs that are not: {some_paths(foreign)}"
        lines = shipped.lines_of_layers(layers) or shipped.attempt.final_from
        return Unmet(expected, actual, WHY, _LAST_STAGE, lines)
    if not any(match.path == start.path and match.needle == nonce.encode() for match in shipped.image.matches):
        actual = f"/{start.path} does not contain the text that was in greeting.txt at build time ({nonce})"
        return Unmet(expected, actual, WHY, "Compile the source inside the build.", compile_lines(shipped))
    return None


def _foreign(shipped: Shipped, machine: str) -> list[PurePosixPath]:
    """Return the programs and libraries for another of the machines that images are made for."""
    others = set(ELF_NAMES.values()) - {machine}
    return sorted(path for path, at in shipped.tree.items() if at.entry.elf and at.entry.elf.machine in others)


def _wrong_program(shipped: Shipped, expected: str, actual: str) -> Unmet:
    """Also say which variable had no value where it was used. This is text: it only points at what was found."""
    problems = shipped.attempt.dockerfile.problems
    empty = next((found for found in problems if found.kind is ProblemKind.UNDECLARED_VARIABLE), None)
    if empty:
        return Unmet(expected, f"{actual}; on line {empty.line} {empty.message}", WHY, _TELL_GO, (empty.line,))
    return Unmet(expected, actual, WHY, _TELL_GO, compile_lines(shipped))
