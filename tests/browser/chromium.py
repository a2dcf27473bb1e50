"""Where a Chromium is found: one that is named, one on PATH, Playwright's own, or the distribution's package.

A test that needs one is never skipped: if there is none, it fails with one line that says what to install.
"""

import os
import re
import shutil
import subprocess
import time
from pathlib import Path

from playwright.sync_api import Playwright

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")
INSTALL_SECONDS = 600
LOCK_SECONDS = 180
_BUSY = re.compile(r"Could not get lock|Unable to (?:acquire|lock)")


class NoChromiumError(Exception):
    """None is there, and none can be found."""


def find_chromium(playwright: Playwright) -> str:
    """Return the path of a Chromium; `WORKSHOP_CHROMIUM` names one. As root on Debian's family it is installed.

    Raises:
        NoChromiumError: there is none; the message says what to do.

    """
    own = Path(playwright.chromium.executable_path)
    found = os.environ.get("WORKSHOP_CHROMIUM") or _on_path() or (str(own) if own.is_file() else None)
    if found is None and shutil.which("apt-get") and os.geteuid() == 0:
        _apt("update")
        _apt("install", "--yes", "--no-install-recommends", "chromium")
        found = _on_path()
    if found is None:
        raise NoChromiumError(
            "The page is looked at in Chromium, and there is none: install your system's package `chromium`, run "
            "`playwright install chromium`, or name one in WORKSHOP_CHROMIUM."
        )
    return found


def _on_path() -> str | None:
    return next((path for name in NAMES if (path := shutil.which(name))), None)


def _apt(*arguments: str) -> None:
    """Run apt-get, again while another program has its lock."""
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive", "LC_ALL": "C"}
    patience = time.monotonic() + LOCK_SECONDS
    while True:
        done = subprocess.run(
            ["apt-get", *arguments],
            env=environment,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            errors="replace",
            check=False,
            timeout=INSTALL_SECONDS,
        )
        if done.returncode == 0:
            return
        if not _BUSY.search(done.stderr) or time.monotonic() > patience:
            last = next(iter(done.stderr.strip().splitlines()[-1:]), "no reason given")
            raise NoChromiumError(f"`apt-get {' '.join(arguments)}` failed ({last}): install Chromium by hand.")
        time.sleep(2)
