"""What build variants are called in reports for people."""

import pytest

from grader.reports.variant_words import variant_words


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("plain", "your Dockerfile"),
        ("target:builder", "your target builder"),
        ("unlocked-dependency", "your Dockerfile for one check (unlocked dependency)"),
        ("target:test-broken", "your Dockerfile for one check (test broken)"),
        ("plain:stage-1", "your Dockerfile for one check (stage 1)"),
        ("edited-source:stage-0", "your Dockerfile for one check (edited source, stage 0)"),
        ("a\x1b[1m", "your Dockerfile for one check (a)"),
    ],
)
def test_a_variant_has_words(name: str, words: str) -> None:
    """Its name is for authors and for other programs."""
    assert variant_words(name) == words
