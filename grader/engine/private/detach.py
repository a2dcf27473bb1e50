"""Runs as a script: `detach.py LOG COMMAND...` starts COMMAND as a daemon and prints its process id.

It is a process of its own, so that the daemon does not depend on the process that asked for it. It imports nothing
from the kit.
"""

import subprocess
import sys


def main() -> None:
    """Start the command in its own session, in `/`, with its output in LOG and no other open file."""
    log, *command = sys.argv[1:]
    with open(log, "wb") as output:  # noqa: PTH123 - pathlib would double this script's start-up time
        daemon = subprocess.Popen(
            command, stdin=subprocess.DEVNULL, stdout=output, stderr=output, cwd="/", start_new_session=True
        )
    sys.stdout.write(f"{daemon.pid}\n")


if __name__ == "__main__":
    main()
