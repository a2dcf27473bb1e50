"""The task of the grading process: one JSON file, written by `grader.grading.grade` and read by the plugin."""

from dataclasses import dataclass
from pathlib import Path

from grader.codec import decode, encode


@dataclass(frozen=True, slots=True)
class Job:
    """One submission to grade. Paths are absolute; `build_deadline` is seconds; `engine` None means find one."""

    exercise: str
    solutions: str
    submission: str
    record: str
    log: str
    nonce_key: str
    run: str
    engine: str | None = None
    build_deadline: float = 300.0
    criteria: tuple[str, ...] = ()
    """The ids of the criteria to judge; empty means all."""

    def write(self, path: Path) -> None:
        """Write it to `path`, readable by the owner only: it contains the nonce key."""
        path.touch(mode=0o600)
        path.write_bytes(encode(self))

    @classmethod
    def read(cls, path: Path) -> "Job":
        """Read a file that `write` wrote."""
        return decode(path.read_bytes(), cls)
