"""`workshop check 02`, warm, against the same work by hand: docker build, run, one request, stop, save.

Both sides in one run, taking turns, on the same engine and the same build context. Prints one table.
"""

import http.client
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping, Sequence
from pathlib import Path

from grader.engine.connection import connect
from grader.exercise.catalogue import find_exercise
from grader.exercise.model import Variant
from grader.exercise.nonce import Nonces
from grader.exercise.submission import lay_out, take_submission
from grader.exercise.workspace import find_workspace, nonce_key

ROUNDS = 7
TAG = "workshop-benchmark:by-hand"
PLAIN = Variant(
    writes={"greeting.txt": "Good day from {greeting}!\n"},
    appends={"*.go": "\n// {source}\n", "go.mod": "\n// {source}\n"},
)
"""What exercise 02 plants, so that both sides build the same context."""


def by_hand(docker: Sequence[str], environment: Mapping[str, str], context: Path) -> float:
    """Do what a person would type, and return the seconds it took."""

    def run(*arguments: str) -> str:
        done = subprocess.run([*docker, *arguments], env=environment, check=True, capture_output=True, text=True)
        return done.stdout.strip()

    begun = time.monotonic()
    run("build", "--network", "none", "-q", "-t", TAG, str(context))
    container = run("run", "-d", "-p", "127.0.0.1::8080", TAG)
    port = int(run("port", container, "8080/tcp").rsplit(":", 1)[1])
    wait_for_answer(port)
    run("stop", container)
    with Path(os.devnull).open("wb") as nowhere:
        subprocess.run([*docker, "save", TAG], env=environment, check=True, stdout=nowhere)
    run("rm", container)
    return time.monotonic() - begun


def wait_for_answer(port: int, deadline: float = 10.0) -> None:
    """Ask until the container answers."""
    end = time.monotonic() + deadline
    while time.monotonic() < end:
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=2)
        try:
            connection.request("GET", "/")
            connection.getresponse().read()
        except (OSError, http.client.HTTPException):
            time.sleep(0.01)
        else:
            return
        finally:
            connection.close()
    sys.exit("the container did not answer")


def by_kit(submission: Path) -> float:
    """Run the command and return the seconds it took."""
    begun = time.monotonic()
    arguments = [sys.executable, "-m", "grader.cli.main", "check", "02", "--submission", str(submission), "--quiet"]
    subprocess.run(arguments, check=True, capture_output=True)
    return time.monotonic() - begun


def measure() -> tuple[list[float], list[float]]:
    """Take turns; the first round warms both sides and is left out."""
    exercise = find_exercise("02")
    engine = connect()
    environment = {**os.environ, "DOCKER_HOST": engine.host, "DOCKER_BUILDKIT": "1"}
    hand: list[float] = []
    kit: list[float] = []
    with tempfile.TemporaryDirectory() as name:
        context = Path(name) / "context"
        nonces = Nonces(nonce_key(find_workspace()), exercise.slug)
        lay_out(exercise, take_submission(exercise, exercise.solutions), PLAIN, nonces, context)
        for _ in range(ROUNDS + 1):
            hand.append(by_hand([engine.docker_command.path], environment, context))
            kit.append(by_kit(exercise.solutions))
    engine.remove_image(TAG)
    engine.close()
    return hand[1:], kit[1:]


def main() -> None:
    """Measure and print."""
    hand, kit = measure()
    ratio = statistics.median(ours / theirs for ours, theirs in zip(kit, hand, strict=True))
    print("| a warm grade | by hand | `workshop check 02` | ratio (median of pairs) | aim |")
    print("|---|---|---|---|---|")
    print(
        f"| model answer of exercise 02 | {statistics.median(hand):.2f} s | {statistics.median(kit):.2f} s "
        f"| {ratio:.2f} | 1.3 |"
    )


if __name__ == "__main__":
    main()
