"""A verdict's feedback as stable text for golden files: what changes from run to run is put aside. Pure."""

import re

from grader.exercise.nonce import PREFIX
from grader.verdict import Outcome, Verdict

_UNSTABLE = (
    (re.compile(PREFIX + r"[0-9a-f]{20}"), "NONCE"),
    (re.compile(r"\d+(?:\.\d+)? (?:MB|kB)\b"), "SIZE"),
    (re.compile(r"\b\d+(?:\.\d+)? ?s\b"), "SECONDS"),
    (re.compile(r"workshop/[a-z0-9-]+:[0-9a-f]{8}-[a-z0-9.-]+"), "IMAGE"),
    (re.compile(r"lowest \d+ layers"), "lowest N layers"),
    (re.compile(r" and \d+ more"), " and N more"),
    (re.compile(r"\b\d+ of the \d+ things"), "N of the M things"),
    (re.compile(r"/go-build\d+/"), "/go-buildNUMBER/"),
    (re.compile(r"0x[0-9a-f]+"), "ADDRESS"),
    (re.compile(r"\bld-(linux|musl)[-\w]*\.so\.\d+"), r"ld-\1-MACHINE.so"),
    (re.compile(r"\blibc\.musl-\w+\.so\.\d+"), "libc.musl-MACHINE.so"),
    (re.compile(r"/lib/\w+-linux-gnu\w*/"), "/lib/MACHINE/"),
    (re.compile(r"/lib64/"), "/lib/"),
    (re.compile(r"/greeter-\d+"), "/greeter-NUMBER"),
    (re.compile(r"\d{4}[-/]\d\d[-/]\d\d[T ]\d\d:\d\d:\d\d\S*"), "TIME"),
)


def feedback_text(verdict: Verdict) -> str:
    """Return what a learner reads about everything that did not pass, one block a criterion."""
    blocks = [f"{verdict.exercise}: {verdict.status.value}, {verdict.score} of {verdict.max_score} points"]
    for result in verdict.criteria:
        if result.status is Outcome.PASSED:
            continue
        where = f" (line {', '.join(map(str, result.lines))})" if result.lines else ""
        blocks.append(f"{result.status.value}: {result.id}{where}")
        words = (
            ("expected", result.expected),
            ("actual", result.actual),
            ("why", result.why),
            ("hint", result.hint),
        )
        blocks += [f"  {name}: {text}" for name, text in words if text]
    text = "\n".join(blocks) + "\n"
    for pattern, placeholder in _UNSTABLE:
        text = pattern.sub(placeholder, text)
    return text
