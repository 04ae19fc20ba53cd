"""Putting a backup back: nothing of it is believed, what it replaces is kept, at every moment there is a whole file.

SQLite plays a ``-wal`` or ``-journal`` over whatever file it lies beside, so none of the old ones stays.
"""

import fcntl
import os
import shutil
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path
from stat import S_ISREG
from typing import NamedTuple

from db.sqlite import backup, engine, facts, filesystem, identity, library, private
from db.sqlite.connection import fact, open_file, stored_version
from db.sqlite.lock import WriteLock
from db.sqlite.migrate import adopt, renew_views
from db.sqlite.schema import refuse_other_schema
from domain.errors import ConfigError, DatabaseLost, Unavailable
from domain.file_errors import translated

SIDES = (identity.WAL, "-journal")  # what SQLite would play over the file beside it
SHARED = (0x40000002, 510)  # where every connection locks the file (sqlite.org/src, os.h: SHARED_FIRST, SHARED_SIZE)


class Restored(NamedTuple):
    """What was done: whose database lies there now, its schema's version, and the names of what was there before."""

    fleet_id: str
    version: int
    kept: tuple[Path, ...]


class Expected(NamedTuple):
    """What a backup has to be: real or simulated, None where nobody knows; `accept`: the fleet that a person named."""

    environment: str | None
    accept: str | None = None


@translated()
def restore(file: Path, path: Path, expected: Expected, stamp: str, *, any_filesystem: bool = False) -> Restored:
    """Put the backup `file` in the place of the database at `path`. What is there is kept as ``PATH.replaced-STAMP``.

    Raises ConfigError where `file` is no backup of this fleet, Unavailable while anybody uses the database, and what
    `connect` raises for a file system that is unfit. Nothing has changed then.
    """
    path = path.resolve()
    filesystem.refuse_taken(path)
    filesystem.refuse_no_file(path)
    private.folder(path.parent)
    filesystem.refuse_unfit(path.parent, any_filesystem=any_filesystem)
    _refuse_file(file, path)
    _refuse_somebody_elses(path)
    with alone(path):
        pass  # sooner than after the copying of a large file
    with backup.new_file(path.parent, path.name, path) as draft:
        _take(file, draft)
        version = _examined(draft, file)
        fleet_id = _belonging(draft, file, path, expected)
        _prepare(draft, version)
        with closing(WriteLock(path)) as lock:
            lock.acquire()
            _fold(path)
            with alone(path):
                kept = _swapped(path, draft, stamp)
    identity.note(path, fleet_id)
    return Restored(fleet_id, version, tuple(kept))


@contextmanager
def alone(path: Path) -> Iterator[None]:
    """Nobody has the file open, and nobody can open it in this block. Raises Unavailable where somebody has.

    Every connection of SQLite to a file in WAL mode holds a lock on these bytes for as long as it lives, whatever
    process, container or user it belongs to. Not to be called with a connection of this process's own.
    """
    if not path.exists():
        yield
        return
    descriptor = os.open(path, os.O_RDWR | os.O_CLOEXEC)
    try:
        fcntl.lockf(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB, SHARED[1], SHARED[0])
        yield
    except BlockingIOError as error:
        raise Unavailable(
            f"{path} is in use: stop the fleet first (Ctrl-C at `fleet up`, `docker compose stop backfiller trader`); "
            f"`fuser {path}` tells who has it open"
        ) from error
    finally:
        os.close(descriptor)


def _refuse_file(file: Path, path: Path) -> None:
    """Raise ConfigError for what cannot be a backup, before anything of it is read."""
    if file.is_symlink():
        raise ConfigError(f"{file} is a link to {file.resolve()}: name the backup itself")
    if not file.is_file():
        raise ConfigError(f"{file} does not exist, or is no file: name a backup that `fleet backup` has made")
    if path.exists() and file.samefile(path):
        raise ConfigError(f"{file} is the database itself: name a backup")
    for ending in SIDES:
        side = file.with_name(file.name + ending)
        if side.exists() and side.stat().st_size:
            raise ConfigError(
                f"{side} lies beside it, so {file.name} alone is not whole: make a backup of it with "
                f"`fleet backup NEW --database {file}`, and restore that"
            )


def _take(file: Path, draft: Path) -> None:
    """Copy the bytes into a file of our own, so that what is examined is what is put in place."""
    with translated(f"copy of {file} to {draft.parent}"):
        descriptor = os.open(file, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
        with os.fdopen(descriptor, "rb") as source, draft.open("wb") as target:
            if not S_ISREG(os.fstat(descriptor).st_mode):
                raise ConfigError(f"{file} is no file")
            shutil.copyfileobj(source, target, 1 << 20)


def _examined(draft: Path, file: Path) -> int:
    """The version of the schema of a sound file. Raises ConfigError where it is none of ours, or damaged."""
    try:
        with closing(backup.only_read(draft)) as connection:
            version = refuse_other_schema(connection, file)
            facts.refuse_unfit(connection, file, version)
        backup.check(draft)
    except DatabaseLost as error:
        raise ConfigError(f"{file} is no sound backup: {error}") from error
    except library.ERRORS as error:  # damaged texts are no UTF-8
        raise ConfigError(f"{file} is no database that can be read: {error}") from error
    return version


def _belonging(draft: Path, file: Path, path: Path, expected: Expected) -> str:
    """The id of the fleet of the backup. Raises ConfigError where it is of another environment or another fleet."""
    with closing(backup.only_read(draft)) as connection:
        environment, fleet_id = (fact(connection, file, key) for key in ("environment", "fleet_id"))
    if fleet_id is None or environment is None:
        raise ConfigError(f"{file} does not say whose it is: it is no backup of a fleet")
    if expected.environment not in {None, environment}:
        raise ConfigError(f"{file} holds {environment} data, the fleet here {expected.environment}")
    known = identity.noted(path) or identity.stored(path).fleet_id
    if known not in {None, fleet_id} and expected.accept != fleet_id:
        raise ConfigError(
            f"{file} is a backup of the fleet {fleet_id}, but {known} lives here: name another file with --database, "
            f"or `--accept {fleet_id}` if it is meant to take its place"
        )
    return fleet_id


def _prepare(draft: Path, version: int) -> None:
    """Make the copy a database like any other, its views our own: theirs were never read."""
    with engine.translated(draft):
        with closing(open_file(draft, "rw")) as connection:
            adopt(connection, draft)
            renew_views(connection, version)
            connection.rows("pragma journal_mode = WAL")
        backup.sync(draft)


def _fold(path: Path) -> None:
    """Bring what lies in the old ``-wal`` into the old file, so that it is whole under its new name. Where the file is
    damaged or the ``-wal`` may be another's, they stay as they are.
    """
    if identity.stored(path).fleet_id is not None and not identity.has_foreign_wal(path):
        with suppress(*library.ERRORS, DatabaseLost), closing(open_file(path, "rw")) as connection:
            connection.rows("pragma wal_checkpoint(truncate)")


def _refuse_somebody_elses(path: Path) -> None:
    """Raise ConfigError where a sound database lies that is no fleet's; a damaged one may be replaced."""
    if path.is_file() and path.stat().st_size:
        with suppress(*library.ERRORS, DatabaseLost), closing(backup.only_read(path)) as connection:
            stored_version(connection, path)


def _swapped(path: Path, draft: Path, stamp: str) -> list[Path]:
    """Keep the old files under other names, then give the new one its name in one step; what is kept."""
    aside = identity.free_name(path.with_name(f"{path.name}.replaced-{stamp}"))
    kept = []
    if path.exists():
        aside.hardlink_to(path)
        kept.append(aside)
    for ending in SIDES:
        side = path.with_name(path.name + ending)
        if side.exists():
            kept.append(side.rename(aside.with_name(aside.name + ending)))
    path.with_name(path.name + identity.SHM).unlink(missing_ok=True)
    draft.rename(path)
    backup.sync(path.parent)
    return kept
