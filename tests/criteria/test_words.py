"""How facts are put into words: the same on every engine."""

import pytest

from grader.criteria.words import megabytes, refusal


@pytest.mark.parametrize(
    "before",
    [
        "",
        "OCI runtime create failed: container_linux.go:380: starting container process caused: ",
        "failed to create shim task: OCI runtime create failed: runc create failed: unable to start: ",
        "failed to create task for container: failed to create shim task: OCI runtime create failed: runc: ",
    ],
)
def test_what_engines_put_before_a_refusal_is_left_out(before: str) -> None:
    """Each version has its own; what is left is the cause."""
    assert refusal(f'{before}exec: "--loud": executable file not found in $PATH: unknown') == (
        'exec: "--loud": executable file not found in $PATH'
    )


@pytest.mark.parametrize(("size", "words"), [(999, "1 kB"), (1_000_000, "1.0 MB"), (614_000_000, "614 MB")])
def test_sizes_are_those_of_docker(size: int, words: str) -> None:
    """MB are 10^6 bytes."""
    assert megabytes(size) == words
