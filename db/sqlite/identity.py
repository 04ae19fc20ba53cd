"""Which database lies at a path: whether it is still the one that was opened, and whether it is ours.

The fleet's id stands in the database and in the file ``trading.db.fleet_id`` beside it. A database that was put in its
place, or a ``-wal`` that another one left behind, shows against it before anything is played or written.
"""

import os
import re
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import NamedTuple

from db.sqlite import filesystem, library, private
from db.sqlite.dialect import statements
from db.sqlite.filesystem import beside
from db.sqlite.lock import lock_path
from domain.errors import ConfigError, DatabaseLost
from domain.small_files import Unfit, text_of, why

FLEET_ID = ".fleet_id"
ID = re.compile(r"[0-9a-zA-Z_-]{1,64}")
WAL, SHM = "-wal", "-shm"
COPIED = "copied_ms"  # the fact that says of a file that it is a copy which no fleet has used yet
COUNSEL = (
    "this process writes nothing more. Stop the fleet, put the file back (`fleet restore FILE` puts a backup back), "
    "then start it again"
)
Identity = tuple[int, int]  # device and inode


class OpenedFiles:
    """The files of an open database as they were when it was opened. They are looked at by name only: to open one
    beside SQLite would drop the locks of this process.
    """

    def __init__(self, path: Path) -> None:
        """Look at the database, before it is opened: what was put in its place meanwhile shows at the next look."""
        self._path = path
        self._known = {self._path: _identity(self._path)}
        self._size = 0

    def watch(self, *company: Path) -> None:
        """Look at its company too, once it is open; a file that does not exist is not watched."""
        found = {file: _identity(file) for file in company}
        self._known |= {file: known for file, known in found.items() if known is not None}

    def refuse_lost(self, expected: Callable[[], int]) -> None:
        """Raise DatabaseLost where a file was deleted, replaced or cut short. Takes a microsecond for each.

        `expected` tells how many bytes the database has by SQLite's own account. It is asked only where the file has
        become shorter, as a VACUUM may have made it.
        """
        size = 0
        for file, known in self._known.items():
            facts = _look(file)
            if facts is None or (facts.st_dev, facts.st_ino) != known:
                what = "was deleted" if facts is None else "is another file now, it was replaced"
                raise DatabaseLost(f"{file} {what} while it was in use: {COUNSEL}")
            size = facts.st_size if file == self._path else size
        if size < self._size and size < expected():
            raise DatabaseLost(f"{self._path} was cut short to {size} bytes while it was in use: {COUNSEL}")
        self._size = size


def _look(file: Path) -> os.stat_result | None:
    """What has this name now, None where nothing has."""
    try:
        return file.stat()
    except FileNotFoundError:
        return None


def _identity(file: Path) -> Identity | None:
    """Which file has this name now."""
    facts = _look(file)
    return None if facts is None else (facts.st_dev, facts.st_ino)


class Stored(NamedTuple):
    """What the file itself says, without what its ``-wal`` would add. `copied_ms` is set in a backup only."""

    fleet_id: str | None = None
    copied_ms: int | None = None


def stored(path: Path) -> Stored:
    """Whose the file is; nothing is known of a file that does not exist, or whose facts lie in the ``-wal`` still."""
    try:
        connection = library.Connection(f"{path.resolve().as_uri()}?mode=ro&immutable=1")
    except library.ERRORS:
        return Stored()
    try:
        facts = dict(connection.rows(statements()["meta_all"]))
    except library.ERRORS:  # no fleet's file, or a checkpoint is writing it just now
        return Stored()
    finally:
        connection.close()
    copied = facts.get(COPIED)
    return Stored(facts.get("fleet_id"), None if copied is None else _milliseconds(copied))


def _milliseconds(text: str) -> int:
    """A moment as `meta` keeps it, 0 for what is none: that it stands there counts."""
    return int(text) if re.fullmatch(r"[0-9]{1,15}", text) else 0


def refuse_no_database(path: Path) -> None:
    """Raise ConfigError for what cannot be a fleet's database, before a file is made beside it. Where a fleet has been
    (its lock shows) the file is damaged, or its tables lie in the ``-wal``: whoever opens it will see.
    """
    filesystem.refuse_taken(path)
    filesystem.refuse_no_file(path)
    if not path.exists() or lock_path(path).exists():
        return
    try:
        with closing(library.Connection(f"{path.resolve().as_uri()}?mode=ro&immutable=1")) as connection:
            tables = {row[0] for row in connection.rows("select name from sqlite_master")}
    except library.ERRORS as error:
        raise ConfigError(
            f"{path} is no database that can be read ({error}): name another file with --database"
        ) from error
    if tables and "meta" not in tables:
        raise ConfigError(f"{path} is a database, but not a fleet's: name another file with --database")


def noted(path: Path) -> str | None:
    """Whose database belongs here, by the file beside it; None where nobody has said so yet."""
    try:
        found = text_of(beside(path, FLEET_ID), links=False).strip()
    except FileNotFoundError:
        return None
    except (OSError, Unfit) as error:
        found, wrong = "", why(error)
    else:
        wrong = "holds no id of a fleet"
    if not ID.fullmatch(found):
        raise ConfigError(
            f"{beside(path, FLEET_ID)} {wrong}. It says whose database belongs here: if the right one lies there, "
            "remove that file, the next start makes it anew"
        )
    return found


def note(path: Path, fleet_id: str) -> None:
    """Write down whose database belongs here, whole or not at all."""
    file = beside(path, FLEET_ID)
    if noted(path) == fleet_id:
        return
    private.put(file, f"{fleet_id}\n", path)


def refuse_gone(path: Path) -> None:
    """Raise ConfigError where the database that belongs here is gone or was emptied: to make a new one in its place
    would forget every position. SQLite would also delete the ``-wal`` of an empty file.
    """
    known = noted(path)
    if known is not None and not (path.is_file() and path.stat().st_size):
        gone = "is empty" if path.is_file() else "is gone"
        raise ConfigError(
            f"{path} {gone}, but the fleet {known} lived here: put a backup back with `fleet restore FILE`, or remove "
            f"{beside(path, FLEET_ID)} to begin anew"
        )


def refuse_other(path: Path, found: str | None, accepted: str | None = None) -> None:
    """Raise ConfigError where the database of another fleet lies here. `found` is its id, None while it has none;
    `accepted` is the id that a person has named.
    """
    if accepted is not None and found is not None and accepted != found:
        raise ConfigError(f"--accept {accepted}: {path} is the database of the fleet {found}")
    known = noted(path)
    if known is not None and found is not None and found not in {known, accepted}:
        raise ConfigError(
            f"{path} is the database of the fleet {found}, but the fleet {known} lived here "
            f"({beside(path, FLEET_ID)}): name another file with --database, or `fleet up --accept {found}` if it is "
            "meant to take its place"
        )


def refuse_foreign_wal(path: Path) -> None:
    """Raise ConfigError where another database has left its ``-wal`` here: SQLite would play it over this one."""
    left, why = _left_behind(path)
    if left is not None:
        raise ConfigError(
            f"{left} was left by another database ({why}); it would be played over {path}. Put backups back with "
            f"`fleet restore FILE`; here `fleet up --accept {stored(path).fleet_id}` keeps {left.name} under another "
            f"name and goes on without it"
        )


def _left_behind(path: Path) -> tuple[Path | None, str]:
    """The ``-wal`` that cannot be this file's, and how that shows: a copy that nobody has used has none."""
    wal = beside(path, WAL)
    if not (wal.is_file() and wal.stat().st_size):
        return None, ""
    found, known = stored(path), noted(path)
    if found.copied_ms is not None:
        return wal, f"{path.name} is a backup that was copied here"
    if None not in (found.fleet_id, known) and found.fleet_id != known:
        return wal, f"{path.name} is of the fleet {found.fleet_id}, here lived {known}"
    return None, ""


def has_foreign_wal(path: Path) -> bool:
    """Whether another database has left its ``-wal`` here."""
    return _left_behind(path)[0] is not None


def set_aside_foreign_wal(path: Path) -> Path | None:
    """Give the ``-wal`` that another database has left a name under which nobody plays it: where it is now, None
    where there is none. The ``-shm`` is an index of it that is made anew whenever it is missing, and goes.
    """
    left, _ = _left_behind(path)
    if left is None:
        return None
    kept = free_name(left.with_name(f"{left.name}.left"))
    left.rename(kept)
    beside(path, SHM).unlink(missing_ok=True)
    return kept


def free_name(wanted: Path) -> Path:
    """The name itself where nothing has it, else the first free one of ``NAME-2``, ``NAME-3``…"""
    number, found = 1, wanted
    while os.path.lexists(found):
        number += 1
        found = wanted.with_name(f"{wanted.name}-{number}")
    return found
