"""What a real engine builds and saves is read as it was put in: tree, layers, history, lines, sizes, needles."""

import shutil
import subprocess
import sys
import uuid
from collections.abc import Iterator
from pathlib import Path, PurePosixPath

import pytest

from grader.dockerfile.reader import read
from grader.dockerfile.stages import chain, target_stage
from grader.engine.client import Engine
from grader.engine.connection import connect
from grader.engine.model import BuildEnd, BuildRequest
from grader.image.model import Image, Kind, Match
from grader.image.provenance import layer_lines
from grader.image.reader import read_image
from grader.image.tree import begins_with, hidden_bytes, hidden_files, merged_tree

pytestmark = pytest.mark.engine

NEEDLE = b"wk5hp0123456789abcdef0123"
DOCKERFILE = """\
FROM scratch AS base
WORKDIR /app
COPY bin /bin
RUN ["/bin/busybox", "mkdir", "/x"]
RUN echo hello > /x/a && \\
    # a comment between
    echo kept > /x/b

FROM base AS builder
ARG VALUE=3
ARG NAME=fi
ENV PLACE=/a/place
RUN echo "$VALUE" > /value
RUN true
WORKDIR sub/dir
COPY ${NAME}le.txt ./some/
COPY --chown=3:4 file.txt file.txt $PLACE/

FROM base
ARG NAME=fi
COPY --from=builder /value .
COPY ["file.txt", "/b c/d"]
RUN rm /x/a && ln /x/b /x/c && ln -s b /x/d && chmod 600 /x/b
ADD file.txt /
SHELL ["/bin/sh", "-ec"]
RUN rm -r /x; mkdir /x; echo new > /x/new
USER 5
EXPOSE 80
CMD ["/bin/busybox"]
"""


@pytest.fixture(scope="module")
def engine() -> Iterator[Engine]:
    """The engine that tests are run on."""
    engine = connect()
    yield engine
    engine.close()


@pytest.fixture(scope="module")
def busybox(repository: Path) -> Path:
    """A static busybox, fetched once for all tests that need one."""
    command = [sys.executable, str(repository / "tests/engine/support/fetch_docker.py"), "busybox"]
    done = subprocess.run(command, check=True, capture_output=True, text=True, timeout=300)
    return Path(done.stdout.strip().removeprefix("busybox: "))


@pytest.fixture(scope="module")
def context(tmp_path_factory: pytest.TempPathFactory, busybox: Path) -> Path:
    """A build context with a static busybox and a file that contains the needle."""
    folder = tmp_path_factory.mktemp("context")
    (folder / "bin").mkdir()
    shutil.copy(busybox, folder / "bin/busybox")
    for name in ("sh", "rm", "ln", "chmod", "mkdir"):
        (folder / "bin" / name).symlink_to("busybox")
    (folder / "file.txt").write_bytes(NEEDLE + b"\n")
    (folder / "Dockerfile").write_text(DOCKERFILE, encoding="utf-8")
    return folder


def built(engine: Engine, context: Path, target: str | None = None) -> Iterator[Image]:
    """Build, read and remove the image."""
    tag = f"image-reader-test:{uuid.uuid4().hex[:12]}"
    result = engine.build(BuildRequest(context, tag, target=target, build_args={"VALUE": "7 8"}))
    assert result.end is BuildEnd.BUILT, result.error
    try:
        image = read_image(engine.save(tag), (NEEDLE, b"wk5hpnowhere"))
        inspection = engine.inspect_image(tag)
        assert inspection
        assert image.diff_ids == inspection.diff_ids
        yield image
    finally:
        engine.remove_image(tag)


@pytest.fixture(scope="module")
def image(engine: Engine, context: Path) -> Iterator[Image]:
    """The last stage's image."""
    yield from built(engine, context)


@pytest.fixture(scope="module")
def builder(engine: Engine, context: Path) -> Iterator[Image]:
    """The builder's image."""
    yield from built(engine, context, "builder")


def lines(image: Image, target: str | None = None) -> tuple[int | None, ...]:
    """Return the lines that made the image's layers."""
    dockerfile = read(DOCKERFILE)
    stage = target_stage(dockerfile, target)
    assert stage
    return layer_lines(image, chain(dockerfile, stage))


def test_each_layer_is_led_back_to_its_line(image: Image, builder: Image) -> None:
    """Through variables, build arguments, both forms, another shell and a stage based on a stage."""
    assert lines(image) == (2, 3, 4, 5, 21, 22, 23, 24, 26)
    assert lines(builder, "builder") == (2, 3, 4, 5, 13, 14, 15, 16, 17)


def test_images_on_one_base_begin_alike(image: Image, builder: Image) -> None:
    """By diff IDs, as the engine reports them."""
    assert begins_with(image, builder.diff_ids[:4])
    assert not begins_with(image, builder.diff_ids)


def test_the_tree_is_what_a_container_would_see(image: Image) -> None:
    """A file that was deleted is gone, what replaced a directory is there, links and owners are as made."""
    tree = merged_tree(image)
    files = {str(path): placed.entry.size for path, placed in tree.items() if placed.entry.kind is Kind.FILE}
    busybox = files.pop("bin/busybox")
    assert files == {"app/value": 4, "b c/d": len(NEEDLE) + 1, "file.txt": len(NEEDLE) + 1, "x/new": 4}
    assert tree[PurePosixPath("bin/sh")].entry.link == "busybox"
    elf = tree[PurePosixPath("bin/busybox")].entry.elf
    assert elf
    assert elf.interpreter is None
    assert image.size == busybox + 4 + 2 * (len(NEEDLE) + 1) + 4 + len("hello\nkept\n") + len("kept\n")


def test_what_later_layers_hide_is_told(image: Image) -> None:
    """`/x/a` was deleted, `/x/b` written again for its mode and then deleted with its directory."""
    hidden = {(str(one.entry.path), one.layer, one.by, one.rewritten) for one in hidden_files(image)}
    assert hidden == {("x/a", 3, 6, False), ("x/b", 3, 6, True), ("x/b", 6, 8, False)}
    assert hidden_bytes(image) == (0, 0, 0, len("hello\nkept\n"), 0, 0, len("kept\n"), 0, 0)


def test_owners_and_directories_are_as_copied(builder: Image) -> None:
    """`--chown` by number."""
    entry = merged_tree(builder)[PurePosixPath("a/place/file.txt")].entry
    assert (entry.uid, entry.gid) == (3, 4)


def test_the_config_is_the_images_own(image: Image) -> None:
    """As the Dockerfile says."""
    config = image.config
    assert (config.command, config.user, config.working_directory) == (("/bin/busybox",), "5", "/app")
    assert (config.exposed_ports, config.shell) == (("80/tcp",), ("/bin/sh", "-ec"))


def test_the_needle_is_found_in_both_layers_that_hold_it(image: Image) -> None:
    """By the files' bytes, under whatever name."""
    assert set(image.matches) == {
        Match(NEEDLE, 5, PurePosixPath("b c/d")),
        Match(NEEDLE, 7, PurePosixPath("file.txt")),
    }
