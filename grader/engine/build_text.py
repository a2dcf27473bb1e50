"""Makes what a build says safe and short to show: log text, BuildKit's last error, the Dockerfile line it names.

Pure; which of these texts is whose fault is told in `build_faults.py`.
"""

import re
import unicodedata

_ESCAPE_SEQUENCE = re.compile(
    r"\x1b\[[0-?]*[ -/]*[@-~]"  # colours, cursor movement
    r"|\x1b[\]PX^_].*?(?:\x07|\x1b\\|$)"  # titles, links: a string up to its end
    r"|\x1b[ -/]*[0-~]",
    re.MULTILINE,
)
_WRAPPING = re.compile(
    r"(?:ERROR: |error: |failed to solve: |failed to build: "
    r"|rpc error: code = \w+ desc = "
    r"|failed to solve with frontend [\w.]+: "
    r"|failed to create LLB definition: )"
)
_RANDOM_REFERENCE = re.compile(r"failed to calculate checksum of ref [\w.:-]+: ")
_PARSE_ERROR_LINE = re.compile(
    r"(?:dockerfile )?parse error (?:on )?line (\d+): |dockerfile line (\d+): ", re.IGNORECASE
)
_EXCERPT = re.compile(r"^[^\s:]+:(\d+)\n-{20}\n(.*?)^-{20}$", re.MULTILINE | re.DOTALL)
_MARKED = re.compile(r"^\s*(\d+) \| >>> ", re.MULTILINE)


def plain_text(text: str) -> str:
    """Take out terminal escape sequences, break lines at lone carriage returns, spell other control characters out."""
    text = _ESCAPE_SEQUENCE.sub("", text).replace("\r\n", "\n").replace("\r", "\n").rstrip("\n")
    return "".join(character if _is_shown(character) else _spelt(character) for character in text)


def _is_shown(character: str) -> bool:
    return character in "\n\t" or unicodedata.category(character) not in ("Cc", "Cf", "Zl", "Zp")


def _spelt(character: str) -> str:
    code = ord(character)
    return f"\\x{code:02x}" if code < 0x100 else f"\\u{code:04x}"  # noqa: PLR2004 - two hex digits are enough


def tidy_error(error: str) -> str:
    """Take the layers of wrapping off BuildKit's error; also a reference that is another one every time."""
    error = plain_text(error).strip()
    while match := _WRAPPING.match(error):
        error = error[match.end() :]
    return _RANDOM_REFERENCE.sub("", error)


def last_error(tail: str) -> str:
    """Find the error with which the docker command ended in what it printed beside the progress; still wrapped.

    buildx puts `ERROR: ` before it. The older command prints it after the `------` that closes the failed step's
    log, or alone.
    """
    lines = tail.rstrip("\n").split("\n")
    for index, line in enumerate(lines):
        if line.startswith("ERROR: "):
            return "\n".join(lines[index:])
    after_log = len(lines) - lines[::-1].index("------") if "------" in lines else 0
    return "\n".join(line for line in lines[after_log:] if line and not line.startswith("WARNING: "))


def named_line(tail: str) -> int | None:
    """Return the Dockerfile line that the error names: a parse error's, or the first marked line of the excerpt."""
    excerpt = _EXCERPT.search(tail)
    if excerpt:
        marked = _MARKED.search(excerpt[2])
        return int(marked[1] if marked else excerpt[1])
    parse_error = _PARSE_ERROR_LINE.match(tidy_error(last_error(tail)))
    return int(parse_error[1] or parse_error[2]) if parse_error else None
