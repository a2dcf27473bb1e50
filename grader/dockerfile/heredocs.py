"""Finds where an instruction's line opens here-documents: `<<EOF`, `<<-EOF`, `<<"EOF"`, outside quotes."""

import re
from dataclasses import dataclass

from grader.dockerfile.words import split_words

_START = re.compile(r"^\d*<<(-?)([^<\s]+)$")


@dataclass(frozen=True, slots=True)
class HeredocStart:
    """An opened here-document: its delimiter without quotes; quoted delimiters switch expansion off."""

    name: str
    expand: bool
    chomp: bool


def heredoc_starts(text: str, escape: str) -> tuple[HeredocStart, ...]:
    """Return the here-documents that the words of `text` open, in order; a JSON form opens none."""
    if text.partition(" ")[2].lstrip().startswith("["):
        return ()
    found = []
    for word in split_words(text, escape):
        match = _START.match(word)
        if not match:
            continue
        bare = match[2].replace('"', "").replace("'", "").replace(escape, "")
        if bare:
            found.append(HeredocStart(bare, bare == match[2], match[1] == "-"))
    return tuple(found)
