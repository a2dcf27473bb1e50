"""A size and its layers in words, the same in every report. Bars and tables are the reports' own."""

import re

from grader.criteria.formatting import megabytes
from grader.image.weights import PathWeight, Weighed
from grader.reports.plain import line
from grader.verdict import LayerSummary, SizeScale

_LONGEST_PATH = 8192
"""Twice what Linux allows (PATH_MAX): no end is cut off before the middle is left out."""
_SHELL = re.compile(r"^RUN (?:\|\d+ .*?)?/bin/sh -c ", re.DOTALL)
"""Before a shell's command BuildKit writes the build arguments that apply to it: how many, and each with its value."""
_TIMES = 2
"""From this ratio on, a size is given as so many times smaller; below it in per cent."""


def size_sentence(size: int, scale: SizeScale) -> str:
    """Say in words what size bars show: for who cannot see them, and for who quotes them."""
    words = [f"Your image has {megabytes(size)}"]
    if scale.budget is not None:
        over = size - scale.budget
        words.append(f"{megabytes(over)} over the budget" if over > 0 else "within the budget")
    if scale.starter and 0 < size < scale.starter:
        times = scale.starter / size
        saved = f"{times:.0f} times" if times >= _TIMES else f"{100 - 100 / times:.0f} %"
        if saved != "0 %":  # no build is quite like another
            words.append(f"{saved} smaller than the starter")
    return ", ".join(words) + "."


def instruction_words(layer: LayerSummary) -> str:
    """Leave out of an instruction what BuildKit added to it."""
    return _SHELL.sub("RUN ", line(layer.instruction).removesuffix(" # buildkit"))


def hidden_sentence(hidden: int) -> str:
    """Say of so many bytes that no container sees them."""
    return f"{megabytes(hidden)} are hidden by later layers, and shipped anyway."


def weight_sentences(weighed: Weighed) -> tuple[str, ...]:
    """Say what of a weighed image came with its base and what was added, and what of it later layers hide."""
    image = weighed.image
    own = sum(not layer.from_base for layer in image.layers)
    layers = f"{own} layer{'' if own == 1 else 's'}"
    if any(layer.from_base for layer in image.layers):
        base = f"{megabytes(image.size - image.added)} from {line(image.base, 80)}"
        sentences = [f"{megabytes(image.size)}: {base}, {megabytes(image.added)} in {layers} of its own."]
    else:
        sentences = [f"{megabytes(image.size)} in {layers}."]
    if weighed.added_budget is not None:
        over = image.added - weighed.added_budget
        verdict = f"{megabytes(over)} over" if over > 0 else "within"
        sentences.append(f"What it adds is {verdict} the budget of {megabytes(weighed.added_budget)}.")
    if weighed.hidden:
        sentences.append(hidden_sentence(weighed.hidden))
    return tuple(sentences)


def path_words(path: PathWeight, most: int = 80) -> str:
    """Return a path, its middle left out where it is long."""
    if path.is_rest and path.path == "/":
        return "elsewhere"
    words = line(path.path, _LONGEST_PATH)
    if len(words) > most:
        tail = most // 2
        words = f"{words[: most - tail - 1]}…{words[-tail:]}"
    return f"{words} (the rest)" if path.is_rest else words
