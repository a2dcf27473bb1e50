"""The magics without an engine: what they say, what they keep, and that nothing is ever a traceback."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from IPython.core.interactiveshell import InteractiveShell
from IPython.utils.capture import capture_output
from traitlets.config import Config

from grader.authoring.scaffold import scaffold, write
from grader.exercise.catalogue import find_exercise
from grader.notebook.bench import Bench
from grader.notebook.magics import load_ipython_extension, unload_ipython_extension

MODEL = "FROM golang:1.26 AS b\nFROM alpine\nCOPY --from=b /a /b\n"


@pytest.fixture
def shell(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[InteractiveShell]:
    """A shell with the magics, in a folder of its own, and no engine to be found."""
    monkeypatch.setenv("IPYTHONDIR", str(tmp_path / "ipython"))
    monkeypatch.setenv("WORKSHOP_ENGINE", f"unix://{tmp_path}/nothing.sock")
    monkeypatch.setenv("DOCKER_HOST", f"unix://{tmp_path}/nothing.sock")
    shell = InteractiveShell.instance(config=Config({"HistoryManager": {"enabled": False}}))
    load_ipython_extension(shell)
    yield shell
    unload_ipython_extension(shell)
    InteractiveShell.clear_instance()


def say(shell: InteractiveShell, name: str, line: str = "", cell: str | None = None) -> str:
    """Run a magic; return all that it shows as text."""
    with capture_output() as captured:
        if cell is None:
            shell.run_line_magic(name, line)
        else:
            shell.run_cell_magic(name, line, cell)  # type: ignore[no-untyped-call] # IPython's is not annotated
    shown = [output.data["text/plain"] for output in captured.outputs]
    assert not captured.stderr
    return captured.stdout + "\n".join(shown)


@pytest.mark.parametrize(
    ("name", "line", "cell", "said"),
    [
        ("submit", "", "FROM scratch", "Say `%%submit EXERCISE`"),
        ("submit", "go-multistage", "FROM scratch", "did you mean `go-multi-stage`?"),
        (
            "submit",
            "02 main.go",
            "package main",
            "takes Dockerfile, .dockerignore, Dockerfile.",
        ),
        ("submit", '02 "', "FROM scratch", "cannot be read"),
        ("check", "", None, "Nothing was graded in this notebook yet"),
        ("check", "1 2", None, "Say `%check`"),
        ("layers", "", None, "Nothing was graded in this notebook yet"),
        ("stages", "", None, "Nothing was graded in this notebook yet"),
        ("hint", "", None, "Say `%hint EXERCISE`"),
        ("hint", "99", None, "There is no exercise `99`"),
    ],
)
def test_what_goes_wrong_is_one_line(
    shell: InteractiveShell, name: str, line: str, cell: str | None, said: str
) -> None:
    """It says what to do, and the notebook goes on."""
    text = say(shell, name, line, cell)
    assert text.startswith("workshop: ")
    assert said in text
    assert len(text.splitlines()) == 1


def test_without_an_engine_the_machine_is_at_fault(shell: InteractiveShell) -> None:
    """No points are lost, and the message says what to start."""
    text = say(shell, "submit", "02", MODEL)
    assert "The machine failed, not you" in text
    assert "nothing.sock" in text


def test_what_is_handed_in_stays_out_of_the_workspace(shell: InteractiveShell) -> None:
    """The learner's own Dockerfile is not touched, and the folder of the cell goes with the kernel."""
    own = find_exercise("02").directory / "Dockerfile"
    before = own.read_bytes()
    say(shell, "submit", "02", MODEL)
    bench = shell.user_ns["_workshop_bench"]
    assert isinstance(bench, Bench)
    folder = Path(bench.folder.name)
    assert (folder / "02-go-multi-stage" / "Dockerfile").read_text(encoding="utf-8") == MODEL
    assert own.read_bytes() == before
    unload_ipython_extension(shell)
    assert not folder.exists()


def test_another_file_is_kept_for_the_next_dockerfile(shell: InteractiveShell) -> None:
    """Whichever comes first, neither replaces the other; what was not handed in is the starter's."""
    assert "kept for 05" in say(shell, "submit", "05 .dockerignore", ".git\n")
    folder = Path(shell.user_ns["_workshop_bench"].folder.name) / "05-dockerignore"
    starter = find_exercise("05").solutions / "starter" / "Dockerfile"
    assert (folder / "Dockerfile").read_bytes() == starter.read_bytes()
    say(shell, "submit", "05", "FROM scratch\n")
    assert sorted(path.name for path in folder.iterdir()) == [".dockerignore", "Dockerfile"]
    assert (folder / ".dockerignore").read_text(encoding="utf-8") == ".git\n"
    assert (folder / "Dockerfile").read_text(encoding="utf-8") == "FROM scratch\n"


def test_hints_come_one_by_one_and_the_last_one_stays(shell: InteractiveShell) -> None:
    """From nudge to near-answer; running the cell again after all that there are hints is no error."""
    hints = find_exercise("02").hints
    said = [say(shell, "hint", "02") for _ in range(len(hints) + 1)]
    assert said[0] == f"Hint 1 of {len(hints)}: {hints[0]}"
    assert said[-1] == said[-2] == f"Hint {len(hints)} of {len(hints)}: {hints[-1]}"


def test_a_pack_of_the_environment_is_known(
    shell: InteractiveShell, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Notebooks have no command line, so that a pack is named by the environment or the workspace."""
    write(scaffold(find_exercise("02"), "again", 1, "Again"), tmp_path / "pack")
    assert "There is no exercise `again`" in say(shell, "hint", "again")
    monkeypatch.setenv("WORKSHOP_PACKS", str(tmp_path / "pack"))
    assert say(shell, "hint", "again").startswith("Hint 1 of ")
    assert "Several exercises have the number 01" in say(shell, "hint", "01")


def test_stages_of_a_cell_are_drawn_without_building(shell: InteractiveShell) -> None:
    """What nothing needs is said to be left out; a file without a stage has none."""
    text = say(shell, "stages", "", MODEL.replace("FROM alpine", "FROM b AS idle\nFROM alpine"))
    assert text.splitlines() == [
        "b: FROM golang:1.26",
        "idle: FROM b (nothing needs it: it is not built)",
        "stage 2: FROM alpine, COPY --from b",
    ]
    assert "needs a FROM" in say(shell, "stages", "", "RUN true\n")


def test_an_interruption_is_one_line_too(shell: InteractiveShell, monkeypatch: pytest.MonkeyPatch) -> None:
    """Ctrl-C, or the stop button, while a cell is graded."""

    def interrupt(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(Bench, "grade", interrupt)
    assert say(shell, "submit", "02", MODEL).splitlines()[0] == "workshop: interrupted."


def test_unloading_takes_the_magics_away(shell: InteractiveShell) -> None:
    """Nothing of it stays in the shell, and unloading twice is no error."""
    unload_ipython_extension(shell)
    unload_ipython_extension(shell)
    assert "submit" not in shell.magics_manager.magics["cell"]
    assert "_workshop_bench" not in shell.user_ns
