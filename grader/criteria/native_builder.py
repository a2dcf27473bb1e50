"""Whatever platform an image is built for, its compiler runs on the machine's own."""

from collections.abc import Sequence

from grader.criteria.facts import Compiler
from grader.criteria.outcome import Answer, Unmet

WHY = "A compiler for another machine needs emulation: it is ten times slower, and without emulation it does not run."


def native_builder(compilers: Sequence[Compiler]) -> Answer:
    """Passes if the steps of all stages that compile see the same machine as the engine's own processes."""
    for compiler in compilers:
        if compiler.machine == compiler.own:
            continue
        stage = f"the stage {compiler.stage} begins from {compiler.base}"
        if compiler.machine:
            actual = f"{stage} for another machine: `uname -m` says {compiler.machine} there"
        else:
            actual = f"{stage} for {compiler.platform}, which this machine could only emulate: {compiler.refused}"
        return Unmet(
            f"when the image is built for {compiler.platform}, its compiler still runs on {compiler.own}",
            actual,
            WHY,
            "Each FROM can name the platform of its image; BuildKit has a variable for the platform that it runs on.",
            (compiler.line,),
        )
    return None
