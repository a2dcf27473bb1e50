"""C: its compilers are in images of other languages too, and stay behind in the builder like theirs."""

from grader.languages.model import Language, Toolchain

C = Language(
    name="C",
    repositories=("gcc",),
    toolchain=Toolchain(commands=("gcc", "clang", "g++", "cc", "cc1")),
    ships_toolchain=True,
)
