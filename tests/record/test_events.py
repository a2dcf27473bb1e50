"""The record that survives a crash: what was written is read, what was half written waits."""

from pathlib import Path

from grader.record.events import Event, Reader, Recorder
from grader.verdict import EngineSummary


def test_what_is_written_is_read_once(tmp_path: Path) -> None:
    """A second look gives only what is new; dataclasses come back as their fields."""
    recorder, reader = Recorder(tmp_path / "record"), Reader(tmp_path / "record")
    recorder.write("engine", engine=EngineSummary("docker", "26", "buildkit"))
    assert list(reader.new_events()) == [
        Event("engine", {"engine": {"name": "docker", "version": "26", "builder": "buildkit"}})
    ]
    assert list(reader.new_events()) == []
    recorder.write("end")
    assert [event.kind for event in reader.new_events()] == ["end"]
    recorder.close()


def test_a_line_that_is_not_complete_is_left_for_the_next_look(tmp_path: Path) -> None:
    """The other process may be in the middle of it, or have died there."""
    path = tmp_path / "record"
    reader = Reader(path)
    path.write_text('{"event": "end"}\n{"event": "res')
    assert [event.kind for event in reader.new_events()] == ["end"]
    with path.open("a") as file:
        file.write('ult", "result": 1}\n')
    assert [event.kind for event in reader.new_events()] == ["result"]


def test_a_record_that_is_not_there_yet_is_empty(tmp_path: Path) -> None:
    """The grading process takes a moment to start."""
    assert list(Reader(tmp_path / "none").new_events()) == []
