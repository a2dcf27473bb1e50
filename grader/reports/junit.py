"""The verdict as JUnit XML, as CI systems read it: one suite for the exercise, one case for each criterion.

A criterion that failed is a failure, one that is blocked is skipped, and the machine's fault is an error.
"""

import xml.etree.ElementTree as ET
from datetime import datetime, timezone

from grader.reports.plain import line, plain
from grader.verdict import CriterionResult, Outcome, Verdict

_HEAD = '<?xml version="1.0" encoding="UTF-8"?>\n'
_GRADING = "grading"
"""The case that carries an error that belongs to no criterion."""


def render(verdict: Verdict) -> str:
    """Return the verdict as XML that is plain ASCII (the rest as character references); ends with a newline."""
    root = ET.Element("testsuites", _counts(verdict))
    suite = ET.SubElement(root, "testsuite", {"name": _suite_name(verdict), **_counts(verdict)})
    suite.set("timestamp", _timestamp(verdict.started_at))
    _add_properties(suite, verdict)
    for result in verdict.criteria:
        _add_case(suite, verdict.exercise, result)
    if verdict.has_error_of_its_own:  # an empty suite would look like a pass
        case = ET.SubElement(suite, "testcase", {"classname": plain(verdict.exercise), "name": _GRADING})
        _add_outcome(case, "error", "machine", line(verdict.error), _machine_body(verdict.error))
    ET.indent(root)
    body: bytes = ET.tostring(root, encoding="us-ascii", xml_declaration=False)
    return f"{_HEAD}{body.decode('ascii')}\n"


def _suite_name(verdict: Verdict) -> str:
    """Return the exercise's slug; before it, if the submission has a label, whose it is."""
    return plain(f"{line(verdict.label)}: {verdict.exercise}" if verdict.label else verdict.exercise)


def _counts(verdict: Verdict) -> dict[str, str]:
    counts = verdict.counts
    extra = int(verdict.has_error_of_its_own)
    return {
        "tests": str(len(verdict.criteria) + extra),
        "failures": str(counts[Outcome.FAILED]),
        "errors": str(counts[Outcome.ERROR] + extra),
        "skipped": str(counts[Outcome.BLOCKED]),
        "time": f"{verdict.seconds:.3f}",
    }


def _timestamp(started_at: str) -> str:
    """Return the time in UTC without its offset: readers of JUnit XML expect none."""
    try:
        moment = datetime.fromisoformat(started_at)
    except ValueError:
        return plain(started_at)
    if moment.tzinfo is not None:
        moment = moment.astimezone(timezone.utc).replace(tzinfo=None)
    return moment.isoformat(timespec="seconds")


def _add_properties(suite: ET.Element, verdict: Verdict) -> None:
    properties = ET.SubElement(suite, "properties")
    values = {
        "title": verdict.title,
        "status": verdict.status.value,
        "score": str(verdict.score),
        "max_score": str(verdict.max_score),
        "grader_version": verdict.grader_version,
        **({"label": verdict.label} if verdict.label else {}),
        **({"submission": verdict.submission.digest} if verdict.submission else {}),
        **({"left_out": " ".join(verdict.left_out)} if verdict.left_out else {}),
    }
    for name, value in values.items():
        ET.SubElement(properties, "property", {"name": name, "value": plain(value)})


def _add_case(suite: ET.Element, exercise: str, result: CriterionResult) -> None:
    case = ET.SubElement(suite, "testcase", {"classname": plain(exercise), "name": plain(result.id)})
    if result.status is Outcome.FAILED:
        message = line(f"{result.title}: expected {result.expected}; seen: {result.actual}", 300)
        _add_outcome(case, "failure", "criterion", message, _failure_body(result))
    elif result.status is Outcome.BLOCKED:
        ET.SubElement(case, "skipped", {"message": line(result.actual)})
    elif result.status is Outcome.ERROR:
        _add_outcome(case, "error", "machine", line(result.actual), _machine_body(result.actual))


def _add_outcome(case: ET.Element, tag: str, kind: str, message: str, body: str) -> None:
    outcome = ET.SubElement(case, tag, {"type": kind, "message": message})
    outcome.text = plain(body)


def _failure_body(result: CriterionResult) -> str:
    lines = ", ".join(map(str, result.lines))
    facts = (
        ("title", result.title),
        ("points", f"{result.points} of {result.max_points}"),
        ("expected", result.expected),
        ("actual", result.actual),
        ("why", result.why),
        ("hint", result.hint),
        ("lines", f"Dockerfile {lines}" if lines else ""),
    )
    return "\n".join(f"{name}: {text}" for name, text in facts if text)


def _machine_body(error: str) -> str:
    return f"The machine failed, not the submission; no points are lost.\n{error}"
