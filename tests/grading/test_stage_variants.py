"""Variants that end at a stage: the stage's own name, which a learner wrote, names nothing of ours."""

from grader.criteria.facts import Attempt
from grader.dockerfile.reader import read
from grader.exercise.model import Variant
from grader.grading.stage_variants import stage_variants

OUTSIDE = """\
FROM alpine AS ../../../../outside
FROM scratch
COPY --from=../../../../outside /etc/passwd /
"""


def test_a_stage_that_is_called_like_a_path_names_no_path() -> None:
    """The variant's name becomes a tag, and is in reports."""
    attempt = Attempt("plain", read(OUTSIDE), None)
    found = stage_variants(Variant(), attempt)
    assert [(name, variant.name, variant.stages) for name, variant in found] == [
        ("../../../../outside", "plain:stage-0", 1)
    ]
