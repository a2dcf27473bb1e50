"""A cell that is being graded in a real kernel: it tells what it does, and the stop button ends it cleanly."""

import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from queue import Empty
from typing import Any

import pytest
from jupyter_client.blocking.client import BlockingKernelClient
from jupyter_client.manager import KernelManager

from grader.engine.connection import connect

pytestmark = pytest.mark.engine

_SECONDS = 120
_CELL = """%%submit go-multi-stage
FROM golang:1.26
RUN sleep 600 && echo {nonce}
"""


@pytest.fixture
def kernel(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[tuple[KernelManager, BlockingKernelClient]]:
    """A kernel with the magics loaded."""
    monkeypatch.setenv("IPYTHONDIR", str(tmp_path / "ipython"))
    manager = KernelManager()
    manager.start_kernel()
    client = manager.blocking_client()
    client.start_channels()
    try:
        client.wait_for_ready(timeout=_SECONDS)
        client.execute_interactive("%load_ext grader.notebook", timeout=_SECONDS)
        yield manager, client
    finally:
        manager.interrupt_kernel()  # a test that fails leaves no build behind, either
        manager.shutdown_kernel()
        client.stop_channels()


def told(client: BlockingKernelClient, word: str) -> list[str]:
    """Read what the kernel shows until something contains `word`; return all of it."""
    texts: list[str] = []
    end = time.monotonic() + _SECONDS
    while time.monotonic() < end:
        try:
            content: dict[str, Any] = client.get_iopub_msg(timeout=1)["content"]
        except Empty:
            continue
        texts.append(content.get("text") or content.get("data", {}).get("text/plain", ""))
        if word in texts[-1]:
            return texts
    pytest.fail(f"nothing said `{word}` in {_SECONDS} s, but {texts}")


def test_an_interrupted_cell_says_so_in_one_line_and_leaves_nothing(
    kernel: tuple[KernelManager, BlockingKernelClient], tmp_path: Path
) -> None:
    """What is being built is shown; after the stop button the kernel goes on, and the engine has what it had."""
    manager, client = kernel
    with closing(connect()) as engine:
        before = set(engine.image_references())
        client.execute(_CELL.format(nonce=tmp_path.name))
        told(client, "RUN sleep 600")
        manager.interrupt_kernel()
        told(client, "workshop: interrupted.")
        assert {name for name in set(engine.image_references()) - before if "workshop" in name} == set()
    client.execute("print(6 * 7)")
    told(client, "42")
