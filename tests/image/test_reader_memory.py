"""Reading takes little memory, whatever the image's size: measured in a process of its own."""

import subprocess
import sys

import pytest

CAP = 64_000_000
LAUNCH = "import subprocess, sys; sys.exit(subprocess.run([sys.executable, '-c', *sys.argv[1:]]).returncode)"
"""A process counts the memory of what started it as its own, so pytest does not start it itself."""
READ = """
import resource, sys, tarfile
import grader.engine.connection
from grader.image.reader import read_image

files, size = map(int, sys.argv[1:])


def member(name, size):
    header = tarfile.TarInfo(name)
    header.size = size
    return header.tobuf()


def padding(size):
    return bytes(-size % 512)


ZEROS = bytes(1 << 20)


def layer():
    for number in range(files):
        yield member(f"usr/lib/python3/dist-packages/folder-{number // 50}/a-usual-name-{number}.py", size)
        for at in range(0, size, len(ZEROS)):
            yield ZEROS[: size - at]
        yield padding(size)
    yield bytes(1024)


def chunks():
    config = b'{"rootfs": {"diff_ids": ["sha256:1"]}, "history": [{}]}'
    manifest = b'[{"Config": "c.json", "Layers": ["l/layer.tar"]}]'
    yield member("l/layer.tar", files * (512 + size + -size % 512) + 1024)
    yield from layer()
    for name, text in (("c.json", config), ("manifest.json", manifest)):
        yield member(name, len(text)) + text + padding(len(text))
    yield bytes(1024)


image = read_image(chunks(), (b"wk5hp0123456789", b"wk5hpabcdefghij"))
assert len(image.layers[0].entries) == files, len(image.layers[0].entries)
assert image.size == files * size, image.size
peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
print(peak if sys.platform == "darwin" else peak * 1024)
"""


@pytest.mark.parametrize(("files", "size"), [(2, 500_000_000), (100_000, 100)], ids=["1 GB", "100,000 files"])
def test_peak_memory_is_bounded(files: int, size: int) -> None:
    """The engine's client is part of the process, as it is when an image is graded."""
    command = [sys.executable, "-c", LAUNCH, READ, str(files), str(size)]
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=300)
    assert not done.returncode, done.stderr
    assert int(done.stdout) < CAP
