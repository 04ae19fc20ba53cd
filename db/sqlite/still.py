"""A database that lies where nothing can be written: on a backup medium, a volume mounted read-only, in a folder of
others.

SQLite reads a WAL database with the help of its ``-wal`` and ``-shm``, and makes them where they are missing. Where it
may not, a file with nothing in its ``-wal`` is whole by itself and read as it stands (`immutable`): without locks, so
whether somebody has written it meanwhile is looked up afterwards (sqlite.org/wal.html, "Read-Only Databases").
"""

from pathlib import Path
from typing import NamedTuple, Self

from db.sqlite.filesystem import beside
from domain.errors import FleetError, Forbidden, Unavailable

IMMUTABLE = "ro&immutable=1"  # the mode of `open_file`
Seen = tuple[int, int, int]  # inode, bytes, when it was changed


class Still(NamedTuple):
    """A database that is read as it stands, and as what it was seen before."""

    path: Path
    seen: Seen

    @classmethod
    def of(cls, path: Path, refused: Forbidden) -> Self:
        """One that SQLite has `refused` to read otherwise. Raises Forbidden where it is not whole by itself."""
        wal, shm = beside(path, "-wal"), beside(path, "-shm")
        if wal.exists() and wal.stat().st_size and not shm.exists():
            raise Forbidden(
                f"{path}: what was written last lies in {wal.name} still. To read that, {shm.name} must be there or be "
                f"made, which this folder does not allow: copy {path.name} and {wal.name} into a folder of yours and "
                "name the copy with --database"
            ) from refused
        if wal.exists() and shm.exists():
            raise Forbidden(f"{refused}; {wal.name} and {shm.name} must be readable too") from refused
        return cls(path, _look(path))

    def refuse_changed(self, cause: BaseException | None = None) -> None:
        """Raise Unavailable where somebody has written the file since: what was read may be of two moments."""
        if (cause is None or isinstance(cause, FleetError)) and _look(self.path) != self.seen:
            raise Unavailable(f"{self.path} was written while it was read: ask again") from cause


def _look(path: Path) -> Seen:
    """What a file looks like from outside."""
    facts = path.stat()
    return facts.st_ino, facts.st_size, facts.st_mtime_ns
