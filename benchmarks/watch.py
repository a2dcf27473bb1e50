"""`workshop watch`: seconds from a save to the first finding and to the verdict, against a bare `docker build`.

Both sides build the same edit of exercise 02's model answer, taking turns, on the same engine. Prints one table.
"""

import os
import select
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from grader.engine.connection import connect
from grader.exercise.catalogue import find_exercise
from grader.exercise.model import Variant
from grader.exercise.nonce import Nonces
from grader.exercise.submission import lay_out, take_submission
from grader.exercise.workspace import init_workspace, nonce_key

ROUNDS = 7
DEADLINE = 120.0
TAG = "workshop-benchmark:watch"
PLAIN = Variant(
    writes={"greeting.txt": "Good day from {greeting}!\n"},
    appends={"*.go": "\n// {source}\n", "go.mod": "\n// {source}\n"},
)
"""What exercise 02 plants, so that both sides build the same context."""
FINDING = b"is empty here"
VERDICT = b" is passed."


class Watched:
    """A `workshop watch` whose output is read as it comes."""

    def __init__(self, output: int) -> None:
        self._output = output
        self._unread = b""

    def seconds_until(self, text: bytes, begun: float) -> float:
        """Read until `text` comes, and return the seconds since `begun`."""
        while text not in self._unread:
            ready, _, _ = select.select([self._output], [], [], DEADLINE)
            data = os.read(self._output, 65536) if ready else b""
            if not data:
                sys.exit(f"watch never said {text.decode()!r}: {self._unread.decode(errors='replace')}")
            self._unread += data
        self._unread = self._unread.partition(text)[2]
        return time.monotonic() - begun


@contextmanager
def watching(workspace: Path, engine: str) -> Iterator[Watched]:
    """Run the command, and end it as Ctrl-C does."""
    arguments = [sys.executable, "-m", "grader.cli.main", "watch", "02"]
    environment = {**os.environ, "WORKSHOP_ENGINE": engine}
    output, written = os.pipe()
    with subprocess.Popen(
        arguments, cwd=workspace, env=environment, stdin=subprocess.DEVNULL, stdout=written, stderr=subprocess.DEVNULL
    ) as process:
        os.close(written)
        try:
            yield Watched(output)
        finally:
            process.terminate()
            os.close(output)


def edit(text: str, number: int, turn: str) -> str:
    """Return the model answer with a step that no cache knows, after all that is slow, and with one finding."""
    step = f"RUN echo {turn}-{os.getpid()}-{number} $TARGETOS > /edit\n"
    return text.replace("EXPOSE", f"{step}EXPOSE")


def build(docker: str, environment: Mapping[str, str], context: Path, text: str) -> float:
    """Save the edit, build it, and return the seconds that took."""
    (context.parent / "Dockerfile").write_text(text, encoding="utf-8")
    arguments = [docker, "build", "--network", "none", "-q", "-t", TAG, "-f", str(context.parent / "Dockerfile")]
    begun = time.monotonic()
    subprocess.run([*arguments, str(context)], env=environment, check=True, capture_output=True)
    return time.monotonic() - begun


def measure() -> list[tuple[float, float, float]]:
    """Return for each round the seconds of the bare build, to the finding, and to the verdict; the first warms up."""
    exercise = find_exercise("02")
    engine = connect()
    environment = {**os.environ, "DOCKER_HOST": engine.host, "DOCKER_BUILDKIT": "1"}
    rounds = []
    with tempfile.TemporaryDirectory() as name:
        workspace = Path(name) / "workspace"
        init_workspace(workspace)
        dockerfile = workspace / "exercises" / exercise.folder / "Dockerfile"
        answer = (exercise.solutions / "Dockerfile").read_text(encoding="utf-8")
        dockerfile.write_text(answer, encoding="utf-8")
        context = Path(name) / "context"
        nonces = Nonces(nonce_key(workspace), exercise.slug)
        lay_out(exercise, take_submission(exercise, exercise.solutions), PLAIN, nonces, context)
        with watching(workspace, engine.host) as watched:
            watched.seconds_until(VERDICT, time.monotonic())
            for number in range(ROUNDS + 1):
                bare = build(engine.docker_command.path, environment, context, edit(answer, number, "bare"))
                begun = time.monotonic()
                dockerfile.write_text(edit(answer, number, "watch"), encoding="utf-8")
                finding = watched.seconds_until(FINDING, begun)
                rounds.append((bare, finding, watched.seconds_until(VERDICT, begun)))
    engine.remove_image(TAG)
    engine.close()
    return rounds[1:]


def main() -> None:
    """Measure and print."""
    bare, finding, verdict = (list(column) for column in zip(*measure(), strict=True))
    print("| from the save of an edit | seconds (median) | ratio to `docker build` (median of pairs) |")
    print("|---|---|---|")
    for name, times in (("bare `docker build`", bare), ("first finding", finding), ("verdict", verdict)):
        ratio = statistics.median(ours / theirs for ours, theirs in zip(times, bare, strict=True))
        print(f"| {name} | {statistics.median(times):.2f} | {ratio:.2f} |")


if __name__ == "__main__":
    main()
