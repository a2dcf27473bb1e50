"""Python: run by its runtime from its source, with packages that pip installs, best into a virtual environment.

It has no toolchain of its own: packages with parts in C bring a C compiler into the builder, which `c.py` knows.
"""

import re

from grader.languages.model import Advice, Language, PackageCache

_PIP = re.compile(
    r"ERROR: (?P<cause>(?:Could not (?:find a version|open requirements file)|No matching distribution|"
    r"Invalid requirement|Directory .* is not installable|.* is not a (?:valid wheel filename|supported wheel)).*)"
)
"""The first such line of pip names the cause; later ones repeat it in other words."""
_HINT = "Hint: "


def _cause_in(log: str) -> str:
    """Return pip's words for the cause, with the hint that pip gives below it."""
    lines = log.splitlines()
    for number, line in enumerate(lines):
        match = _PIP.match(line)
        if match:
            below = lines[number + 1 : number + 2]
            return " ".join([match["cause"], *(hint for hint in below if hint.startswith(_HINT))])
    return ""


PYTHON = Language(
    name="Python",
    repositories=("python",),
    ended={
        "3.8": (2024, 10), "3.9": (2025, 10), "3.10": (2026, 10), "3.11": (2027, 10), "3.12": (2028, 10),
        "3.13": (2029, 10), "3.14": (2030, 10),
    },
    caches=(
        PackageCache("pip's cache", re.compile(r"(?P<folder>(?:.*/)?\.cache/pip)/.+")),
        PackageCache("uv's cache", re.compile(r"(?P<folder>(?:.*/)?\.cache/uv)/.+")),
    ),
    advice=(
        Advice(
            re.compile(r"no matching distribution found|could not open requirements file|is not installable"),
            "pip reads requirements files, projects and wheels that are in the stage: copy them before it runs.",
        ),
    ),
    cause_in=_cause_in,
)  # fmt: skip
