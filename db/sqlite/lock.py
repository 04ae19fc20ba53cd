"""The lock file beside the database: writers queue in the kernel (flock) instead of looking again and again."""

import fcntl
import os
from pathlib import Path
from threading import Event, Lock, Thread

from db.sqlite import private
from db.sqlite.filesystem import beside
from domain.errors import Unavailable
from domain.file_errors import translated
from domain.small_files import opened

LIMIT = 10.0  # seconds: a batch takes 3 ms; who holds the lock longer hangs or is stopped


def lock_path(path: Path) -> Path:
    """The file whose lock orders the writers of the database at `path`."""
    return beside(path, ".lock")


class WriteLock:
    """The lock of the database at `path`, for one connection, waited for `limit` seconds at most.

    Children do not inherit it; kill -9 gives it back.
    """

    def __init__(self, path: Path, limit: float = LIMIT) -> None:
        self._limit = limit
        self._database, self._path = path, lock_path(path)
        self._descriptor = self._open()

    def acquire(self) -> None:
        """Wait for the lock; raises Unavailable where it is not to be had within the limit."""
        try:
            fcntl.flock(self._descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            self._queue()

    def release(self) -> None:
        """Give the lock to the next in the queue."""
        fcntl.flock(self._descriptor, fcntl.LOCK_UN)

    def close(self) -> None:
        """Close the file, and with it the lock."""
        os.close(self._descriptor)

    def _open(self) -> int:
        with translated(self._path):
            private.create(self._path, self._database)
            return opened(self._path, os.O_RDWR)

    def _queue(self) -> None:
        """Stand in the kernel's queue, which knows no time limit, in a thread that can be left behind."""
        place = _Place(self._descriptor)
        if not place.wait(self._limit):
            self._descriptor = self._open()
            raise Unavailable(
                f"{self._path}: another process has held the database's write lock for {self._limit:g} s; look for one "
                f"that is stopped or swapped out (`fuser {self._path}`)"
            )


class _Place:
    """A place in the queue for the lock, held by a thread."""

    def __init__(self, descriptor: int) -> None:
        self._descriptor = descriptor
        self._granted = Event()
        self._mutex = Lock()
        self._abandoned = False
        Thread(target=self._stand, name="write lock", daemon=True).start()

    def wait(self, seconds: float) -> bool:
        """Whether our turn came in time. If not, the thread closes the descriptor once it does."""
        if self._granted.wait(seconds):
            return True
        with self._mutex:
            self._abandoned = not self._granted.is_set()
            return not self._abandoned

    def _stand(self) -> None:
        fcntl.flock(self._descriptor, fcntl.LOCK_EX)
        with self._mutex:
            if self._abandoned:
                os.close(self._descriptor)
            else:
                self._granted.set()
