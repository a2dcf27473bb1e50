"""`workshop site` as people run it: pages in a folder, one line that says where, and a server that ends politely."""

import signal
import subprocess
import urllib.error
import urllib.request
from pathlib import Path

import pytest

from tests.cli.running import ARGUMENTS, Workshop

_SECONDS = 60


def test_it_writes_pages_and_says_where_to_begin(workshop: Workshop, tmp_path: Path) -> None:
    """A second run over the first one is as good as the first."""
    for _ in range(2):
        ran = workshop("site", "--output", str(tmp_path / "out"))
        assert (ran.code, ran.err) == (0, "")
        assert ran.out.rstrip().endswith(str(tmp_path / "out" / "index.html"))
    assert (tmp_path / "out/exercises/02-go-multi-stage.html").is_file()


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("--serve", "70000"), "70000 is not in the range"),
        (("--serve", "here"), "is not a valid integer"),
        (("--output", "taken"), "contains other files"),
        (("--output", "file"), "is a file"),
        (("--output", "file/below"), "Cannot write the site to file/below"),
    ],
)
def test_what_cannot_be_done_is_one_clear_error(
    workshop: Workshop, tmp_path: Path, arguments: tuple[str, ...], said: str
) -> None:
    """Exit code 2, and nobody's files are touched."""
    (tmp_path / "taken").mkdir()
    (tmp_path / "taken" / "thesis.txt").write_text("mine", encoding="utf-8")
    (tmp_path / "file").write_text("mine", encoding="utf-8")
    ran = workshop("site", *arguments, cwd=tmp_path)
    assert ran.code == 2
    assert said in ran.err
    assert "Traceback" not in ran.err
    assert [path.name for path in (tmp_path / "taken").iterdir()] == ["thesis.txt"]


def test_it_serves_until_it_is_asked_to_end(tmp_path: Path) -> None:
    """Only what is in the folder is answered; Ctrl-C ends it with exit code 0."""
    (tmp_path / "secret.txt").write_text("mine", encoding="utf-8")
    command = [*ARGUMENTS, "site", "--output", str(tmp_path / "out"), "--serve", "0"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as server:
        assert server.stdout
        try:
            server.stdout.readline()
            address = server.stdout.readline().split()[2]
            assert address.startswith("http://127.0.0.1:")
            with urllib.request.urlopen(address, timeout=_SECONDS) as answer:  # noqa: S310 - our own server
                assert b"Build big, ship small." in answer.read()
                assert answer.headers["X-Content-Type-Options"] == "nosniff"
            for path in ("secret.txt", "../secret.txt", "%2e%2e/secret.txt"):
                with pytest.raises(urllib.error.HTTPError) as refused:
                    urllib.request.urlopen(address + path, timeout=_SECONDS)  # noqa: S310 - the same
                refused.value.close()
                assert refused.value.code == 404
        finally:
            server.send_signal(signal.SIGINT)
        out, err = server.communicate(timeout=_SECONDS)
    assert (server.returncode, out, err) == (0, "Stopped.\n", "")
