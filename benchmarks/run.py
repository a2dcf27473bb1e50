"""All benchmarks, one after the other, as Markdown tables on standard output: `python benchmarks/run.py`.

Each is a separate script in this folder, and each measures both sides of its comparison.
"""

import platform
import subprocess
import sys
from datetime import datetime, timezone
from pathlib import Path

SCRIPTS = ("check_by_hand.py", "watch.py", "image_reader.py", "help_start.py", "cold_setup.py")


def main() -> int:
    """Run them in order; the exit code is 1 if one could not be run."""
    system = f"{platform.system()} {platform.release()}, {platform.machine()}, Python {platform.python_version()}"
    print(f"Measured {datetime.now(timezone.utc):%Y-%m-%d} on {system}.\n", flush=True)
    broken = 0
    for script in SCRIPTS:
        broken |= subprocess.run([sys.executable, Path(__file__).parent / script], check=False).returncode
        print(flush=True)
    return 1 if broken else 0


if __name__ == "__main__":
    sys.exit(main())
