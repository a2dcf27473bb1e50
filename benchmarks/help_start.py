"""`workshop --help` against `python -c pass`: what it costs to start the command line. Prints one table."""

import statistics
import subprocess
import sys
import time
from pathlib import Path

ROUNDS = 15


def seconds(*arguments: str) -> float:
    """Run the command and return the wall seconds it took."""
    begun = time.monotonic()
    subprocess.run(arguments, check=True, capture_output=True)
    return time.monotonic() - begun


def main() -> None:
    """Take turns, print medians and the median of the pairs' ratios; the first round is left out."""
    workshop = str(Path(sys.executable).parent / "workshop")
    launcher = str(Path(__file__).resolve().parent.parent / "workshop")
    nothing: list[float] = []
    told: list[float] = []
    launched: list[float] = []
    for _ in range(ROUNDS + 1):
        nothing.append(seconds(sys.executable, "-c", "pass"))
        told.append(seconds(workshop, "--help"))
        launched.append(seconds(launcher, "--help"))
    print("| start | `python -c pass` | this | ratio (median of pairs) | aim |")
    print("|---|---|---|---|---|")
    for name, times, aim in (("`workshop --help`", told, "6"), ("`./workshop --help` (launcher)", launched, "none")):
        ratio = statistics.median(ours / theirs for ours, theirs in zip(times[1:], nothing[1:], strict=True))
        base, ours = statistics.median(nothing[1:]) * 1000, statistics.median(times[1:]) * 1000
        print(f"| {name} | {base:.0f} ms | {ours:.0f} ms | {ratio:.1f} | {aim} |")


if __name__ == "__main__":
    main()
