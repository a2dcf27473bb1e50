"""Which exercises there are, in the kit and in packs, and which one a name means.

Which packs there are is found in `packs.py`, and an `exercise.toml` is read in `toml_files.py`.
"""

import difflib
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from grader.errors import ContentError, UsageError
from grader.exercise.model import Exercise, Pack
from grader.exercise.toml_files import read_exercise

_NUMBERED = re.compile(r"[0-9]{2}-[a-z][a-z0-9]*(-[a-z0-9]+)*")
_PACKAGE = Path(__file__).resolve().parent.parent


def content_root() -> Path:
    """Return the folder that contains `exercises/` and `solutions/`: inside an installed wheel, else the clone."""
    installed = _PACKAGE / "content"
    return installed if installed.is_dir() else _PACKAGE.parent


def kit() -> Pack:
    """Return the kit's own exercises as a pack."""
    return Pack(content_root(), "the workshop")


def all_exercises(packs: Sequence[Pack] = ()) -> tuple[Exercise, ...]:
    """Return the kit's exercises and those of the packs, in order of pack and number.

    Raises:
        ContentError: an `exercise.toml` of the kit is wrong; names file and key.
        UsageError: one of a pack is wrong, or two exercises have the same slug.

    """
    return tuple(place.read() for place in _places(packs))


def exercises_of(pack: Pack) -> tuple[Exercise, ...]:
    """Return the exercises of one pack, in order of number. Errors are those of `all_exercises`."""
    return tuple(place.read() for place in _places_in(pack))


def find_exercise(name: str, packs: Sequence[Pack] = ()) -> Exercise:
    """Return the exercise called `name`: its slug, its number (`2`, `02`) or its folder (`02-go-multi-stage`).

    Raises:
        UsageError: there is none, and the nearest name is offered; or several have this number.

    """
    places = _places(packs)
    found = [place for place in places if name in (place.slug, place.folder.name)]
    found = found or [place for place in places if name.isdecimal() and int(name) == place.number]
    if len(found) == 1:
        return found[0].read()
    if found:
        those = " and ".join(f"`{place.slug}` ({place.pack})" for place in found)
        raise UsageError(f"Several exercises have the number {name}: {those}. Use the name in place of the number.")
    slugs = [place.slug for place in places]
    near = difflib.get_close_matches(name, slugs, n=1, cutoff=0.4)
    offer = f"did you mean `{near[0]}`?" if near else f"there are: {', '.join(slugs)}."
    raise UsageError(f"There is no exercise `{name}`: {offer}")


def shortest_name(exercise: Exercise, packs: Sequence[Pack] = ()) -> str:
    """Return what to type for an exercise: its number, or its slug if another one has the same number."""
    numbers = [place.number for place in _places(packs)]
    return exercise.slug if numbers.count(exercise.number) > 1 else f"{exercise.number:02}"


@dataclass(frozen=True, slots=True)
class _Place:
    """Where an exercise is; its `exercise.toml` is not read yet."""

    pack: Pack
    folder: Path

    @property
    def number(self) -> int:
        return int(self.folder.name[:2])

    @property
    def slug(self) -> str:
        return self.folder.name[3:]

    def read(self) -> Exercise:
        """Read it. What is wrong in a pack is for the one who named that pack, so it is an error of usage."""
        try:
            return read_exercise(self.folder, self.pack.root / "solutions" / self.folder.name)
        except ContentError as error:
            if not self.pack.named_by:
                raise
            raise UsageError(f"{error} (The pack is named by {self.pack.named_by}.)") from error


def _places(packs: Sequence[Pack]) -> tuple[_Place, ...]:
    """Return where all exercises are.

    Raises:
        UsageError: two have the same slug.

    """
    places: dict[str, _Place] = {}
    for pack in (kit(), *packs):
        for place in _places_in(pack):
            other = places.setdefault(place.slug, place)
            if other is not place:
                both = f"{other.folder.name} of {other.pack} and {place.folder.name} of {place.pack}"
                raise UsageError(f"Two exercises are called `{place.slug}`: {both}. Rename one, or leave out one pack.")
    return tuple(places.values())


def _places_in(pack: Pack) -> Iterator[_Place]:
    folders = (pack.root / "exercises").glob("[0-9][0-9]-*")
    return (_Place(pack, folder) for folder in sorted(folders) if _is_exercise(folder))


def _is_exercise(folder: Path) -> bool:
    """Whether it has an exercise's kind of name and an `exercise.toml`; any other folder may be there as well."""
    try:
        return bool(_NUMBERED.fullmatch(folder.name)) and (folder / "exercise.toml").is_file()
    except OSError:
        return False
