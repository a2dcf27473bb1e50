"""Remembers facts between two commands, in the user's state folder: what did not answer, what came from a bundle.

If it cannot write, it remembers nothing, and all still works.
"""

import hashlib
import time
from contextlib import suppress
from pathlib import Path

from grader.user_folders import state_folder

SILENCE_SECONDS = 300
"""After no answer, the same source is not asked again for this time."""


class Memory:
    """What earlier commands of this user found out about one engine, `host`."""

    def __init__(self, host: str, folder: Path | None = None) -> None:
        digest = hashlib.sha256(host.encode()).hexdigest()[:16]
        self._folder = (folder or state_folder()) / "base-images" / digest

    def is_silent(self, source: str) -> bool:
        """Whether `source` (a registry, a recipe) failed within the last minutes."""
        try:
            return 0 <= time.time() - self._path("silent", source).stat().st_mtime < SILENCE_SECONDS
        except OSError:
            return False

    def remember_silence(self, source: str) -> None:
        """Note that `source` failed just now."""
        self._note("silent", source)

    def forget_silence(self) -> None:
        """Forget all failures, so that everything is asked again: perhaps the user has just fixed the network."""
        with suppress(OSError):
            for note in (self._folder / "silent").iterdir():
                note.unlink()

    def is_from_bundle(self, image_id: str) -> bool:
        """Whether the image was loaded from a bundle."""
        return self._path("from-bundle", image_id).is_file()

    def remember_bundle(self, image_id: str) -> None:
        """Note that the image was loaded from a bundle."""
        self._note("from-bundle", image_id)

    def is_loaded(self, bundle: str, reference: str, image_id: str) -> bool:
        """Whether `reference` got the id `image_id` when the bundle with this checksum was loaded."""
        return self._path("loaded", f"{bundle} {reference} {image_id}").is_file()

    def remember_loaded(self, bundle: str, reference: str, image_id: str) -> None:
        """Note which id `reference` got."""
        self._note("loaded", f"{bundle} {reference} {image_id}")

    def _note(self, kind: str, subject: str) -> None:
        with suppress(OSError):
            path = self._path(kind, subject)
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(f"{subject}\n", "utf-8")

    def _path(self, kind: str, subject: str) -> Path:
        return self._folder / kind / hashlib.sha256(subject.encode()).hexdigest()[:32]
