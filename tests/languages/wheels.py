"""A wheel, made in a test: no package index is needed."""

import zipfile
from pathlib import Path


def write_wheel(path: Path, module: str, entry_points: str = "") -> None:
    """Write the wheel of `wren` 1.0 with that module. Times are fixed, so that its bytes are always the same."""
    info = "wren-1.0.dist-info"
    content = {
        "wren.py": module,
        f"{info}/METADATA": "Metadata-Version: 2.1\nName: wren\nVersion: 1.0\n",
        f"{info}/WHEEL": "Wheel-Version: 1.0\nGenerator: test\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
    }
    if entry_points:
        content[f"{info}/entry_points.txt"] = entry_points
    record = "".join(f"{name},,\n" for name in (*content, f"{info}/RECORD"))
    with zipfile.ZipFile(path, "w") as wheel:
        for name, text in {**content, f"{info}/RECORD": record}.items():
            wheel.writestr(zipfile.ZipInfo(name), text)
