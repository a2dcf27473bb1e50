"""How facts are put into words: the same on every engine."""

import pytest

from grader.criteria.formatting import megabytes


@pytest.mark.parametrize(("size", "words"), [(999, "1 kB"), (1_000_000, "1.0 MB"), (614_000_000, "614 MB")])
def test_sizes_are_those_of_docker(size: int, words: str) -> None:
    """MB are 10^6 bytes."""
    assert megabytes(size) == words
