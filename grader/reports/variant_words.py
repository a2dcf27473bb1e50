"""What a build variant is called in reports for people; in JSON it has its name."""

from grader.reports.plain import line

_PLAIN = "plain"
_TARGET = "target:"


def variant_words(name: str) -> str:
    """Return words for the variant called `name`: the answer as it is, one of its targets, or a build for one check."""
    if name == _PLAIN:
        return "your Dockerfile"
    if name.startswith(_TARGET) and "-" not in name:
        return f"your target {line(name.removeprefix(_TARGET))}"
    return f"your Dockerfile for one check ({line(name.removeprefix(_TARGET)).replace('-', ' ')})"
