"""The magics: each parses its line, asks for one thing and shows it. What goes wrong is said in one line.

`%%submit`, `%check`, `%hint`, `%layers`, `%stages`; see `notebooks/README.md`.
"""

import atexit
import shlex
from collections.abc import Callable
from functools import wraps
from pathlib import Path

from IPython.core.interactiveshell import InteractiveShell
from IPython.display import DisplayHandle, display

from grader.errors import KitError, UsageError
from grader.exercise.model import Exercise
from grader.notebook.bench import DOCKERFILE, Bench
from grader.notebook.showing import MimeBundle, layers_bundle, stages_bundle, verdict_bundles
from grader.notebook.watching import Watching

Magic = Callable[..., None]
_MAGICS = ("submit", "check", "hint", "layers", "stages")
_BENCH = "_workshop_bench"


def load_ipython_extension(shell: InteractiveShell) -> None:
    """Give the notebook its magics; what a kernel handed in is removed when it ends."""
    bench = Bench()
    atexit.register(bench.close)
    shell.user_ns[_BENCH] = bench
    shell.magics_manager.register_function(_told(bench, _submit), "cell", "submit")
    shell.magics_manager.register_function(_told(bench, _check), "line", "check")
    shell.magics_manager.register_function(_told(bench, _hint), "line", "hint")
    shell.magics_manager.register_function(_told(bench, _layers), "line", "layers")
    shell.magics_manager.register_function(_told(bench, _stages), "line_cell", "stages")


def unload_ipython_extension(shell: InteractiveShell) -> None:
    """Take the magics away again."""
    bench = shell.user_ns.pop(_BENCH, None)
    if isinstance(bench, Bench):
        atexit.unregister(bench.close)
        bench.close()
    for name in _MAGICS:
        for kind in ("line", "cell"):
            shell.magics_manager.magics[kind].pop(name, None)


def _told(bench: Bench, magic: Magic) -> Magic:
    """Say in one line what goes wrong; a notebook goes on with its next cell."""

    @wraps(magic)
    def say(asked: str, cell: str | None = None) -> None:
        try:
            magic(bench, _words(asked), cell)
        except KitError as error:
            print(f"workshop: {error}")  # noqa: T201 - how a cell says something
        except KeyboardInterrupt:
            print("workshop: interrupted.")  # noqa: T201 - how a cell says something

    return say


def _words(asked: str) -> list[str]:
    try:
        return shlex.split(asked)
    except ValueError as error:
        raise UsageError(f"`{asked}` cannot be read: {error}.") from error


def _submit(bench: Bench, asked: list[str], cell: str | None) -> None:
    """Grade the cell as the Dockerfile of an exercise, or keep it as another of its files for the next grading."""
    if len(asked) not in (1, 2):
        raise UsageError("Say `%%submit EXERCISE` above a Dockerfile, or `%%submit EXERCISE .dockerignore`.")
    exercise = bench.find(asked[0])
    name = asked[1] if asked[1:] else DOCKERFILE
    folder = bench.hand_in(exercise, name, cell or "")
    if name == DOCKERFILE:
        _grade(bench, exercise, folder)
    else:
        _show(
            {"text/plain": f"{name} is kept for {exercise.number:02}; the next `%%submit {asked[0]}` is built with it."}
        )


def _check(bench: Bench, asked: list[str], cell: str | None) -> None:
    """Grade the last cell again, or the learner's own folder of an exercise."""
    del cell
    if len(asked) > 1:
        raise UsageError("Say `%check` for the last cell again, `%check EXERCISE` for the files in your workspace.")
    if asked:
        exercise = bench.find(asked[0])
        _grade(bench, exercise, bench.own_folder(exercise))
    else:
        _grade(bench, *bench.again())


def _hint(bench: Bench, asked: list[str], cell: str | None) -> None:
    """Show the next hint of an exercise."""
    del cell
    if len(asked) != 1:
        raise UsageError("Say `%hint EXERCISE`; each time shows one more.")
    exercise, index = bench.next_hint(asked[0])
    text = f"Hint {index + 1} of {len(exercise.hints)}: {exercise.hints[index]}"
    _show({"text/plain": text, "text/markdown": text.replace("Hint", "**Hint", 1).replace(":", ":**", 1)})


def _layers(bench: Bench, asked: list[str], cell: str | None) -> None:
    """Show the layers of the image that was graded last."""
    del asked, cell
    _show(layers_bundle(bench.last()))


def _stages(bench: Bench, asked: list[str], cell: str | None) -> None:
    """Draw the stages of the cell, which is not built; of what was graded last without one."""
    del asked
    if cell is None:
        bench.last()
    _show(stages_bundle(bench.dockerfile if cell is None else cell))


def _grade(bench: Bench, exercise: Exercise, folder: Path) -> None:
    with Watching(f"{exercise.number:02} · {exercise.title}", _changing) as watching:
        verdict = bench.grade(exercise, folder, watching.on_event)
    for bundle in verdict_bundles(verdict):
        _show(bundle)


def _changing(text: str) -> Callable[[str], None]:
    """Show a text; return what puts another one in its place."""
    handle = DisplayHandle()  # type: ignore[no-untyped-call] # IPython's is not annotated
    handle.display({"text/plain": text}, raw=True)  # type: ignore[no-untyped-call] # the same

    def change(changed: str) -> None:
        handle.update({"text/plain": changed}, raw=True)  # type: ignore[no-untyped-call] # the same

    return change


def _show(bundle: MimeBundle) -> None:
    display(bundle, raw=True)  # type: ignore[no-untyped-call] # IPython's is not annotated
