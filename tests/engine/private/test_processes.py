"""Which processes are taken for the private engine's daemon, and when it is taken for ended."""

import subprocess

from grader.engine.private import processes
from grader.engine.private.places import places


def test_a_process_that_has_no_command_line_yet_has_not_ended() -> None:
    """So it is for a moment while the kernel loads a program; one that has ended is a zombie until it is waited for."""
    with subprocess.Popen([""], executable="/bin/cat", stdin=subprocess.PIPE) as loading:
        assert not processes.has_ended(places(), loading.pid)
        assert loading.stdin is not None
        loading.stdin.close()
        assert processes.wait_until(lambda: processes.has_ended(places(), loading.pid), 10.0)
    assert processes.has_ended(places(), loading.pid)


def test_a_number_that_is_another_processs_now_is_no_daemon() -> None:
    """Numbers are used again."""
    with subprocess.Popen(["cat"], stdin=subprocess.PIPE) as other:
        assert processes.wait_until(lambda: processes.has_ended(places(), other.pid), 10.0)
        assert other.stdin is not None
        other.stdin.close()
