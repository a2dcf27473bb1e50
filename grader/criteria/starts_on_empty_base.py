"""The program needs nothing else: it runs without a C library."""

import re

from grader.criteria.facts import Shipped
from grader.criteria.formatting import some_paths
from grader.criteria.outcome import Answer, Unmet
from grader.criteria.start import compile_lines, start_of
from grader.image.model import Kind

WHY = "With a static program on an empty base, there is nothing to patch but the program."
_KINDS = (Kind.FILE, Kind.SYMLINK, Kind.HARDLINK)
_LIBC = re.compile(r"^(libc\.so\.6|libc-[0-9.]+\.so|libc\.musl-.*|ld-musl-.*|ld-linux.*|ld-[0-9.]+\.so)$")
"""File names of glibc and musl and of their loaders."""


def starts_on_empty_base(shipped: Shipped) -> Answer:
    """Passes if no layer has a C library, hidden or not, and the started program asks for no loader (PT_INTERP)."""
    expected = "a program that needs no loader, in an image without a C library"
    start = start_of(shipped)
    placed = shipped.tree.get(start.path) if start and start.path else None
    interpreter = placed.entry.elf.interpreter if placed and placed.entry.elf else None
    if start and interpreter:
        actual = f"/{start.path} asks for {interpreter}"
        hint = "Turn off C in the Go compiler: look for CGO_ENABLED in the lesson."
        return Unmet(expected, actual, WHY, hint, compile_lines(shipped))
    libraries = {
        entry.path: index
        for index, layer in enumerate(shipped.image.layers)
        for entry in layer.entries
        if entry.kind in _KINDS and _LIBC.match(entry.path.name)
    }
    if not libraries:
        return None
    hidden = "" if any(path in shipped.tree for path in libraries) else ", which a later layer hides"
    actual = f"a C library: {some_paths(sorted(libraries))}{hidden}"
    hint = "Start the final stage from a base that has no C library."
    if min(libraries.values()) >= shipped.base_layers:
        hint = "Your own instructions bring it: link the program statically, then it needs none."
    return Unmet(expected, actual, WHY, hint, shipped.lines_of_layers(set(libraries.values())))
