"""The kit's edits of the programs, on a real engine: tests and checks that pass before them pass after them.

A learner may run any of these in the build, also where the exercise does not ask for it.
"""

import secrets
from collections.abc import Iterator
from pathlib import Path

import pytest

from grader.base_images.prepare import prepare
from grader.engine.client import Engine
from grader.engine.connection import connect
from grader.engine.labels import run_labels
from grader.engine.model import BuildRequest
from tests.exercises.variants import Edited, all_edited, unlike

pytestmark = pytest.mark.engine

BROKEN_ON_PURPOSE = {
    "04-layer-cache:unlocked-dependency": "the lockfile does not agree, and the build must notice",
    "08-test-stage:broken": "the tests fail, and the build must notice",
    "08-test-stage:target:test-broken": "the tests fail, and the build must notice",
}
SOUND = unlike([edited for edited in all_edited() if str(edited) not in BROKEN_ON_PURPOSE])
WITH_GO = [edited for edited in SOUND if any(Path(name).name == "go.mod" for name in edited.exercise.files)]
WITH_NODE = [edited for edited in SOUND if "package.json" in edited.exercise.files]
OF_NPM = {
    (
        edited.exercise.folder,
        *(edited.variant.writes.get(name, "") for name in ("package.json", "package-lock.json")),
    ): edited
    for edited in WITH_NODE
}.values()
"""Those that differ in what npm reads."""

GO = """FROM golang:1.26
WORKDIR /src
COPY {folder} .
RUN gofmt -l . | tee /dev/stderr | wc -l | grep -qx 0
RUN go mod tidy -diff && go mod verify
RUN go vet ./... && go test ./...
"""
NODE = """FROM node:24-alpine
WORKDIR /app
COPY . .
RUN npm ci && npm test
RUN find . -name node_modules -prune -o -name '*.*js' -print -o -name '*.js' -print | \\
    while read -r script; do node --check "$script" || exit 1; done
RUN node -e 'for (const file of ["package.json", "package-lock.json"]) JSON.parse(fs.readFileSync(file))'
"""
FAULT = """FROM golang:1.26
WORKDIR /src
COPY . .
RUN gofmt -l . | tee /dev/stderr | wc -l | grep -qx 0
RUN go vet ./... && go build -o /greeter . && go test -run Nothing ./...
RUN go test -c -o /tests . && /tests -test.list . | tee /names && test "$(wc -l < /names)" -ge 6
RUN for name in $(cat /names); do if /tests -test.run "^$name\\$"; then exit 1; fi; done
"""
NPM = """FROM node:24-alpine
WORKDIR /app
COPY package.json package-lock.json ./
COPY vendor vendor
RUN mkdir /before && cp package*.json /before && npm {command} --no-audit --no-fund
RUN for file in /before/*; do cmp "$file" "$(basename "$file")" || diff "$file" "$(basename "$file")" || exit 1; done
"""


@pytest.fixture(scope="module")
def engine() -> Iterator[Engine]:
    """Connect to the engine."""
    engine = connect()
    yield engine
    engine.close()


def assert_builds(engine: Engine, folder: Path, dockerfile: str) -> None:
    """Build the folder with this Dockerfile, which has the checks as its steps."""
    (folder / "Dockerfile").write_text(dockerfile, encoding="utf-8")
    prepare(engine, (dockerfile.split()[1],), lambda _: None)
    run = secrets.token_hex(4)
    tag = f"workshop/edits-test:{run}"
    result = engine.build(BuildRequest(folder, tag, labels=run_labels(run)))
    assert result.built, [step.log for step in result.steps if step.error] or result.error
    engine.remove_image(tag)


def test_what_is_broken_on_purpose_is_still_there() -> None:
    """A name that no variant has any more would hide a mistake later."""
    assert set(BROKEN_ON_PURPOSE) <= {str(edited) for edited in all_edited()}


@pytest.mark.parametrize("edited", WITH_GO, ids=str)
def test_gofmt_vet_and_tests_pass(edited: Edited, engine: Engine, tmp_path: Path) -> None:
    """Also `go mod tidy` has nothing to do."""
    (module,) = (name for name in edited.exercise.files if Path(name).name == "go.mod")
    assert_builds(engine, edited.lay(tmp_path / "context"), GO.format(folder=Path(module).parent))


@pytest.mark.parametrize("edited", WITH_NODE, ids=str)
def test_npm_test_passes_and_node_can_read_each_script(edited: Edited, engine: Engine, tmp_path: Path) -> None:
    """As well as npm can read its two files."""
    assert_builds(engine, edited.lay(tmp_path / "context"), NODE)


@pytest.mark.parametrize("command", ["install", "install --package-lock-only", "ci", "pkg fix", "dedupe", "prune"])
@pytest.mark.parametrize("edited", OF_NPM, ids=str)
def test_npm_leaves_its_two_files_as_they_are(edited: Edited, command: str, engine: Engine, tmp_path: Path) -> None:
    """Byte for byte: so a step may compare them."""
    assert_builds(engine, edited.lay(tmp_path / "context"), NPM.format(command=command))


def test_each_test_of_exercise_08_finds_the_fault_and_nothing_else_does(engine: Engine, tmp_path: Path) -> None:
    """Whatever name a step asks for; a step that runs none of them is no gate."""
    (broken,) = (edited for edited in all_edited() if str(edited) == "08-test-stage:broken")
    assert_builds(engine, broken.lay(tmp_path / "context"), FAULT)
