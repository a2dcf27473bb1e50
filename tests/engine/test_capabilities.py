"""What an engine's own builder is too old for."""

import pytest

from grader.dockerfile.reader import read
from grader.engine.capabilities import builder_lacks
from grader.engine.model import EngineFacts


def lacking(version: str, line: str, name: str = "docker") -> list[str]:
    """Return what the builder of this engine lacks for `line`, which is the second."""
    facts = EngineFacts(name, version, "", "buildkit", "", "", "", "")
    found = builder_lacks(facts, read(f"FROM x\n{line}\n", {}))
    assert {number for number, _ in found} <= {2}
    return [feature for _, feature in found]


@pytest.mark.parametrize(
    ("line", "feature", "old", "new"),
    [
        ("RUN <<EOF\necho\nEOF", "a heredoc", "20.10.24", "23.0.1"),
        ("COPY --link a b", "COPY --link", "20.10.24", "23.0"),
        ("COPY --from=x --parents a b", "COPY --parents", "28.5", "29.0"),
        ("ADD --checksum=sha256:ab u /x", "ADD --checksum", "24.0", "25.0"),
        ("RUN --network=none true", "RUN --network", "20.10", "23.0"),
        ("RUN --mount=type=secret,id=x,env=X true", "RUN --mount with env", "27.2", "27.3"),
        ("RUN --mount=type=tmpfs,target=/x,size=1 true", "RUN --mount with size", "20.10", "23.0"),
        ("RUN --mount=type=cache,target=$X true", "a variable in RUN --mount", "20.10", "23.0"),
        ("COPY --chmod=u+x a b", "--chmod with letters", "27.5", "28.0"),
        ("COPY --chmod=$MODE a b", "a variable in --chmod", "27.2", "27.3"),
        ("ENV A=${B-c}", "the expansion ${B-c}", "24.0", "25.0"),
        ("ENV A=${B#c}", "the expansion ${B#c}", "25.0", "26.0"),
        ("HEALTHCHECK --start-interval=1s CMD true", "HEALTHCHECK --start-interval", "24.0", "25.0"),
        ("ONBUILD COPY --link a b", "COPY --link", "20.10", "23.0"),
    ],
)
def test_a_feature_that_came_later_is_named(line: str, feature: str, old: str, new: str) -> None:
    """By an engine that is too old for it, and not by the first that has it."""
    assert lacking(old, line) == [feature]
    assert lacking(new, line) == []


@pytest.mark.parametrize(
    "line",
    ["RUN --mount=type=cache,target=/x true", "COPY --chmod=0755 --chown=1:1 a b", "RUN echo ${A#b}", "ENV A=${B:-c}"],
)
def test_what_every_builder_knows_is_not(line: str) -> None:
    """The shell's own expansions are none of the builder's."""
    assert lacking("20.10.24", line) == []


@pytest.mark.parametrize(("version", "name"), [("4.3.1", "podman"), ("master", "docker"), ("", "docker")])
def test_a_builder_that_is_not_known_is_taken_to_know_all(version: str, name: str) -> None:
    """Better the builder's own refusal than ours of something that works."""
    assert lacking(version, "COPY --link a b", name) == []
