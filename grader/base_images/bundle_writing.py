"""Writes a bundle: first as a draft, with which an interrupted save can continue, and complete under its own name.

`bundle.py` says what a bundle is, and reads it.
"""

import io
import json
import os
import tarfile
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import closing
from pathlib import Path
from typing import IO, Any

from filelock import FileLock, Timeout

from grader.base_images.archive_members import MANIFEST
from grader.base_images.bundle import checksum_file, digest_of
from grader.engine.chunks import Readable
from grader.errors import MachineError, UsageError

Save = Callable[[str], Iterable[bytes]]
TellDone = Callable[[str, int], None]
_CHUNK = 1 << 20


def write_bundle(file: Path, images: Mapping[str, str], save: Save, tell: TellDone) -> int:
    """Write images to `file`, and its checksum to the same folder; return its size in bytes.

    `images` maps each reference to its id. `save` streams one image as `docker save` writes it; layers that images
    share are written once. `tell` gets a reference and how many of its bytes have arrived. What an interrupted earlier
    call has written is not requested again.

    Raises:
        MachineError: it cannot be written.
        UsageError: another process is writing it.

    """
    if not file.parent.is_dir():
        raise MachineError(f"Cannot write {file}: there is no folder {file.parent}. Make it first.")
    draft = draft_file(file)
    lock = FileLock(draft.with_suffix(".lock"))
    try:
        with lock.acquire(timeout=0):
            try:
                _write(draft, images, save, tell)
                checksum = checksum_file(draft)
                checksum.write_text(f"{digest_of(draft)}  {file.name}\n", "utf-8")
                checksum.replace(checksum_file(file))
                draft.replace(file)
                _journal(draft).unlink()
            finally:
                Path(lock.lock_file).unlink(missing_ok=True)
    except Timeout as error:
        raise UsageError(f"Another command is writing {file}. Wait for it, or name another file.") from error
    except OSError as error:
        raise MachineError(
            f"Cannot write {file}: {error.strerror or error}. Fix that, then run the same command: "
            "it continues from here."
        ) from error
    return file.stat().st_size


def draft_file(file: Path) -> Path:
    """Return where a bundle is while it is being written."""
    return file.with_name(f".{file.name}.part")


def _write(draft: Path, images: Mapping[str, str], save: Save, tell: TellDone) -> None:
    written = _Written(_journal(draft), draft)
    with draft.open("r+b" if draft.exists() else "w+b") as out, _journal(draft).open("a", encoding="utf-8") as journal:
        out.truncate(written.end)
        out.seek(written.end)
        with tarfile.open(fileobj=out, mode="w") as bundle:
            drafting = _Drafting(bundle, out, journal, written)
            for reference, identity in images.items():
                if (reference, identity) not in written.entries:
                    drafting.copy(reference, identity, _counted(save(reference), reference, tell))
            entries = [written.entries[image] for image in images.items()]
            data = json.dumps(entries).encode()
            manifest = tarfile.TarInfo(MANIFEST)
            manifest.size = len(data)
            bundle.addfile(manifest, io.BytesIO(data))


class _Written:
    """What a draft contains according to its journal: files by name, images' entries by reference and id, its end."""

    def __init__(self, journal: Path, draft: Path) -> None:
        # Each of these describes one image only; the manifest is enough.
        self.names = {"repositories", "index.json", "oci-layout"}
        self.entries: dict[tuple[str, str], dict[str, Any]] = {}
        self.end = 0
        size = draft.stat().st_size if draft.exists() else 0
        kept = []
        for line in journal.read_text("utf-8").splitlines() if journal.exists() else ():
            try:
                note = json.loads(line)
            except ValueError:
                break
            if note.get("end", 0) > size:
                break
            self._take(note)
            kept.append(line)
        journal.write_text("".join(f"{line}\n" for line in kept), "utf-8")

    def _take(self, note: dict[str, Any]) -> None:
        if "file" in note:
            self.names.add(note["file"])
            self.end = note["end"]
        else:
            self.entries[note["image"], note["id"]] = note["entry"]


class _Drafting:
    """Adds to a draft, and notes in its journal what is safely written."""

    def __init__(self, bundle: tarfile.TarFile, out: IO[bytes], journal: IO[str], written: _Written) -> None:
        self._bundle = bundle
        self._out = out
        self._journal = journal
        self._written = written

    def copy(self, reference: str, identity: str, archive: Iterable[bytes]) -> None:
        """Copy what the archive of one image contains and the draft lacks."""
        with (
            closing(Readable(archive)) as stream,
            tarfile.open(fileobj=io.BufferedReader(stream, _CHUNK), mode="r|") as saved,
        ):
            for member in saved:
                if member.name == MANIFEST and (content := saved.extractfile(member)):
                    [raw] = json.load(content)
                    entry = self._written.entries[reference, identity] = {**raw, "RepoTags": [reference]}
                    self._note({"image": reference, "id": identity, "entry": entry})
                elif not member.isdir() and member.name not in self._written.names:
                    self._bundle.addfile(member, saved.extractfile(member) if member.isreg() else None)
                    self._written.names.add(member.name)
                    self._note({"file": member.name, "end": self._bundle.offset})

    def _note(self, note: dict[str, Any]) -> None:
        self._out.flush()
        os.fsync(self._out.fileno())
        self._journal.write(f"{json.dumps(note)}\n")
        self._journal.flush()


def _counted(chunks: Iterable[bytes], reference: str, tell: TellDone) -> Iterator[bytes]:
    done = 0
    tell(reference, done)
    for chunk in chunks:
        done += len(chunk)
        tell(reference, done)
        yield chunk


def _journal(draft: Path) -> Path:
    return draft.with_suffix(".journal")
