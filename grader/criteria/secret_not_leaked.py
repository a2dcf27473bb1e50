"""The secret is nowhere in the image: in no file of any layer, not in its settings and not in its history."""

from collections.abc import Iterator, Sequence

from grader.criteria.facts import Shipped
from grader.criteria.formatting import some_paths
from grader.criteria.layer_words import step_of
from grader.criteria.outcome import Answer, Unmet
from grader.dockerfile.model import Instruction
from grader.image.model import HistoryEntry, Match

WHY = "Everyone who can pull the image can read every layer, also deleted files, and every line of its history."
_HINT_FILE = (
    "The command should read the secret where it is mounted: what it writes, and what COPY copies, is in a layer."
)
_HINT_CONFIG = "ARG and ENV are for values that everyone may know. A mounted secret is in neither of them."


def secret_not_leaked(shipped: Shipped, secrets: Sequence[str], encoded: Sequence[str]) -> Answer:
    """Passes if the image contains neither the bytes of one of the `secrets` nor any of their `encoded` forms.

    The message names the places, and never the secret.
    """
    forms = {form.encode() for form in (*secrets, *encoded)}
    matches = [match for match in shipped.image.matches if match.needle in forms]
    if not matches:
        return None
    found = [*_in_files(shipped, matches), *_in_config(shipped, forms)]
    if not found and any(match.layer is None for match in matches):
        found = [("the image's description contains it", ())]
    actual = "; ".join(words for words, _ in found)
    if not any(match.needle.decode() in secrets for match in matches):
        actual += ". It is in base64, which everyone can read"
    in_files = any(match.layer is not None for match in matches)
    return Unmet(
        expected="the token in no layer, no setting and no line of history",
        actual=actual,
        why=WHY,
        hint=_HINT_FILE if in_files else _HINT_CONFIG,
        lines=tuple(sorted({line for _, lines in found for line in lines})),
    )


def _in_files(shipped: Shipped, matches: Sequence[Match]) -> Iterator[tuple[str, tuple[int, ...]]]:
    """Name the files that contain it, those of each layer together, with the line that made the layer."""
    for layer in sorted({match.layer for match in matches if match.layer is not None}):
        paths = sorted({match.path for match in matches if match.layer == layer and match.path is not None})
        words = f"{some_paths(paths)} in the layer of `{step_of(shipped, layer)}` contains it"
        if all(path not in shipped.tree or shipped.tree[path].layer != layer for path in paths):
            words += ", deleted by a later instruction, but still in the layer below"
        yield words, shipped.lines_of_layers({layer})


def _in_config(shipped: Shipped, forms: set[bytes]) -> Iterator[tuple[str, tuple[int, ...]]]:
    """Name the settings and lines of history that contain it."""
    config, steps = shipped.image.config, shipped.attempt.final_instructions
    for keyword, what, pairs in (
        ("ENV", "the variable", config.environment),
        ("LABEL", "the label", config.labels),
    ):
        for name, value in pairs:
            if _has(value, forms):
                lines = [step.first_line for step in steps if step.keyword == keyword and name in step.arguments]
                yield f"{what} {name}, which everything in the container sees, contains it", tuple(lines[-1:])
    yield from _in_history(shipped, [entry for entry in shipped.image.history if _has(entry.created_by, forms)])


def _in_history(shipped: Shipped, entries: Sequence[HistoryEntry]) -> Iterator[tuple[str, tuple[int, ...]]]:
    """Name the lines of history that contain it; of a value, its own instruction and not all those after it."""
    if not entries:
        return
    found = " ".join(entry.created_by for entry in entries)
    arguments = [step for step in shipped.attempt.final_instructions if step.keyword == "ARG"]
    given = {step.first_line: name for step in arguments if f"{(name := _name(step))}=" in found}
    words = "its history contains it"  # in how many lines depends on the builder: newer ones have one for each ARG
    if given:
        words += f", as the value of the argument {', '.join(sorted(set(given.values())))}"
    layers = {entry.layer for entry in entries if entry.layer is not None}
    yield words, tuple(given) or shipped.lines_of_layers(layers)


def _name(argument: Instruction) -> str:
    return argument.arguments.partition("=")[0].strip()


def _has(text: str, forms: set[bytes]) -> bool:
    return any(form in text.encode("utf-8", "surrogateescape") for form in forms)
