"""Removes the `# syntax=` line that makes BuildKit fetch its Dockerfile frontend from a registry.

Only Docker's own frontend is removed: the engine has one built in. Any other one is another language and stays.
"""

import re

_DIRECTIVE = re.compile(rb"#[ \t]*([A-Za-z][A-Za-z0-9]*)[ \t]*=[ \t]*(.+?)[ \t]*")
_OFFICIAL = re.compile(rb"(?:(?:docker\.io|index\.docker\.io)/)?docker/dockerfile(?:-upstream)?(?:[:@]\S*)?(?:\s.*)?")
_BOM = b"\xef\xbb\xbf"


def set_aside_syntax(text: bytes) -> bytes:
    """Return the Dockerfile without an official `# syntax=` directive; every other line keeps its number.

    Directives end at the first line that is not one, so an empty comment is put below those that stay
    (https://docs.docker.com/reference/dockerfile/#parser-directives).
    """
    bom = _BOM if text.startswith(_BOM) else b""
    lines = text[len(bom) :].splitlines(keepends=True)
    kept: list[bytes] = lines[:1] if lines and lines[0].startswith(b"#!") else []  # newer builders look below it, too
    aside: list[bytes] = []
    for line in lines[len(kept) :]:
        match = _DIRECTIVE.fullmatch(line.rstrip(b"\r\n"))
        if not match:
            break
        ending = line[len(line.rstrip(b"\r\n")) :]
        if match[1].lower() == b"syntax" and _OFFICIAL.fullmatch(match[2]):
            aside.append(b"#" + ending)
        else:
            kept.append(line)
    rest = lines[len(kept) + len(aside) :]
    return bom + b"".join((*kept, *aside, *rest))
