"""What the examination of a machine found, for machines: the schema `workshop/doctor/v1`."""

import json
from collections.abc import Sequence

from grader.doctor.finding import Diagnosis, worst

SCHEMA = "workshop/doctor/v1"


def render(findings: Sequence[Diagnosis]) -> str:
    """Return one JSON object; `state` is the worst of the findings'."""
    found = [
        {"name": finding.name, "state": finding.state.value, "seen": finding.seen, "advice": finding.advice}
        for finding in findings
    ]
    return json.dumps({"schema": SCHEMA, "state": worst(findings).value, "findings": found}, indent=2)
