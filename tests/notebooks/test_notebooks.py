"""The notebooks do what they show: each cell is run on the engine and gives the output that the file keeps.

After a change that is meant, `jupyter execute --inplace notebooks/*.ipynb` renews what they keep.
"""

import json
from pathlib import Path

import pytest

from grader.engine.connection import connect
from grader.errors import KitError
from grader.exercise.catalogue import content_root
from tests.notebooks.running import run_notebook

pytestmark = pytest.mark.engine

NOTEBOOKS = sorted((content_root() / "notebooks").glob("*.ipynb"))


@pytest.fixture(scope="module", autouse=True)
def engine() -> None:
    """An engine answers; without one, every cell would only say that there is none."""
    try:
        connect().close()
    except KitError as error:
        pytest.fail(str(error), pytrace=False)


def test_there_is_a_notebook_for_each_chapter_to_run() -> None:
    """The test below has something to run."""
    assert len(NOTEBOOKS) >= 4


@pytest.mark.parametrize("notebook", [pytest.param(path, id=path.stem) for path in NOTEBOOKS])
def test_a_notebook_gives_the_outputs_that_it_keeps(notebook: Path, tmp_path: Path) -> None:
    """Every cell runs, and says what a reader of the file on a code host sees."""
    ran = run_notebook(notebook, tmp_path)
    if not ran.matched:
        pytest.fail(
            f"{notebook.name} says something else than it keeps. Renew it with `jupyter execute --inplace` if that is "
            f"meant.\n{ran.said}",
            pytrace=False,
        )


@pytest.mark.parametrize("notebook", [pytest.param(path, id=path.stem) for path in NOTEBOOKS])
def test_a_notebook_keeps_the_output_of_every_cell_and_no_error(notebook: Path) -> None:
    """Who reads it without running it sees what comes out; nothing of the machine that ran it is in it."""
    text = notebook.read_text(encoding="utf-8")
    cells = [cell for cell in json.loads(text)["cells"] if cell["cell_type"] == "code"]
    assert all(cell["execution_count"] for cell in cells)
    assert all(cell["outputs"] for cell in cells[1:])
    assert "workshop: " not in json.dumps([cell["outputs"] for cell in cells])
    assert str(content_root()) not in text


def test_an_output_that_is_another_one_is_found(tmp_path: Path) -> None:
    """The comparison can fail: a notebook that keeps what no cell says does not pass."""
    source = NOTEBOOKS[0].read_text(encoding="utf-8")
    notebook = json.loads(source)
    kept = [
        cell for cell in notebook["cells"] if "".join(cell["source"]).startswith(("%load_ext", "%hint", "%%stages"))
    ]
    notebook["cells"] = kept
    (tmp_path / "right.ipynb").write_text(json.dumps(notebook), encoding="utf-8")
    (tmp_path / "wrong.ipynb").write_text(json.dumps(notebook).replace("Hint 1 of", "Hint 2 of"), encoding="utf-8")
    assert run_notebook(tmp_path / "right.ipynb", tmp_path).matched
    wrong = run_notebook(tmp_path / "wrong.ipynb", tmp_path)
    assert not wrong.matched
    assert "Hint 2 of" in wrong.said
