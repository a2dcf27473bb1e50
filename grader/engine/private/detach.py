"""Started as a script: `detach.py LOG COMMAND...` starts COMMAND as a daemon and prints its process id.

A process of its own, so that the daemon has no tie to the one that asked for it. It imports nothing of the kit.
"""

import subprocess
import sys


def main() -> None:
    """Start the command in a session of its own, in `/`, with its output in LOG and no other open file."""
    log, *command = sys.argv[1:]
    with open(log, "wb") as output:  # noqa: PTH123 - pathlib would double this script's start-up time
        daemon = subprocess.Popen(
            command, stdin=subprocess.DEVNULL, stdout=output, stderr=output, cwd="/", start_new_session=True
        )
    sys.stdout.write(f"{daemon.pid}\n")


if __name__ == "__main__":
    main()
