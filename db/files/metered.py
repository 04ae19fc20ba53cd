"""Bytes as they come out of a file, counted: a small one that unpacks into gigabytes ends after some megabytes."""

import io
import lzma
import struct
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Protocol

import pyarrow as pa

from domain.errors import Rejected

LIMIT = 1 << 29  # bytes of one file, unpacked: more is a mistake or an attack
FREE = 1 << 24  # bytes that may come out of anything
RATIO = 200  # bytes out for each byte in, beyond: candles as text pack to a tenth, repeated ones to a fiftieth
PIECE = 4096  # bytes in that are unpacked at once by what cannot be told when to stop (bz2, lzma)
DAMAGED = (
    OSError, EOFError, zlib.error, lzma.LZMAError, zipfile.BadZipFile, NotImplementedError, RuntimeError, struct.error,
    ValueError, LookupError, TypeError, OverflowError, MemoryError, pa.ArrowException,
)  # fmt: skip


@contextmanager
def readable(name: str, what: str = "a file") -> Iterator[None]:
    """Whatever damaged bytes make a library raise in the block becomes Rejected: one sentence with the file's name."""
    try:
        yield
    except DAMAGED as error:
        raise Rejected(f"{name}: no {what} that can be read: {' '.join(str(error).split())[:200]}") from error


class Readable(Protocol):
    """What bytes are read from."""

    def read(self, size: int, /) -> bytes:
        """At most so many of the next bytes, none at the end."""


class Metered(io.RawIOBase):
    """What comes out of `inner`, made of `packed` bytes. Reading raises Rejected where that is too much or damaged."""

    def __init__(self, name: str, what: str, inner: Readable, packed: int, piece: int = FREE) -> None:
        super().__init__()
        self._name, self._what, self._inner, self._piece = name, what, inner, piece
        self._most = min(LIMIT, max(FREE, RATIO * packed))
        self._out = 0

    def readable(self) -> bool:
        """It is."""
        return True

    def readinto(self, buffer: "memoryview | bytearray") -> int:  # type: ignore[override]
        """The next bytes."""
        with readable(self._name, self._what):
            data = self._inner.read(min(len(buffer), self._piece))
        self._out += len(data)
        if self._out > self._most:
            much = "much more than it can hold" if self._most < LIMIT else f"more than {LIMIT >> 20} MB"
            raise Rejected(f"{self._name}: unpacks into {much}: it is not read")
        buffer[: len(data)] = data
        return len(data)
