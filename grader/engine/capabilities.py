"""Which instructions are too new for the Dockerfile language that an engine has built in. Pure.

An engine that reaches no registry cannot fetch a newer language. What its own language lacks is then a fault of the
machine, and no mistake of the learner.
"""

import re
from collections.abc import Iterator

from grader.dockerfile.model import Dockerfile, Instruction
from grader.engine.model import EngineFacts

# The first Docker Engine whose BuildKit has the feature outside the labs channel. Each was tried on 20.10 and on 26;
# the others follow https://docs.docker.com/build/buildkit/dockerfile-release-notes/ and the engines' release notes.
_Version = tuple[int, int]
_FLAGS: dict[tuple[str, str], _Version] = {
    ("COPY", "link"): (23, 0),
    ("ADD", "link"): (23, 0),
    ("RUN", "network"): (23, 0),
    ("ADD", "checksum"): (25, 0),
    ("ADD", "keep-git-dir"): (25, 0),
    ("HEALTHCHECK", "start-interval"): (25, 0),
    ("ADD", "unpack"): (28, 3),
    ("COPY", "exclude"): (28, 5),
    ("ADD", "exclude"): (28, 5),
    ("COPY", "parents"): (29, 0),
    ("RUN", "security"): (29, 0),
}
_HEREDOC = (23, 0)
_MOUNT_VARIABLE = (23, 0)
_MOUNT_SIZE = (23, 0)
_MOUNT_ENVIRONMENT = (27, 3)
_MODE_VARIABLE = (27, 3)
_MODE_SYMBOLIC = (28, 0)
_WITHOUT_COLON = (25, 0)
_TRIMMING = (26, 0)
_EXPANDING = frozenset(
    {"ADD", "COPY", "ENV", "EXPOSE", "FROM", "LABEL", "STOPSIGNAL", "USER", "VOLUME", "WORKDIR", "ARG"}
)
_MODIFIER = re.compile(r"(?<!\\)\$\{\w+(?P<modifier>[-+?#%/])[^}]*\}?")


def builder_lacks(facts: EngineFacts, dockerfile: Dockerfile) -> tuple[tuple[int, str], ...]:
    """Return the line and the name of each feature used that the engine's own builder is too old for.

    An engine that is not Docker's, or whose version cannot be read, is assumed to know everything.
    """
    match = re.match(r"(\d+)\.(\d+)", facts.version)
    if facts.name != "docker" or not match:
        return ()
    version = (int(match[1]), int(match[2]))
    return tuple(
        (instruction.first_line, feature)
        for instruction in dockerfile.instructions
        for feature, since in _features(instruction)
        if version < since
    )


def _features(instruction: Instruction) -> Iterator[tuple[str, _Version]]:
    """Every feature of this instruction that came after the first BuildKit engine, and the version that brought it."""
    if instruction.heredocs:
        yield "a heredoc", _HEREDOC
    for flag in instruction.flags:
        name = flag.name.lower()
        since = _FLAGS.get((instruction.keyword, name))
        if since:
            yield f"{instruction.keyword} --{name}", since
        elif name == "mount":
            yield from _mount_features(flag.value)
        elif name == "chmod":
            yield from _mode_features(flag.value)
    if instruction.keyword in _EXPANDING:
        yield from _expansions(instruction.arguments)
    if instruction.trigger:
        yield from _features(instruction.trigger)


def _mount_features(value: str) -> Iterator[tuple[str, _Version]]:
    settings = [setting.partition("=") for setting in value.split(",")]
    if any("$" in text and name != "from" for name, _, text in settings):
        yield "a variable in RUN --mount", _MOUNT_VARIABLE
    if any(name == "size" for name, _, _ in settings):
        yield "RUN --mount with size", _MOUNT_SIZE
    if any(name == "env" for name, _, _ in settings):
        yield "RUN --mount with env", _MOUNT_ENVIRONMENT


def _mode_features(value: str) -> Iterator[tuple[str, _Version]]:
    """Builders that do not know these two ignore them without an error, and the file keeps its mode."""
    if "$" in value:
        yield "a variable in --chmod", _MODE_VARIABLE
    elif re.search("[a-zA-Z]", value):
        yield "--chmod with letters", _MODE_SYMBOLIC


def _expansions(arguments: str) -> Iterator[tuple[str, _Version]]:
    for match in _MODIFIER.finditer(arguments):
        since = _WITHOUT_COLON if match["modifier"] in "-+?" else _TRIMMING
        yield f"the expansion {match[0]}", since
