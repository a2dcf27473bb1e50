"""Whether the file system says so when a file changes: `workshop watch` then answers at once."""

import contextlib
import os
import tempfile
import threading
from pathlib import Path

from grader.called import called
from grader.doctor.finding import Diagnosis, State
from grader.exercise.workspace import STATE

_SECONDS = 2.0
_TOUCH_SECONDS = 0.1


def file_events(workspace: Path) -> Diagnosis:
    """Change a file in a folder of the workspace and wait for the news."""
    place = workspace / STATE
    try:
        place.mkdir(exist_ok=True)
        with tempfile.TemporaryDirectory(dir=place, prefix="doctor-") as folder:
            heard = _hears(Path(folder))
    except OSError as error:
        return Diagnosis(
            "file events",
            State.WARN,
            f"{error.filename or workspace} cannot be written: {error.strerror}",
            f"Work in a folder of your own: `{called()} init DIR`.",
        )
    if heard:
        return Diagnosis("file events", State.OK, f"{workspace} tells when a file changes")
    return Diagnosis(
        "file events",
        State.WARN,
        f"{workspace} does not tell when a file changes: `watch` looks once a second",
        "For a quicker answer keep the workspace on a disk of this machine (on WSL: not below /mnt).",
    )


def _hears(folder: Path) -> bool:
    from watchfiles import watch

    file, stop = folder / "file", threading.Event()
    file.write_bytes(b"")
    threading.Timer(_SECONDS, stop.set).start()

    def change() -> None:
        """Again and again: the first change may come before anyone listens."""
        while not stop.wait(_TOUCH_SECONDS):
            with contextlib.suppress(OSError):
                file.write_bytes(os.urandom(8))

    changing = threading.Thread(target=change, daemon=True)
    changing.start()
    try:
        found = next(iter(watch(folder, stop_event=stop, step=20, rust_timeout=200, force_polling=False)), set())
    except (OSError, RuntimeError):
        return False
    finally:
        stop.set()
        changing.join()
    return bool(found)
