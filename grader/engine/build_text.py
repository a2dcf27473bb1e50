"""Shortens what a build reports, to show it: BuildKit's last error, the Dockerfile line that it names.

Pure; `build_faults.py` decides whose fault it is.
"""

import re

from grader.engine.plain_text import plain_text

_WRAPPING = re.compile(
    r"(?:ERROR: |error: |failed to solve: |failed to build: "
    r"|rpc error: code = \w+ desc = "
    r"|failed to solve with frontend [\w.]+: "
    r"|failed to create LLB definition: )"
)
_RANDOM_REFERENCE = re.compile(r"failed to calculate checksum of ref [\w.:-]+: ")
_FOLDER_OF_THE_ENGINE = re.compile(r"/\S*/(?:buildkit-mount\d+|overlay2/[\w-]+/(?:merged|diff))(?=/)")
_PARSE_ERROR_LINE = re.compile(
    r"(?:dockerfile )?parse error (?:on )?line (\d+): |dockerfile line (\d+): ", re.IGNORECASE
)
_EXCERPT = re.compile(r"^[^\s:]+:(\d+)\n-{20}\n(.*?)^-{20}$", re.MULTILINE | re.DOTALL)
_MARKED = re.compile(r"^\s*(\d+) \| >>> ", re.MULTILINE)


def tidy_error(error: str) -> str:
    """Remove the layers of wrapping from BuildKit's error, and the engine's own names, which differ every time."""
    error = plain_text(error).strip()
    while match := _WRAPPING.match(error):
        error = error[match.end() :]
    return _FOLDER_OF_THE_ENGINE.sub("", _RANDOM_REFERENCE.sub("", error))


def last_error(tail: str) -> str:
    """Find the docker command's last error in what it printed apart from the progress; the error is still wrapped.

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
