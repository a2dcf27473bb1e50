"""Where the user's own files of the workshop are: cache, data, state, logs. A user without a home has them in /tmp."""

import os
import stat
import tempfile
from pathlib import Path

from platformdirs import user_cache_path, user_data_path, user_log_path, user_state_path

from grader.errors import MachineError

_NAME = "workshop"


def cache_folder() -> Path:
    """What can be fetched or found again."""
    return user_cache_path(_NAME) if _has_home("XDG_CACHE_HOME") else _without_home() / "cache"


def data_folder() -> Path:
    """What was fetched on purpose."""
    return user_data_path(_NAME) if _has_home("XDG_DATA_HOME") else _without_home() / "data"


def state_folder() -> Path:
    """What is remembered."""
    return user_state_path(_NAME) if _has_home("XDG_STATE_HOME") else _without_home() / "state"


def log_folder() -> Path:
    """What went wrong."""
    return user_log_path(_NAME) if _has_home("XDG_STATE_HOME") else _without_home() / "log"


def _has_home(variable: str) -> bool:
    """Whether the user has a home folder, or names the folder in `variable`: `~` stays as it is if nobody knows it."""
    return bool(os.environ.get(variable)) or os.path.expanduser("~") != "~"  # noqa: PTH111 - pathlib raises


def _without_home() -> Path:
    """Return a folder that only this user can write.

    Raises:
        MachineError: another user has made something of this name.

    """
    folder = Path(tempfile.gettempdir()) / f"workshop-of-user-{os.getuid()}"
    try:
        folder.mkdir(mode=0o700, exist_ok=True)
        status = folder.stat(follow_symlinks=False)
    except OSError as error:
        raise MachineError(
            f"You have no home folder, and {folder} cannot be made: {error.strerror}. Set HOME."
        ) from error
    if status.st_uid != os.getuid() or not stat.S_ISDIR(status.st_mode):
        raise MachineError(f"You have no home folder, and {folder} is not a folder of yours", "Name one in HOME.")
    return folder
