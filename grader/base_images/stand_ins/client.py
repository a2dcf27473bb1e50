"""Runs one package client and says in one line why it failed. It knows neither the client nor what it fetches."""

import os
import re
import subprocess
import time
from collections.abc import Callable
from concurrent.futures import CancelledError
from contextlib import suppress
from pathlib import Path
from tempfile import TemporaryFile
from typing import IO

SECONDS = 600
"""Time limit for one package client."""
_POLL_SECONDS = 0.2
_REASON = re.compile(r"^(?:E: |ERROR: |npm (?:error|ERR!) )(.+)$", re.MULTILINE)


def run(arguments: list[str], folder: Path, is_cancelled: Callable[[], bool] = lambda: False) -> str:
    """Run a package client in `folder` and return its output.

    Raises:
        ValueError: it failed; the message is its first line that gives a reason.
        CancelledError: `is_cancelled` said so; the client was ended.

    """
    environment = {**os.environ, "LC_ALL": "C", "NO_COLOR": "1", "DEBIAN_FRONTEND": "noninteractive"}
    with TemporaryFile() as out, TemporaryFile() as err:
        try:
            process = subprocess.Popen(
                arguments, cwd=folder, env=environment, stdin=subprocess.DEVNULL, stdout=out, stderr=err
            )
        except FileNotFoundError as error:
            raise ValueError(f"there is no {arguments[0]} on this machine") from error
        _await(process, arguments[0], is_cancelled)
        printed, said = (_text(file) for file in (out, err))
    if process.returncode != 0:
        reason = _REASON.search(said)
        raise ValueError(reason[1] if reason else f"{arguments[0]} ended with code {process.returncode}")
    return printed


def _await(process: "subprocess.Popen[bytes]", name: str, is_cancelled: Callable[[], bool]) -> None:
    deadline = time.monotonic() + SECONDS
    try:
        while True:
            with suppress(subprocess.TimeoutExpired):
                process.wait(_POLL_SECONDS)
                return
            if is_cancelled():
                raise CancelledError
            if time.monotonic() > deadline:
                raise ValueError(f"{name} did not end within {SECONDS} s")
    finally:
        if process.poll() is None:
            process.terminate()
            process.wait(SECONDS)


def _text(file: IO[bytes]) -> str:
    file.seek(0)
    return file.read().decode("utf-8", "replace")
