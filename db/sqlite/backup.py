"""Whole copies of the database, made beside a running fleet, checked before they count.

A `cp` of the file beside a running fleet misses what lies in its ``-wal``, which may be everything, and says nothing.
"""

import os
import secrets
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing, contextmanager
from pathlib import Path
from typing import NamedTuple

from db.database import Database
from db.fleet import meta
from db.sqlite import engine, filesystem, identity, library, private
from db.sqlite.connection import open_file
from db.sqlite.dialect import statements
from domain.errors import ConfigError, DatabaseLost
from domain.file_errors import translated

PAGES = 2000  # pages copied between two words of progress
Progress = Callable[[int, int], object]  # pages done, and all


def _silent(_done: int, _pages: int) -> None:
    """Nobody watches."""


class Copied(NamedTuple):
    """A copy that was checked: its file, how many rows it holds in all, when it was made."""

    file: Path
    rows: int
    copied_ms: int


def back_up(db: Database, file: Path, progress: Progress) -> Copied:
    """A copy of the database as it is at this moment, in a new `file`, of which the database does not know yet.

    Raises ConfigError where the file exists, its folder does not or its name belongs to a database, Forbidden and
    Unavailable where it cannot be written, DatabaseLost where the database is damaged.
    """
    with closing(open_file(db.store, "ro")) as source:
        return copy(source, db.store, file, progress)


def note(db: Database, made: Copied) -> None:
    """Let the database keep when its newest backup was made, and where."""
    meta.set_backup(db, made.copied_ms, str(made.file.absolute()))


def copy(source: library.Connection, path: Path, file: Path, progress: Progress = _silent) -> Copied:
    """The same from an open connection to `path` that is in no transaction."""
    folder = file.absolute().parent
    filesystem.refuse_taken(file)
    _refuse_existing(file)
    with engine.translated(f"backup of {path} into {folder}"), new_file(folder, file.name) as draft:
        rows = _copied(source, draft, progress)
        copied_ms = draft.stat().st_mtime_ns // 1_000_000
        _mark(draft, copied_ms)
        found = check(draft)
        if found != rows:
            raise DatabaseLost(f"{path}: the copy holds {found}, the database {rows}: no backup was made")
        sync(draft)
        _place(draft, file)
        sync(folder)
    return Copied(file, sum(rows.values()), copied_ms)


@contextmanager
def new_file(folder: Path, name: str, like: Path | None = None) -> Iterator[Path]:
    """A file of our own in `folder`, for whom `private.new` says, under a name that nobody had; gone after the block
    unless it was given another name.
    """
    draft = folder / f".{name}.{secrets.token_hex(4)}.part"
    with translated(folder):
        private.new(draft, like)
    try:
        yield draft
    finally:
        for ending in ("", "-wal", "-shm", "-journal"):
            draft.with_name(draft.name + ending).unlink(missing_ok=True)


def check(file: Path) -> dict[str, int]:
    """How many rows each table of a file holds that nobody else uses. Raises DatabaseLost where it is damaged."""
    with engine.translated(file), closing(only_read(file)) as connection:
        faults = [str(row[0]) for row in connection.rows("pragma integrity_check")]
        if faults != ["ok"]:
            raise DatabaseLost(f"{file} is damaged: {faults[0]}")
        if connection.rows("pragma foreign_key_check"):
            raise DatabaseLost(f"{file} is damaged: rows reference rows that do not exist")
        return _counted(connection)


def only_read(file: Path) -> library.Connection:
    """A connection that believes nothing of the file: no function of its schema runs, no cell is taken on trust."""
    uri = f"{file.absolute().as_uri()}?mode=ro&immutable=1"
    connection = library.Connection(uri)
    for pragma in ("trusted_schema = OFF", "cell_size_check = ON", "query_only = ON"):
        connection.execute(f"pragma {pragma}")
    return connection


def sync(file: Path) -> None:
    """Have the disk keep a file that no database connection uses, or the names in a folder."""
    descriptor = os.open(file, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _refuse_existing(file: Path) -> None:
    if os.path.lexists(file):
        raise ConfigError(f"{file} exists: a backup replaces nothing; name a new file")


def _copied(source: library.Connection, draft: Path, progress: Progress) -> Mapping[str, int]:
    """Copy every page of one moment; how many rows each table has.

    The transaction holds that moment. Without it SQLite would begin again whenever somebody commits, and never end
    beside a busy fleet.
    """
    source.execute("begin")
    try:
        rows = _counted(source)
        with closing(open_file(draft, "rw")) as target:
            target.execute("pragma synchronous = OFF")  # `sync` follows
            with target.backup("main", source, "main") as copying:
                while not copying.done:
                    copying.step(PAGES)
                    progress(copying.page_count - copying.remaining, copying.page_count)
    finally:
        source.execute("rollback")
    return rows


def _mark(draft: Path, copied_ms: int) -> None:
    """Let the copy know that it is one, in a single file: a ``-wal`` that is found beside it can never be its own."""
    with closing(open_file(draft, "rw")) as connection:
        connection.rows("pragma locking_mode = exclusive")
        connection.rows("pragma journal_mode = delete")
        connection.execute(statements()["meta_write"], {"key": identity.COPIED, "value": str(copied_ms)})


def _counted(connection: library.Connection) -> dict[str, int]:
    """Rows by table; facts about the file itself are no rows of the fleet."""
    listed = "select name from sqlite_master where type = 'table' and name not like 'sqlite%' and name <> 'meta'"
    names = [row[0] for row in connection.rows(listed)]
    return {name: connection.rows(f'select count(*) from "{name}"')[0][0] for name in names}  # noqa: S608


def _place(draft: Path, file: Path) -> None:
    """Give the draft its name, whole or not at all, and never in place of a file that has come meanwhile."""
    try:
        file.hardlink_to(draft)
    except FileExistsError:
        _refuse_existing(file)
    except OSError:  # such as a memory stick's, whose files have one name only
        _refuse_existing(file)
        draft.rename(file)
