"""The log file of a supervised process, which puts it aside by itself while it runs.

Its stdout and stderr are the file, so whatever Python or a library says in its last moment is in it, and the death of
the supervisor takes nothing away.
"""

import io
import os
import sys
from pathlib import Path
from threading import Lock

from db.sqlite import private
from domain.errors import FleetError
from domain.file_errors import translated
from domain.small_files import opened

STREAMS = (1, 2)  # stdout, stderr


class LogFile:
    """A file of which at most `keep` bytes stay: half of them in the file, half in the one before it (NAME.log.1)."""

    def __init__(self, path: Path, keep: int) -> None:
        self._path, self._limit, self._lock = path, keep // 2, Lock()

    def open(self) -> int:
        """A descriptor that appends to it; nobody else reads a new one. Raises what `translated` does."""
        with translated():
            private.folder(self._path.parent)
            private.create(self._path)
        with translated(self._path):
            return opened(self._path, os.O_WRONLY | os.O_APPEND)

    def adopt(self) -> None:
        """Let stdout and stderr of this process be the file from now on."""
        descriptor = self.open()
        for stream in STREAMS:
            os.dup2(descriptor, stream)
        os.close(descriptor)

    def turn(self) -> None:
        """Put the file aside if it has grown to its limit; lines that are being written land in one of the two."""
        with self._lock:
            if os.fstat(STREAMS[-1]).st_size < self._limit:
                return
            try:
                sys.stdout.flush()
                self._path.replace(self._path.with_suffix(".log.1"))
                self.adopt()
            except (OSError, FleetError):  # it grows on: a log that cannot be turned stops nobody
                return


_own: list[LogFile] = []


def own(file: LogFile) -> None:
    """Write into this file from now on, and turn it when it is time. What is printed is there with its line's end: a
    process that is killed leaves nothing unwritten, and lines stand in the order in which they were said.
    """
    file.adopt()
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(line_buffering=True)
    file.turn()
    _own[:] = [file]


def turn() -> None:
    """Turn the file of this process, if it has one and it is time."""
    for file in _own:
        file.turn()
