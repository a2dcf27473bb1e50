"""The terminal report's stages: the final one as the root of a tree, below each stage what it takes from others.

Read off the verdict's stages; a stage that the image does not need is named below the tree.
"""

from collections.abc import Iterator

from rich.console import RenderableType
from rich.padding import Padding

from grader.reports.plain import line
from grader.reports.stage_graph import Stages, base_stage, edges, needed
from grader.reports.terminal_look import DIM, Look

_DEEPEST = 5
_MOST_LINES = 16
_MOST_NAMES = 8


def stages_part(stages: Stages, look: Look) -> Iterator[RenderableType]:
    """Yield the tree of stages, and those that are left out of the build."""
    if not stages:
        return
    last = len(stages) - 1
    yield look.heading("Stages")
    lines, seen = [_name(stages, last)], {last}
    lines += _branches(stages, last, "", seen, look)
    cut = lines[:_MOST_LINES]
    for shown in cut:
        yield Padding(look.cut(look.text(shown)), (0, 0, 0, 2))
    if len(lines) > len(cut):
        yield Padding(look.text(f"and {len(lines) - len(cut)} more lines", DIM), (0, 0, 0, 2))
    used = needed(stages)
    unused = [line(stages[index].name, 40) for index in range(last) if index not in used]
    if unused:
        names = ", ".join(unused[:_MOST_NAMES])
        names += f" and {len(unused) - _MOST_NAMES} more" if len(unused) > _MOST_NAMES else ""
        yield Padding(look.text(f"not used for the image, so not built: {names}", DIM), (0, 0, 0, 2))


def _name(stages: Stages, index: int) -> str:
    """Name a stage and, where that is no other stage, the image that it starts from."""
    name = line(stages[index].name, 40)
    is_final = index == len(stages) - 1
    shown = "a single stage" if len(stages) == 1 else "final stage" if is_final else f"stage {name}"
    if not name.isdecimal():
        shown = f"{name}, the final stage" if is_final and name != "final" else name
    base = base_stage(stages, index)
    return shown if base is not None else f"{shown} ({line(stages[index].base, 80)})"


def _branches(stages: Stages, index: int, before: str, seen: set[int], look: Look) -> list[str]:
    """Draw what a stage takes, one line each; a stage that was drawn is only named again."""
    tee, corner, pipe = ("├─ ", "└─ ", "│  ") if look.unicode else ("|- ", "`- ", "|  ")
    lines = []
    taken = edges(stages, index)
    for number, edge in enumerate(taken, start=1):
        source, is_last = edge.source, number == len(taken)
        start = f"{before}{corner if is_last else tee}{edge.how} "
        if isinstance(source, str):
            lines.append(f"{start}{line(source, 80)} (an image)")
        elif source in seen:
            lines.append(f"{start}{line(stages[source].name, 40)} (see above)")
        else:
            seen.add(source)
            lines.append(start + _name(stages, source))
            below = before + ("   " if is_last else pipe)
            if len(below) < _DEEPEST * len(pipe):
                lines += _branches(stages, source, below, seen, look)
            elif edges(stages, source):
                lines.append(f"{below}{'…' if look.unicode else '...'}")
    return lines
