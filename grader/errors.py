"""Errors that are not the learner's fault; each kind has one exit code.

A criterion that is not met is data (see `grader.verdict`), never one of these.
"""

import errno
from enum import IntEnum

_MACHINE_ERRORS = {errno.ENOSPC, errno.EDQUOT, errno.EIO, errno.EFBIG, errno.ENOMEM, errno.EMFILE, errno.ENFILE}
"""Reasons for which a file cannot be written although its name is right."""


class ExitCode(IntEnum):
    """The exit codes of every command."""

    PASSED = 0
    FAILED = 1
    USAGE = 2
    MACHINE = 3
    INTERRUPTED = 130
    READER_GONE = 141
    """The reader of standard output went away, as `head` does; shells use this code for programs that SIGPIPE ends."""


class KitError(Exception):
    """An error that is not a failed criterion; the message says what happened and what to do, in one line.

    Where the two parts are also needed apart, `what` is the first one, without its full stop, and `advice` the second.
    """

    exit_code: ExitCode = ExitCode.MACHINE

    def __init__(self, what: str, advice: str = "") -> None:
        super().__init__(f"{what}. {advice}" if advice else what)
        self.what = what
        self.advice = advice


class UsageError(KitError):
    """The command got a request for something that does not exist or makes no sense."""

    exit_code = ExitCode.USAGE


class MachineError(KitError):
    """The machine cannot do its part: no engine, no disk, no network. Never costs a learner points."""


class EngineUnavailableError(MachineError):
    """No container engine answers, or the one that answered has gone."""


class BaseImageUnavailableError(MachineError):
    """This machine cannot get a base image from anywhere."""


class ContentError(KitError):
    """An exercise's own files are wrong: a toml key, a missing lesson. The kit's author fixes it, not the learner."""


def writing_error(said: str, error: OSError) -> KitError:
    """Return the kind of a write error: the machine's fault if the disk is full or broken, else a wrong name.

    `said` is the beginning of the sentence: what cannot be written, or cannot be done.
    """
    reason = error.strerror or error
    if error.errno in _MACHINE_ERRORS:
        return MachineError(f"{said}: {reason}. Make room there, or name another place.")
    return UsageError(f"{said}: {reason}.")
