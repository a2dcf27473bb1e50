"""Reads the header facts of an ELF file while its bytes pass: for which machine it is, and which loader it needs.

Source of the format: the System V ABI, "Object Files" and "Program Loading". It does not read sections and
symbols; `search.py` finds texts.
"""

import struct
from collections.abc import Callable
from dataclasses import replace

from grader.image.model import ElfFacts

MAGIC = b"\x7fELF"
HEADER = 64
HEAD = 1 << 16
"""Bytes kept from the beginning: linkers put all these facts there; programs that patch files may not."""
_TABLE_CAP = 1 << 16
_INTERPRETER_CAP = 4096
_PT_INTERP = 3
_CLASS_64 = 2
_BIG_ENDIAN = 2
_HEADER_64, _HEADER_32 = 56, 32
"""Bytes of a program header."""
_MACHINES = {
    2: "sparc", 3: "i386", 8: "mips", 20: "ppc", 21: "ppc64", 22: "s390x", 40: "arm", 43: "sparcv9", 62: "x86-64",
    183: "aarch64", 243: "riscv", 258: "loongarch",
}  # fmt: skip


class ElfProbe:
    """Collects the ranges that contain the facts. Feed it the complete file in order, then read `facts`.

    `facts` is None for a file that is not valid ELF. A loader's name is not found if its bytes have already passed.
    """

    __slots__ = ("_class_64", "_gathered", "_head", "_order", "_position", "_then", "_wanted", "facts")

    def __init__(self) -> None:
        self.facts: ElfFacts | None = None
        self._head = b""
        self._gathered = b""
        self._position = 0
        self._wanted = (0, HEADER)
        self._then: Callable[[bytes], None] | None = self._on_header
        self._class_64 = True
        self._order = "<"

    def feed(self, piece: bytes) -> None:
        """Read the next piece of the file."""
        if self._then is None:
            return
        if len(self._head) < HEAD:
            self._head += piece[: HEAD - len(self._head)]
        while self._then is not None and (data := self._look(piece)) is not None:
            then, self._then, self._gathered = self._then, None, b""
            then(data)
        self._position += len(piece)

    def _want(self, start: int, length: int, then: Callable[[bytes], None]) -> None:
        self._wanted = (start, length)
        self._then = then

    def _look(self, piece: bytes) -> bytes | None:
        """Return the wanted bytes after they have passed; too few of them if they are no longer available."""
        start, length = self._wanted
        if start + length <= len(self._head):
            return self._head[start : start + length]
        at = start + len(self._gathered) - self._position
        if at < 0:
            return b""
        self._gathered += piece[at : at + length - len(self._gathered)]
        return self._gathered if len(self._gathered) == length else None

    def _on_header(self, data: bytes) -> None:
        self._class_64 = data[4] == _CLASS_64
        self._order = ">" if data[5] == _BIG_ENDIAN else "<"
        machine = struct.unpack_from(f"{self._order}H", data, 18)[0]
        name = _MACHINES.get(machine, f"machine {machine}")
        self.facts = ElfFacts(f"{name}-le" if name == "ppc64" and self._order == "<" else name, None)
        offset, at = ("Q", 32) if self._class_64 else ("I", 28)
        start = struct.unpack_from(self._order + offset, data, at)[0]
        size, count = struct.unpack_from(f"{self._order}HH", data, 54 if self._class_64 else 42)
        if count and size >= (_HEADER_64 if self._class_64 else _HEADER_32) and size * count <= _TABLE_CAP:
            self._want(start, size * count, lambda table: self._on_table(table, size))

    def _on_table(self, table: bytes, size: int) -> None:
        for at in range(0, len(table), size):
            if struct.unpack_from(f"{self._order}I", table, at)[0] == _PT_INTERP:
                start, length = self._place(table, at)
                if 0 < length <= _INTERPRETER_CAP:
                    self._want(start, length, self._on_interpreter)
                return

    def _place(self, table: bytes, at: int) -> tuple[int, int]:
        """Return where the segment is in the file: p_offset and p_filesz."""
        if self._class_64:
            start, _, _, length = struct.unpack_from(f"{self._order}QQQQ", table, at + 8)
        else:
            start, _, _, length = struct.unpack_from(f"{self._order}IIII", table, at + 4)
        return start, length

    def _on_interpreter(self, data: bytes) -> None:
        name = data.partition(b"\0")[0].decode("utf-8", "replace")
        if self.facts and name:
            self.facts = replace(self.facts, interpreter=name)
