"""Expands variables as BuildKit's shell lexer does in FROM and ARG: `$x`, `${x}`, `${x:-y}`, `${x:+y}` and kin."""

import re
from collections.abc import Callable, Mapping

_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]*|[0-9]|[@*#]")
_DEPTH = 20


def expand(text: str, values: Mapping[str, str], escape: str = "\\", _depth: int = 0) -> tuple[str, tuple[str, ...]]:
    """Return the expanded text without quotes, and the names of variables that had no value and no default."""
    out: list[str] = []
    missing: list[str] = []
    quote = ""
    at = 0
    while at < len(text):
        char = text[at]
        if char == escape and quote != "'" and at + 1 < len(text):
            out.append(text[at + 1])
            at += 2
        elif char in "\"'" and (not quote or quote == char):
            quote = "" if quote else char
            at += 1
        elif char == "$" and quote != "'":
            value, at, unknown = _variable(text, at + 1, values, escape, _depth)
            out.append(value)
            missing += unknown
        else:
            out.append(char)
            at += 1
    return "".join(out), tuple(missing)


def _variable(
    text: str, at: int, values: Mapping[str, str], escape: str, depth: int
) -> tuple[str, int, tuple[str, ...]]:
    """Expand the variable that begins after the `$` at `at`; return its value, where to go on, and missing names."""
    if at < len(text) and text[at] == "{":
        end = _closing(text, at + 1)
        if end < 0 or depth > _DEPTH:
            return "$" + text[at:], len(text), ()
        value, missing = _braced(text[at + 1 : end], values, escape, depth)
        return value, end + 1, missing
    match = _NAME.match(text, at)
    if not match:
        return "$", at, ()
    name = match[0]
    return values.get(name, ""), match.end(), () if name in values else (name,)


def _closing(text: str, at: int) -> int:
    """Find the brace that closes the one before `at`, over nested ones; -1 if there is none."""
    depth = 1
    for index in range(at, len(text)):
        if text[index] == "{" and text[index - 1] == "$":
            depth += 1
        elif text[index] == "}":
            depth -= 1
            if not depth:
                return index
    return -1


def _braced(inside: str, values: Mapping[str, str], escape: str, depth: int) -> tuple[str, tuple[str, ...]]:
    match = _NAME.match(inside)
    if not match:
        return "${" + inside + "}", ()
    name, rest = match[0], inside[match.end() :]
    if not rest:
        return values.get(name, ""), () if name in values else (name,)
    empty_counts_as_unset = rest.startswith(":")
    operator, word = rest[:1], rest[1:]
    if empty_counts_as_unset:
        operator, word = rest[1:2], rest[2:]
    is_set = bool(values.get(name)) if empty_counts_as_unset else name in values

    def expanded() -> tuple[str, tuple[str, ...]]:
        return expand(word, values, escape, depth + 1)

    return _apply(operator, expanded, values.get(name, ""), name, is_set=is_set)


def _apply(
    operator: str, word: Callable[[], tuple[str, tuple[str, ...]]], value: str, name: str, *, is_set: bool
) -> tuple[str, tuple[str, ...]]:
    if operator == "-":
        return (value, ()) if is_set else word()
    if operator == "+":
        return word() if is_set else ("", ())
    if operator == "?":
        return (value, ()) if is_set else ("", (name,))
    return value, ()
