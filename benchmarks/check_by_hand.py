"""`workshop check 02`, warm, against the same work by hand: docker build, run, one request, stop, save.

Both sides in one run, taking turns, on the same engine and the same build context. Prints one table row.
"""

import http.client
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from grader.engine.connection import connect
from grader.engine.docker_command import build_environment
from grader.exercise.catalogue import find_exercise
from grader.exercise.model import Variant
from grader.exercise.nonce import Nonces
from grader.exercise.submission import lay_out, take_submission
from grader.exercise.workspace import find_workspace, nonce_key

ROUNDS = 7
TAG = "workshop-benchmark:by-hand"


def by_hand(docker: list[str], environment: dict[str, str], context: Path) -> float:
    """Do what a person would type, and return the seconds it took."""
    begun = time.monotonic()
    run = lambda *arguments: subprocess.run(  # noqa: E731 - five calls of one shape
        [*docker, *arguments], env=environment, check=True, capture_output=True, text=True
    ).stdout.strip()
    run("build", "--network", "none", "-q", "-t", TAG, str(context))
    container = run("run", "-d", "-p", "127.0.0.1::8080", TAG)
    port = int(run("port", container, "8080/tcp").rsplit(":", 1)[1])
    wait_for_answer(port)
    run("stop", container)
    with Path("/dev/null").open("wb") as nowhere:
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


def main() -> None:
    """Measure and print."""
    exercise = find_exercise("02")
    engine = connect()
    environment = build_environment(engine.docker_command, engine.host)
    sys.path.insert(0, str(exercise.directory))
    import test_exercise

    variant: Variant = test_exercise.PLAIN
    with tempfile.TemporaryDirectory() as name:
        context = Path(name) / "context"
        nonces = Nonces(nonce_key(find_workspace()), exercise.slug)
        lay_out(exercise, take_submission(exercise, exercise.solutions), variant, nonces, context)
        docker = [str(engine.docker_command.path)]
        hand, kit = [], []
        for turn in range(ROUNDS + 1):
            pair = by_hand(docker, environment, context), by_kit(exercise.solutions)
            if turn:
                hand.append(pair[0])
                kit.append(pair[1])
    engine.remove_image(TAG)
    ratio = statistics.median(ours / theirs for ours, theirs in zip(kit, hand, strict=True))
    print("| what | by hand | workshop check 02 | ratio (median of pairs) | aim |")
    print("|---|---|---|---|---|")
    print(f"| warm grade | {statistics.median(hand):.2f} s | {statistics.median(kit):.2f} s | {ratio:.2f} | 1.3 |")


if __name__ == "__main__":
    main()
