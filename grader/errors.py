"""What can go wrong that is not the learner's doing; each kind carries one exit code.

A criterion that does not hold is data (see `grader.verdict`), never one of these.
"""

from enum import IntEnum


class ExitCode(IntEnum):
    """The exit codes of every command."""

    PASSED = 0
    FAILED = 1
    USAGE = 2
    MACHINE = 3
    INTERRUPTED = 130


class KitError(Exception):
    """Something went wrong that is not a criterion; the message says what happened and what to do, in one line."""

    exit_code: ExitCode = ExitCode.MACHINE


class UsageError(KitError):
    """The command was asked for something that is not there or makes no sense."""

    exit_code = ExitCode.USAGE


class MachineError(KitError):
    """The machine cannot do its part: no engine, no disk, no network. Never costs a learner points."""


class EngineUnavailableError(MachineError):
    """No container engine answers, or the one that did has gone."""


class BaseImageUnavailableError(MachineError):
    """A base image can be had from nowhere on this machine."""


class ContentError(KitError):
    """An exercise's own files are wrong: a toml key, a missing lesson. The kit's author mends it, not the learner."""
