"""Where a container's processes listen, read from a /proc that the tests write."""

from pathlib import Path

import pytest

from grader.engine.listening import Listener, listeners, user_ids

TITLES = "  sl  local_address rem_address   st tx_queue rx_queue\n"
CONTAINER = "c0ffee" * 10


def proc(tmp_path: Path, tcp: str, tcp6: str = "", cgroup: str = "0::/docker/abc123\n") -> Path:
    """Write a /proc with process 7 in it."""
    (tmp_path / "7" / "net").mkdir(parents=True)
    (tmp_path / "7" / "cgroup").write_text(cgroup)
    (tmp_path / "7" / "net" / "tcp").write_text(TITLES + tcp)
    (tmp_path / "7" / "net" / "tcp6").write_text(TITLES + tcp6)
    return tmp_path


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("0: 00000000:1F90 00000000:0000 0A 0:0 0\n", Listener(8080, is_loopback=False)),
        ("0: 0100007F:1F90 00000000:0000 0A 0:0 0\n", Listener(8080, is_loopback=True)),
        ("0: 7F00000A:1F90 00000000:0000 0A 0:0 0\n", Listener(8080, is_loopback=False)),
    ],
)
def test_ipv4_listeners_are_seen_with_their_address(tmp_path: Path, line: str, expected: Listener) -> None:
    """All addresses or loopback only: that is what the feedback turns on."""
    assert listeners(7, "abc123", proc(tmp_path, line)) == (expected,)


@pytest.mark.parametrize(
    ("address", "is_loopback"),
    [
        ("0" * 32, False),
        ("00000000000000000000000001000000", True),
        ("0000000000000000FFFF00000100007F", True),
        ("0000000000000000FFFF00000200000A", False),
    ],
)
def test_ipv6_listeners_are_seen_too(tmp_path: Path, address: str, is_loopback: bool) -> None:  # noqa: FBT001 - a parameter
    """Go listens on `::`, which takes IPv4 as well."""
    found = listeners(7, "abc123", proc(tmp_path, "", f"0: {address}:0BB8 {'0' * 32}:0000 0A 0:0\n"))
    assert found == (Listener(3000, is_loopback=is_loopback),)


def test_connections_are_not_listeners(tmp_path: Path) -> None:
    """State 01 is an established connection."""
    assert listeners(7, "abc123", proc(tmp_path, "0: 0100007F:1F90 0100007F:8000 01 0:0\n")) == ()


def test_another_process_of_that_number_is_not_believed(tmp_path: Path) -> None:
    """Docker Desktop's process numbers are those of its virtual machine."""
    line = "0: 00000000:1F90 00000000:0000 0A 0:0 0\n"
    assert listeners(7, "abc123", proc(tmp_path, line, cgroup="0::/user.slice\n")) is None


def test_the_users_of_a_container_s_processes_are_found_by_its_control_group(tmp_path: Path) -> None:
    """The effective ones; another process is not among them, nor one that has just ended."""
    for pid, group in (
        ("7", f"0::/docker/{CONTAINER}"),
        ("8", f"0::/docker/{CONTAINER}"),
        ("9", "0::/init"),
        ("10", f"0::/{CONTAINER}"),
    ):
        (tmp_path / pid).mkdir()
        (tmp_path / pid / "cgroup").write_text(group)
        if pid != "10":
            (tmp_path / pid / "status").write_text(f"Name:\tx\nUid:\t1\t{pid}\t3\t4\nGid:\t0\t0\t0\t0\n")
    assert sorted(user_ids(CONTAINER, tmp_path)) == ["7", "8"]
