"""Splits an instruction's arguments into words and flags, as BuildKit does. Quotes and escapes stay in the words."""

import json

from grader.dockerfile.model import Flag


def split_words(text: str, escape: str) -> list[str]:
    """Split at blanks outside quotes; an escaped character never splits or quotes."""
    words: list[str] = []
    word: list[str] = []
    quote = ""
    at = 0
    while at < len(text):
        char = text[at]
        if char == escape and quote != "'" and at + 1 < len(text):
            word.append(text[at : at + 2])
            at += 2
            continue
        if quote:
            quote = "" if char == quote else quote
        elif char in "\"'":
            quote = char
        elif char in " \t":
            if word:
                words.append("".join(word))
                word = []
            at += 1
            continue
        word.append(char)
        at += 1
    if word:
        words.append("".join(word))
    return words


def take_flags(text: str, escape: str) -> tuple[tuple[Flag, ...], str]:
    """Take `--name=value` words from the front; return them and the rest."""
    flags = []
    rest = text.lstrip()
    while rest.startswith("--"):
        word = _first_word(rest, escape)
        if word == "--":
            rest = rest[2:].lstrip()
            break
        name, _, value = word[2:].partition("=")
        flags.append(Flag(name, unquoted(value, escape)))
        rest = rest[len(word) :].lstrip()
    return tuple(flags), rest


def _first_word(text: str, escape: str) -> str:
    quote = ""
    at = 0
    while at < len(text):
        char = text[at]
        if char == escape and quote != "'":
            at += 2
            continue
        if quote:
            quote = "" if char == quote else quote
        elif char in "\"'":
            quote = char
        elif char in " \t":
            break
        at += 1
    return text[:at]


def unquoted(word: str, escape: str) -> str:
    """Take quotes and escapes off a word."""
    kept: list[str] = []
    quote = ""
    at = 0
    while at < len(word):
        char = word[at]
        if char == escape and quote != "'" and at + 1 < len(word):
            kept.append(word[at + 1])
            at += 2
            continue
        if char in "\"'" and (not quote or quote == char):
            quote = "" if quote else char
        else:
            kept.append(char)
        at += 1
    return "".join(kept)


def json_strings(text: str) -> tuple[str, ...] | None:
    """Return the strings of a JSON (exec) form, or None if the text is not an array of strings."""
    if not text.lstrip().startswith("["):
        return None
    try:
        value = json.loads(text)
    except (ValueError, RecursionError):
        return None
    if isinstance(value, list) and all(isinstance(item, str) for item in value):
        return tuple(value)
    return None
