"""Takes a submission and lays it over the pristine source. Only what `editable` names is taken; no link is followed.

A submission that cannot be taken comes back as `Refusal`, with one clear line that says what to fix.
"""

import hashlib
import os
import stat
from dataclasses import dataclass, replace
from pathlib import Path

from grader.dockerfile.reader import read
from grader.errors import ContentError, UsageError
from grader.exercise.model import DOCKERFILE, IGNORE, OWN_IGNORE, Exercise, Variant
from grader.exercise.nonce import Nonces
from grader.exercise.source import copy_source

SIZE_CAP = 1_000_000
"""Bytes of one submitted file; the longest Dockerfiles in the wild have a tenth of it."""
_IGNORE_FILES = (OWN_IGNORE, IGNORE)
"""The first one that is there is read."""
_AS_TEXT = "Save it again as plain text (UTF-8)."


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why a submitted file was not taken: what was expected in its place, what was there, on which lines if known."""

    file: str
    expected: str
    actual: str
    hint: str
    lines: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class IgnoreFile:
    """The ignore file that the builder reads; without one `text` is None, and `near` a file that may be meant for it.

    `unread` is the name of another one that was handed in, which the builder does not read because of the first.
    """

    text: str | None = None
    near: str = ""
    name: str = IGNORE
    unread: str = ""


@dataclass(frozen=True, slots=True)
class Submission:
    """The files taken, by name, and the reason if one was refused. `near` is a file that may be a .dockerignore."""

    files: dict[str, bytes]
    refusal: Refusal | None = None
    near: str = ""

    @property
    def ignore_file(self) -> IgnoreFile:
        """The ignore file that the builder reads, or what there is in its place."""
        here = [name for name in _IGNORE_FILES if name in self.files]
        if not here:
            return IgnoreFile(None, self.near)
        return IgnoreFile(self.files[here[0]].decode("utf-8", "replace"), name=here[0], unread="".join(here[1:]))

    @property
    def digest(self) -> str:
        """The SHA-256 of what `sha256sum` prints for the files in the order of their names; empty without files."""
        lines = [f"{hashlib.sha256(content).hexdigest()}  {name}\n" for name, content in sorted(self.files.items())]
        return f"sha256:{hashlib.sha256(''.join(lines).encode()).hexdigest()}" if lines else ""

    @property
    def dockerfile(self) -> str:
        """The Dockerfile's text; bytes that are not UTF-8 are replaced, a byte order mark is left in."""
        return self.files.get("Dockerfile", b"").decode("utf-8", "replace")


def take_submission(exercise: Exercise, directory: Path) -> Submission:
    """Take the editable files from `directory`.

    Raises:
        UsageError: `directory` is not a folder.

    """
    if not directory.is_dir():
        raise UsageError(f"{directory} is not a folder: give the one that contains your Dockerfile.")
    files: dict[str, bytes] = {}
    for name in exercise.editable:
        path = directory / name
        refusal = _refuse(path, name)
        if refusal is not None:
            return Submission(files, refusal)
        try:
            if path.exists():
                files[name] = _read(path)
        except OSError as error:
            return Submission(files, _unreadable(name, error))
    return Submission(files, _refuse_content(files), _near_dockerignore(directory))


def folders_with_dockerfile(folder: Path) -> list[Path]:
    """Return the folders directly in `folder` that contain a Dockerfile; hidden ones are not looked at."""
    try:
        inside = sorted(folder.iterdir())
    except OSError:
        return []
    return [each for each in inside if not each.name.startswith(".") and _has_dockerfile(each)]


def _has_dockerfile(folder: Path) -> bool:
    try:
        return (folder / DOCKERFILE).is_file()
    except OSError:
        return False


def first_stages(submission: Submission, count: int) -> Submission:
    """Return it with a Dockerfile that ends after its first `count` stages; as it is for 0, or if it has fewer."""
    stages = read(submission.dockerfile).stages
    if not 0 < count <= len(stages):
        return submission
    lines = submission.files["Dockerfile"].split(b"\n")[: stages[count - 1].last_line]
    return replace(submission, files={**submission.files, "Dockerfile": b"\n".join(lines) + b"\n"})


def _near_dockerignore(directory: Path) -> str:
    """Name a file that people write in place of .dockerignore: under a similar name, or one folder deeper."""
    inside = _entries(directory)
    deeper = (entry for folder in inside if folder.is_dir(follow_symlinks=False) for entry in _entries(folder.path))
    for entry in (*inside, *deeper):
        name = Path(entry.path).relative_to(directory).as_posix()
        if "dockerignore" in entry.name.lower() and name not in _IGNORE_FILES:
            return name
    return ""


def _entries(folder: str | Path) -> list[os.DirEntry[str]]:
    """List what is in a folder; nothing if it cannot be read, because it is only looked at to give a hint."""
    try:
        with os.scandir(folder) as entries:
            return sorted(entries, key=lambda entry: entry.name)
    except OSError:
        return []


def _refuse(path: Path, name: str) -> Refusal | None:
    expected = f"a file called {name}"
    try:
        status = path.lstat()
    except FileNotFoundError:
        if name != "Dockerfile":
            return None
        return Refusal(name, expected, f"there is no {name} in {path.parent}", _hint_for_missing(path))
    except OSError as error:
        return _unreadable(name, error)
    kind = stat.S_IFMT(status.st_mode)
    if kind != stat.S_IFREG:
        words = {
            stat.S_IFDIR: "a folder",
            stat.S_IFLNK: "a symbolic link, and links in a submission are not followed",
        }
        what = words.get(kind, "a device, pipe or socket")
        return Refusal(name, expected, f"{name} is {what}", f"Put an ordinary file called {name} in its place.")
    if status.st_size > SIZE_CAP:
        actual = f"{name} has {status.st_size / 1e6:.1f} MB"
        hint = f"Leave only {'instructions' if name == DOCKERFILE else 'patterns'} in it."
        return Refusal(name, f"{name} of at most {SIZE_CAP // 1_000_000} MB", actual, hint)
    return None


def _unreadable(name: str, error: OSError) -> Refusal:
    actual = f"{name} cannot be read: {error.strerror}"
    return Refusal(name, f"a file called {name}", actual, "Look at its owner and its rights with `ls -l`.")


def _hint_for_missing(path: Path) -> str:
    present = [entry.name for entry in _entries(path.parent)]
    near = [name for name in present if name.lower().startswith("dockerfile") or name.lower().endswith(".dockerfile")]
    if near:
        return f"Rename {near[0]} to Dockerfile: that exact name, no ending."
    deeper = [folder.name for folder in folders_with_dockerfile(path.parent)]
    if deeper:
        return f"There is one in {' and in '.join(deeper)}: move it, or grade that folder with --submission."
    return "Save it there under that exact name, with a capital D and no ending."


def _read(path: Path) -> bytes:
    """Read at most the cap, without following a link that was put there since we looked."""
    descriptor = os.open(path, os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0))
    with os.fdopen(descriptor, "rb") as file:
        return file.read(SIZE_CAP + 1)


def _refuse_content(files: dict[str, bytes]) -> Refusal | None:
    content = files["Dockerfile"]
    expected = "a text file with instructions, the first of which is FROM (after ARG)"
    if not content.strip():
        return Refusal("Dockerfile", expected, "the Dockerfile is empty", "Begin with a FROM line.")
    if b"\0" in content:
        line = content[: content.index(b"\0")].count(b"\n") + 1
        actual = f"the Dockerfile is not text: line {line} has a zero byte"
        return Refusal("Dockerfile", expected, actual, _AS_TEXT, (line,))
    for name in _IGNORE_FILES:
        content = files.get(name, b"")
        if b"\0" in content:
            line = content[: content.index(b"\0")].count(b"\n") + 1
            actual = f"{name} is not text: line {line} of it has a zero byte"
            return Refusal(name, "a text file with one pattern on each line", actual, _AS_TEXT)
    return None


def lay_out(exercise: Exercise, submission: Submission, variant: Variant, nonces: Nonces, into: Path) -> None:
    """Fill the new folder `into` with the build context: pristine source, the submission, the variant's plants.

    Modes are set and not taken over, so that the context is the same on every machine and the layer cache serves.
    """
    into.mkdir(parents=True)
    copy_source(exercise, into)
    for name, content in submission.files.items():
        (into / name).write_bytes(content)
    _plant(variant, nonces, into)
    for path in into.rglob("*"):
        executable = path.is_dir() or path.suffix == ".sh"
        path.chmod(0o755 if executable else 0o644)


def _plant(variant: Variant, nonces: Nonces, into: Path) -> None:
    for name in variant.removes:
        (into / name).unlink()
    for name, (old, new) in variant.replaces.items():
        text = (into / name).read_text(encoding="utf-8")
        if old not in text:
            raise ContentError(f"{name} does not contain the text that the variant `{variant.name}` replaces: {old!r}.")
        (into / name).write_text(text.replace(old, nonces.fill(new)), encoding="utf-8")
    if variant.dockerfile:
        (into / "Dockerfile").write_text(variant.dockerfile, encoding="utf-8")
    for name, text in variant.writes.items():
        path = into / nonces.fill(name)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(nonces.fill(text), encoding="utf-8")
    for pattern, text in variant.appends.items():
        for path in sorted(into.rglob(pattern)):
            with path.open("a", encoding="utf-8") as file:
                file.write(nonces.fill(text))
