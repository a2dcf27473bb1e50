"""Makes a new exercise from an existing one: the same program, tests and answers, for an author to change.

It takes enough mistakes for `verify`, and enough that every criterion is shown to fail. Nothing is built here.
"""

import json
import os
import re
import shutil
from collections.abc import Callable, Iterable
from pathlib import Path

from grader.authoring.cells import ALTERNATIVES_NEEDED, GOLDEN, MISTAKES_NEEDED, Cell, Role, cells_of, covering
from grader.errors import ContentError, UsageError, writing_error
from grader.exercise.model import Exercise
from grader.exercise.toml_files import FORMAT_VERSION

Files = dict[str, bytes]
"""Content by path, relative to the pack's folder."""
_LONGEST = 40
_SLUG = re.compile(r"[a-z][a-z0-9]*(-[a-z0-9]+)*")
_LINK = re.compile(r"\[([^\]]*)\]\(((?:alternatives|mistakes)/[^)#]+)\)")


def check_slug(slug: str) -> str:
    """Return `slug` if an exercise can be called so.

    Raises:
        UsageError: it cannot.

    """
    if not _SLUG.fullmatch(slug) or len(slug) > _LONGEST:
        raise UsageError(
            f"`{slug}` cannot be the name of an exercise: use small letters, digits and hyphens, begin with a letter, "
            f"and use at most {_LONGEST} of them. Example: `go-workspace`."
        )
    return slug


def scaffold(like: Exercise, slug: str, number: int, title: str) -> Files:
    """Return the files of a new exercise, made from `like`.

    Raises:
        ContentError: a file of `like` is missing.

    """
    folder = f"{number:02}-{slug}"
    change = _renaming(like, slug, folder)
    files: Files = {}
    for name in like.files:
        files[f"exercises/{folder}/{name}"] = _read(like.directory / name)
    for name in _present(like.solutions / "starter", like.editable):
        files[f"exercises/{folder}/{name}"] = _read(like.solutions / "starter" / name)
    files[f"exercises/{folder}/exercise.toml"] = _toml(like, slug, title).encode()
    lesson = change(_text(like.directory / "README.md"))
    files[f"exercises/{folder}/README.md"] = re.sub(r"\A# .*", f"# {number:02} · {title}", lesson).encode()
    files[f"exercises/{folder}/test_exercise.py"] = change(_text(like.directory / "test_exercise.py")).encode()
    for name, content in _answers(like, change).items():
        files[f"solutions/{folder}/{name}"] = content
    return files


def write(files: Files, pack: Path) -> None:
    """Write the files into the folder of a pack, which is made if it is not there. It is all of them or none.

    Raises:
        UsageError: they cannot be written, or one of the exercise's folders is there already.
        MachineError: the disk is full.

    """
    folders = sorted({pack.joinpath(*Path(name).parts[:2]) for name in files})
    for folder in folders:
        if os.path.lexists(folder):
            raise UsageError(f"{folder} is there already. Move it away, or choose another name.")
    try:
        for name, content in files.items():
            path = pack / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content)
    except BaseException as error:
        for folder in folders:
            shutil.rmtree(folder, ignore_errors=True)
        if isinstance(error, OSError):
            raise writing_error(f"Cannot write the exercise into {pack}", error) from error
        raise


def _renaming(like: Exercise, slug: str, folder: str) -> Callable[[str], str]:
    """Return what puts the new names in place of the old ones in a text."""
    number = f"{like.number:02}"

    def change(text: str) -> str:
        text = text.replace(like.folder, folder).replace(f"exercise {number}", f"exercise {slug}")
        text = re.sub(rf"\A{like.slug}:", f"{slug}:", text)  # feedback begins with it
        return re.sub(rf"(workshop [a-z]+) {number}\b", rf"\1 {slug}", text)

    return change


def _answers(like: Exercise, change: Callable[[str], str]) -> Files:
    """Return the files of the solutions' folder, relative to it."""
    cells = cells_of(like)
    mistakes = _telling([cell for cell in cells if cell.role is Role.MISTAKE])
    alternatives = [cell for cell in cells if cell.role is Role.ALTERNATIVE and not cell.docker][:ALTERNATIVES_NEEDED]
    files: Files = {}
    for cell in cells:
        if cell.role in (Role.STARTER, Role.MODEL) or cell in alternatives or cell in mistakes:
            within = cell.folder.relative_to(like.solutions)
            for name in _present(cell.folder, like.editable):
                files[str(within / name)] = _read(cell.folder / name)
            for name in _present(cell.folder, ("mistake.toml", GOLDEN, "README.md")):
                files[str(within / name)] = change(_text(cell.folder / name)).encode()
    files["README.md"] = _without_links(change(_text(like.solutions / "README.md")), files).encode()
    return files


def _telling(mistakes: list[Cell]) -> list[Cell]:
    """Choose mistakes that together fail every criterion that one of them fails, and as many as are needed."""
    chosen = covering(mistakes)
    others = [cell for cell in mistakes if cell not in chosen]
    return chosen + others[: max(0, MISTAKES_NEEDED - len(chosen))]


def _without_links(text: str, files: Iterable[str]) -> str:
    """Take links to answers that were not taken over out of the reasons, and rows of tables that begin with one."""
    folders = {"/".join(Path(name).parts[:2]) for name in files}

    def is_there(target: str) -> bool:
        return "/".join(Path(target).parts[:2]) in folders

    rows = []
    for line in text.splitlines():
        first = _LINK.match(line.removeprefix("| ")) if line.startswith("| ") else None
        if first is None or is_there(first[2]):
            rows.append(_LINK.sub(lambda link: link[0] if is_there(link[2]) else link[1], line))
    return "\n".join(rows) + "\n"


def _toml(like: Exercise, slug: str, title: str) -> str:
    lines = [
        f"format_version = {FORMAT_VERSION}",
        f"slug = {_value(slug)}",
        f"title = {_value(title)}",
        f"minutes = {like.minutes}",
        f"editable = {_value(like.editable)}",
        f"base_images = {_value(like.base_images)}",
        f"files = {_value(like.files, one_a_line=True)}",
        f"hints = {_value(like.hints, one_a_line=True)}",
    ]
    if like.budgets:
        lines += ["", "[budgets]", *(f"{name} = {size:_}" for name, size in like.budgets.items())]
    return "\n".join(lines) + "\n"


def _value(value: str | tuple[str, ...], *, one_a_line: bool = False) -> str:
    """Return strings as TOML. Its basic strings are those of JSON, but for surrogates, which no TOML file has."""
    if isinstance(value, str):
        return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007F")
    if one_a_line:
        return "[\n" + "".join(f"  {_value(item)},\n" for item in value) + "]"
    return f"[{', '.join(_value(item) for item in value)}]"


def _present(folder: Path, names: Iterable[str]) -> list[str]:
    return [name for name in names if (folder / name).is_file()]


def _text(path: Path) -> str:
    return _read(path).decode("utf-8")


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise ContentError(f"{path} cannot be read: {error.strerror}.") from error
