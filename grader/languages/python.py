"""Python: run by its runtime from its source, with packages that pip installs, best into a virtual environment.

It has no toolchain of its own: packages with parts in C bring a C compiler into the builder, which `c.py` knows.
"""

import re

from grader.languages.model import Language, PackageCache

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
    runtime="python3",
    packages="site-packages",
    installs=("pip install", "pip3 install", "-m pip install", "uv sync", "uv pip install"),
    tests_with=("-m unittest", "pytest"),
)  # fmt: skip
