"""What a build variant is called in reports for people; in JSON it has its name."""

from grader.reports.plain import line

_PLAIN = "plain"
_TARGET = "target"


def variant_words(name: str) -> str:
    """Return words for the variant called `name`: the answer as it is, one of its targets, or a build for one check."""
    if name == _PLAIN:
        return "your Dockerfile"
    kind, _, target = name.partition(":")
    if kind == _TARGET and target and not set("-:") & set(target):
        return f"your target {line(target)}"
    parts = [part.replace("-", " ") for part in line(name).split(":") if part not in (_PLAIN, _TARGET)]
    return f"your Dockerfile for one check ({', '.join(parts)})"
