"""The mounts of RUN instructions, and what they cover."""

import pytest

from grader.dockerfile.model import Stage
from grader.dockerfile.mounts import mount_over, mounts_of
from grader.dockerfile.reader import read


def stage_of(text: str) -> Stage:
    """Read one stage."""
    return read(text).stages[0]


@pytest.mark.parametrize(
    ("options", "kind", "target"),
    [
        ("type=cache,target=/root/.cache", "cache", "/root/.cache"),
        ("target=.", "bind", "."),
        ("type=bind,source=a,dst=/a", "bind", "/a"),
        ("id=key,type=secret", "secret", ""),
        ("TYPE=cache,Destination=/c,sharing=locked", "cache", "/c"),
        ('type=cache,"target=/a,b"', "cache", "/a,b"),
    ],
)
def test_a_mount_is_read_as_the_reference_says(options: str, kind: str, target: str) -> None:
    """Options in any order and case of their names, three names for the target, `bind` where no type stands."""
    written = options.replace('"', '\\"')  # or else the quotes are the flag's own
    (step,) = stage_of(f"FROM a\nRUN --mount={written} make\n").instructions
    (mount,) = mounts_of(step)
    assert (mount.kind, mount.target, mount.text, mount.line) == (kind, target, options, 2)


def test_only_run_has_mounts() -> None:
    """A flag of that name at another instruction is a slip and no mount."""
    (step,) = stage_of("FROM a\nCOPY --mount=type=cache,target=/a b c\n").instructions
    assert mounts_of(step) == ()


@pytest.mark.parametrize(
    ("text", "path", "folder"),
    [
        ("FROM a\nRUN --mount=type=cache,target=/out make\n", "/out/program", "/out"),
        ("FROM a\nWORKDIR /src\nRUN --mount=target=. make\n", "/src/bin/program", "/src"),
        ("FROM a\nWORKDIR /src\nWORKDIR sub\nRUN --mount=target=out make\n", "/src/sub/out/program", "/src/sub/out"),
    ],
)
def test_a_file_below_a_mount_is_told(text: str, path: str, folder: str) -> None:
    """The folder is the one that the step saw, from the root."""
    found = mount_over(stage_of(text), path)
    assert found is not None
    assert found[1] == folder


@pytest.mark.parametrize("path", ["/output/program", "/out", "/elsewhere"])
def test_a_file_beside_a_mount_is_not(path: str) -> None:
    """A name that only begins alike is another folder, and the mount itself is no file in it."""
    assert mount_over(stage_of("FROM a\nRUN --mount=type=cache,target=/out make\n"), path) is None
