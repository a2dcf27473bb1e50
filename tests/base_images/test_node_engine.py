"""The stand-ins for node do what a learner's Dockerfile and program ask of the real images. Recipes: `test_node.py`."""

import json
import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from grader.base_images.stand_ins.all_recipes import find_recipe
from grader.base_images.stand_ins.make import ensure_stand_in
from grader.engine.client import Engine
from grader.engine.connection import connect
from grader.engine.labels import run_labels
from grader.engine.model import BuildEnd, BuildRequest, BuildResult, RunRequest

pytestmark = pytest.mark.engine

PROJECT = Path(__file__).parent / "node_project"
RUN = "test-node-stand-ins"
NEWEST = 24
SYSTEM = """\
ls /lib64/ld-linux* /lib/ld-linux* 2>/dev/null || echo glibc: none
echo "node $NODE_VERSION, yarn $YARN_VERSION, path $PATH"
echo "npm $(npm --version) npx $(npx --version) corepack $(corepack --version) nodejs $(nodejs --version)"
stat -c '%A %U:%G %n' /home/node
su node -c "id && cd && touch mine && stat -c '%A %U:%G %n' mine"
yarn install || echo "yarn ended with $?"
"""
Build = Callable[..., BuildResult]


@pytest.fixture(scope="module")
def engine() -> Iterator[Engine]:
    """The engine, from which everything that these tests made goes at the end; the stand-ins' own names stay."""
    engine = connect()
    yield engine
    engine.remove_leftovers(RUN)
    for name in (*(_name(f"node:{major}-alpine") for major in (18, 20, 22, 24)), _name("alpine:latest")):
        engine.remove_image(name)
    engine.close()


@pytest.fixture(scope="module")
def build(engine: Engine) -> Build:
    """Builds a target of the project on the stand-in for a major version, without a network."""

    def build(target: str, major: int = NEWEST) -> BuildResult:
        base, alpine = _stand_in(engine, f"node:{major}-alpine"), _stand_in(engine, "alpine:latest")
        request = BuildRequest(
            context=PROJECT,
            tag=f"{RUN}:{target}-{major}",
            target=target,
            build_args={"BASE": base, "ALPINE": alpine},
            labels=run_labels(RUN),
        )
        return engine.build(request)

    return build


@pytest.fixture(scope="module")
def service(build: Build) -> str:
    """The image of the project's service, run by the user `node`."""
    return _built(build("service"))


@pytest.mark.parametrize("major", [18, 20, 22, 24])
def test_a_project_installs_tests_and_builds_without_a_network(engine: Engine, build: Build, major: int) -> None:
    """`npm pack`, `install`, `ci`, `run` and `prune` work, and the project's tests of its node pass."""
    said = _said(engine, _built(build("pruned", major)), "sh", "-c", "cat built.txt && ls node_modules && npm test")
    assert said.startswith("built\nwren\n")
    assert "pass 2\n" in said


def test_a_package_that_is_not_what_the_lockfile_says_is_refused(build: Build) -> None:
    """`npm ci` compares checksums."""
    result = build("tampered")
    assert result.end is BuildEnd.FAILED
    assert "EINTEGRITY" in _log(result)


def test_a_manifest_that_disagrees_with_the_lockfile_is_refused(build: Build) -> None:
    """`npm ci` installs nothing that the lockfile does not list."""
    result = build("disagreeing")
    assert result.end is BuildEnd.FAILED
    assert "Missing: heron" in _log(result) or "Missing: plover" in _log(result)


def test_npm_install_writes_a_lockfile(engine: Engine, build: Build) -> None:
    """`npm install` needs none and leaves one."""
    image = _built(build("without-lock"))
    assert _said(engine, image, "node", "-p", "require('./package-lock.json').lockfileVersion") == "3"


@pytest.mark.parametrize("major", [18, 24])
def test_the_system_is_alpine_with_node_on_it(engine: Engine, major: int) -> None:
    """No loader of glibc is where a program would look for it; commands, user and variables are the real image's."""
    said = _said(engine, _stand_in(engine, f"node:{major}-alpine"), "sh", "-c", SYSTEM)
    assert "glibc: none" in said
    assert re.search(
        rf"^node {major}\.\d+\.\d+, yarn 1\.22\.22, path /usr/local/sbin:/usr/local/bin:", said, re.MULTILINE
    )
    assert re.search(rf"^npm \d+\.\S+ npx \d+\.\S+ corepack \d+\.\S+ nodejs v{major}\.", said, re.MULTILINE)
    assert "drwxr-sr-x node:node /home/node" in said
    assert "uid=1000(node) gid=1000(node)" in said
    assert "-rw-r--r-- node:node mine" in said
    assert "yarn ended with 127" in said


def test_node_can_be_copied_to_alpine_with_its_libraries(engine: Engine, build: Build) -> None:
    """Node is a program of musl, and its C++ libraries have the names that they have on Alpine."""
    assert _said(engine, _built(build("copied"))).startswith(f"copied: v{NEWEST}.")


def test_a_service_can_do_what_node_can(engine: Engine, service: str) -> None:
    """HTTP, cryptography, names, languages, time zones, watching files, threads and processes work."""
    with engine.run(RunRequest(service, port=8080, labels=run_labels(RUN))) as container:
        answer = container.get("/")
        users = container.user_ids()
    assert answer.status == 200, answer
    found = json.loads(answer.body)
    assert found["program"] == "/usr/local/bin/node"
    assert {"icu", "openssl", "unicode", "v8", "zlib"} <= set(found["versions"])
    assert found["digest"] == "ee510d1a07ac7e6491ea191cd1918ea553ed2a358c8a0a04c1b90bd89222c314"
    assert found["keys"] == "ed25519"
    assert found["localhost"] in ("127.0.0.1", "::1")
    assert found["german"] == "1.234,5"
    assert found["berlin"] == "01/01/1970, 01:00:00"
    assert found["watched"] == "new.txt"
    assert found["worker"] == 42
    assert found["shell"]["stdout"] == "from sh\n"
    assert found["user"] == "node"
    assert users == ("1000",)


def test_node_as_first_process_ignores_the_stop_signal(engine: Engine, service: str) -> None:
    """A program that does not handle SIGTERM is killed, as with the real image: exercises teach that."""
    with engine.run(RunRequest(service, port=8080, labels=run_labels(RUN))) as container:
        assert container.get("/").status == 200
        end = container.stop(grace=1)
    assert (end.code, end.killed) == (137, True)


def test_node_as_first_process_can_handle_the_stop_signal(engine: Engine, service: str) -> None:
    """The entrypoint gives way to node, so that the signal reaches the program's handler."""
    request = RunRequest(service, port=8080, environment={"MANNERS": "good"}, labels=run_labels(RUN))
    with engine.run(request) as container:
        assert container.get("/").status == 200
        end = container.stop()
    assert (end.code, end.killed) == (0, False)


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("--version",), "v24."),
        (("-p", "'option ' + process.pid"), "option 1"),
        (("node", "-p", "'named ' + process.pid"), "named 1"),
        (("/app/said.js",), "a file was run"),
        (("sh", "-c", "echo a command was run"), "a command was run"),
    ],
)
def test_the_entrypoint_gives_node_what_is_no_command(
    engine: Engine, service: str, arguments: tuple[str, ...], said: str
) -> None:
    """Options and files go to node; a command is run as it is."""
    assert _said(engine, service, *arguments).startswith(said)


def _built(result: BuildResult) -> str:
    """Return the image's ID; a build that failed says why."""
    assert result.image_id, f"{result.error}: {_log(result)}"
    return result.image_id


def _log(result: BuildResult) -> str:
    return "\n".join(step.log for step in result.steps)


def _said(engine: Engine, image: str, *arguments: str) -> str:
    """Run a container to its end and return what it wrote.

    A first process ignores the signal to stop unless it handles it, so that stopping one waits for its own end.
    """
    with engine.run(RunRequest(image, arguments=arguments or None, labels=run_labels(RUN))) as container:
        end = container.stop(grace=60)
    assert not end.killed, end
    return end.log


def _name(reference: str) -> str:
    return f"{RUN}-{reference}"


def _stand_in(engine: Engine, reference: str) -> str:
    """Make the stand-in if need be, and name it so that an engine's real image is never tested in its place."""
    recipe = find_recipe(reference)
    assert recipe
    ensure_stand_in(engine, recipe, _name(reference), lambda _: None, lambda: False)
    return _name(reference)
