"""C: its compilers are in images of other languages too, and stay behind in the builder like theirs."""

from grader.languages.model import Language, Toolchain

_MARKS = (b"COLLECT_GCC_OPTIONS", b"CCC_OVERRIDE_OPTIONS", b"Tiny C Compiler")
"""The variable by which the parts of GCC hand each other their options; one that Clang reads; what tcc calls itself."""

C = Language(
    name="C",
    repositories=("gcc",),
    toolchain=Toolchain(commands=("gcc", "clang", "g++", "cc", "cc1"), marks=_MARKS),
    ships_toolchain=True,
)
