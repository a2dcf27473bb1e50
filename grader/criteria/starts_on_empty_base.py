"""The program needs nothing else: it runs without a C library."""

import re

from grader.criteria.facts import Shipped
from grader.criteria.outcome import Answer, Unmet
from grader.criteria.start import compile_lines, start_of
from grader.criteria.words import some_paths
from grader.image.model import Kind

WHY = "With a static program on an empty base, there is nothing to patch but the program."
_LIBC = re.compile(r"^(libc\.so\.6|libc-[0-9.]+\.so|libc\.musl-.*|ld-musl-.*|ld-linux.*|ld-[0-9.]+\.so)$")
"""File names of glibc and musl and of their loaders."""


def starts_on_empty_base(shipped: Shipped) -> Answer:
    """Passes if no C library is in the image and the started program asks for no interpreter (ELF PT_INTERP)."""
    expected = "a program that needs no loader, in an image without a C library"
    start = start_of(shipped)
    placed = shipped.tree.get(start.path) if start and start.path else None
    interpreter = placed.entry.elf.interpreter if placed and placed.entry.elf else None
    if start and interpreter:
        actual = f"/{start.path} asks for {interpreter}"
        hint = "Turn off C in the Go compiler: look for CGO_ENABLED in the lesson."
        return Unmet(expected, actual, WHY, hint, compile_lines(shipped))
    kinds = (Kind.FILE, Kind.SYMLINK, Kind.HARDLINK)
    libraries = sorted(path for path, at in shipped.tree.items() if at.entry.kind in kinds and _LIBC.match(path.name))
    if libraries:
        layers = {shipped.tree[path].layer for path in libraries}
        hint = "Start the final stage from a base that has no C library."
        if min(layers) >= shipped.base_layers:
            hint = "Your own instructions bring it: link the program statically, then it needs none."
        return Unmet(expected, f"a C library: {some_paths(libraries)}", WHY, hint, shipped.lines_of_layers(layers))
    return None
