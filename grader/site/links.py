"""Where a link in a Markdown file leads on the site: to a page, to a file shown as a page, or out of the site.

Nothing is fetched to find out; a link to a file that is not there is the author's to fix.
"""

import base64
import posixpath
from dataclasses import dataclass, field
from pathlib import PurePosixPath
from urllib.parse import urlsplit

from grader.errors import ContentError
from grader.site.sources import SiteContent, Source

_ANSWERS = "solutions"
"""What is in there is not shown: the site is for those who are looking for the answers."""
_SHARED = ("exercises", _ANSWERS)
"""What the kit and packs have in common."""
_NOT_TO_READ = {".ipynb"}
_PICTURES = {".svg": "image/svg+xml", ".png": "image/png", ".jpg": "image/jpeg"}


@dataclass(slots=True)
class Links:
    """Turns links into addresses; remembers which files must be shown as pages because something links to them."""

    content: SiteContent
    shown: dict[PurePosixPath, str] = field(default_factory=dict)
    """Path of a file to the address of the page that shows it."""

    def page(self, source: Source, link: str) -> str | None:
        """Return where `link` in `source` leads, relative to the page of `source`; None if it is not shown.

        Raises:
            ContentError: there is no such file.

        """
        parts = urlsplit(link)
        if parts.scheme or parts.netloc or not parts.path:
            return link
        path = _joined(source.path, parts.path)
        address = self._address(source, path)
        anchor = f"#{parts.fragment}" if parts.fragment else ""
        return address and relative(source.address, address) + anchor

    def picture(self, source: Source, link: str) -> str:
        """Return a picture as a `data:` address, so that the page needs no other file.

        Raises:
            ContentError: there is no such file, or it is no picture.

        """
        path = _joined(source.path, link)
        kind = _PICTURES.get(path.suffix)
        file = self.content.file(path)
        if kind is None or not file.is_file():
            raise ContentError(f"shows {link}, which is no picture or is not there.")
        return f"data:{kind};base64,{base64.b64encode(file.read_bytes()).decode('ascii')}"

    def _address(self, source: Source, path: PurePosixPath) -> str | None:
        for other in self.content.sources:
            if other.path == path:
                return other.address
        if source.exercise and source.exercise.root != self.content.root and path.parts[0] not in _SHARED:
            return None  # a pack has lessons only
        file = self.content.file(path)
        if file.is_dir() or path.suffix in _NOT_TO_READ:
            return None
        if not file.is_file():
            if not self._must_be_there(path):
                return None
            raise ContentError(f"links to {path}, which is not there.")
        if path.parts[0] == _ANSWERS:
            return None
        return self.shown.setdefault(path, f"files/{path}.html")

    def _must_be_there(self, path: PurePosixPath) -> bool:
        """Whether a missing file is a mistake: an installed kit has lessons and documents, and not all else."""
        has_documents = (self.content.root / "docs").is_dir()
        is_installed = not (self.content.root / "grader").is_dir()
        return path.parts[0] == "exercises" or (has_documents and not (is_installed and path.parts[0] != "docs"))


def relative(here: str, there: str) -> str:
    """Return the way from one page to another."""
    return posixpath.relpath(there, posixpath.dirname(here) or ".")


def _joined(source: PurePosixPath, link: str) -> PurePosixPath:
    return PurePosixPath(posixpath.normpath(source.parent / link))
