"""Python and the terminal. Nothing of an engine is looked at here."""

import importlib.metadata
import locale
import platform
import sys

from grader.doctor.finding import Diagnosis, State

_OLDEST = (3, 10)


def python() -> Diagnosis:
    """Say which Python and which workshop this is."""
    kit = importlib.metadata.version("multi-stage-workshop")
    seen = f"{platform.python_implementation()} {platform.python_version()}, workshop {kit}"
    if sys.version_info < _OLDEST:
        return Diagnosis("python", State.FAIL, seen, "Install Python 3.10 or later and start the workshop with it.")
    return Diagnosis("python", State.OK, seen)


def terminal(encoding: str) -> Diagnosis:
    """Say whether the terminal shows more than ASCII; reports keep to ASCII where it does not."""
    language = ".".join(part for part in locale.getlocale() if part) or "C"
    seen = f"{encoding.lower()}, locale {language}"
    if encoding.lower().replace("-", "").startswith("utf"):
        return Diagnosis("terminal", State.OK, seen)
    return Diagnosis("terminal", State.WARN, f"{seen}: reports keep to ASCII", "For symbols: export LC_ALL=C.UTF-8")
