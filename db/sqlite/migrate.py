"""Creating the database and bringing it to the code's schema. Ten processes may race to it: each finds it done."""

import secrets
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

from db.database import Migrated
from db.sqlite import backup, engine, filesystem, identity, library, private
from db.sqlite.changes import RENUMBER
from db.sqlite.connection import fact, open_file, stored_version
from db.sqlite.dialect import statements, views
from db.sqlite.facts import ENVIRONMENTS
from db.sqlite.lock import WriteLock
from db.sqlite.schema import refuse_other_version
from db.sqlite.transaction import SqliteTransaction
from db.statements import migrations, schema_version
from db.trading import filling
from domain.errors import ConfigError, Rejected
from domain.file_errors import translated


def migrate(
    path: Path,
    environment: str,
    *,
    clock: str | None = None,
    any_filesystem: bool = False,
    accept: str | None = None,
) -> Migrated:
    """Create the file where it is missing, switch it to WAL, apply what is new, renew the views.

    `environment` is real or simulated; `clock` is candle time in JSON, kept only if the database has none yet; `accept`
    is the id of a fleet whose database may take the place of the one that lived here. Each migration is applied with
    its record in one transaction. Raises ConfigError for a database that is newer than the code, of the other
    environment, another fleet's or not a fleet's, and where the one that lived here is gone; Forbidden and Unavailable
    as `connect` does.
    """
    if environment not in ENVIRONMENTS:
        raise ConfigError(f"environment {environment!r}: use {' or '.join(ENVIRONMENTS)}")
    path = filesystem.real(path)
    with translated():
        identity.refuse_no_database(path)
        private.folder(path.parent)
        filesystem.refuse_unfit(path.absolute().parent, any_filesystem=any_filesystem)
        if path.exists():
            filesystem.refuse_apart(path)
    with _locked(path):
        notes = _admit(path, accept)
        connection = open_file(path, "rwc")
        try:
            _refuse(connection, path, environment)
            identity.refuse_other(path, fact(connection, path, "fleet_id"), accept)
            notes += _backed_up(connection, path)
            adopt(connection, path)
            connection.rows("pragma journal_mode = WAL")
            _upgrade(connection, path, stored_version(connection, path), environment, clock)
            identity.note(path, fact(connection, path, "fleet_id") or "")
        except library.ERRORS as error:
            engine.fail(error, f"{path}: migration")
        finally:
            connection.close()
    return Migrated(schema_version(), tuple(notes))


def _admit(path: Path, accept: str | None) -> list[str]:
    """Look at the file before SQLite opens it and plays whatever lies beside it; what was done, in sentences."""
    identity.refuse_gone(path)
    if accept is None:
        identity.refuse_foreign_wal(path)
        return []
    identity.refuse_other(path, identity.stored(path).fleet_id, accept)
    kept = identity.set_aside_foreign_wal(path)
    return [] if kept is None else [f"another database had left its -wal beside {path}: kept as {kept}, not played"]


def _backed_up(connection: library.Connection, path: Path) -> list[str]:
    """Make a backup before the schema of a database that is in use changes; what was done, in sentences."""
    stored, known = stored_version(connection, path), schema_version()
    if stored in {0, known}:
        return []
    refuse_other_version(connection, path, stored)
    file = identity.free_name(path.with_name(f"{path.name}.before-schema-{known}"))
    made = backup.copy(connection, path, file)
    facts = [{"key": "backup_ms", "value": str(made.copied_ms)}, {"key": "backup_file", "value": str(file.absolute())}]
    connection.executemany(statements()["meta_write"], facts)
    return [f"{path} goes from schema {stored} to {known}; as it was before it is kept as {file}"]


def adopt(connection: library.Connection, path: Path) -> None:
    """Let a backup that was put here be a database like any other: from now on it may have a ``-wal``.

    Without WAL the change stands in the file itself before a ``-wal`` can exist.
    """
    if fact(connection, path, identity.COPIED) is not None:
        connection.rows("pragma journal_mode = DELETE")
        with _transaction(connection):
            if connection.rows("select 1 from sqlite_master where name = 'holders'"):
                connection.execute("delete from holders")  # those who lived when it was made do not live in it
            connection.execute("delete from meta where key = ?", (identity.COPIED,))
            connection.execute(RENUMBER)


@contextmanager
def _locked(path: Path) -> Iterator[None]:
    """The writers' lock, taken before the first look: SQLite's switch to WAL does not wait for anybody."""
    lock = WriteLock(path)
    try:
        lock.acquire()
        yield
    finally:
        lock.close()


def _refuse(connection: library.Connection, path: Path, environment: str) -> None:
    """Raise ConfigError for a database that this program must not touch."""
    stored, known = stored_version(connection, path), schema_version()
    if stored > known:
        raise ConfigError(f"{path} has schema {stored}, this program knows {known}: update the program")
    if stored == 0:
        return
    found = fact(connection, path, "environment")
    if found != environment:
        raise ConfigError(
            f"{path} holds {found} data, the configuration asks for {environment}: name another file with --database "
            f"or set `environment: {found}` in fleet.yaml; the two are never mixed"
        )


def _upgrade(connection: library.Connection, path: Path, stored: int, environment: str, clock: str | None) -> None:
    """Apply the migrations after `stored`, and renew the views where they differ. The last one makes the views, and
    fills the totals that a migration has made, from the rows, as this program folds them.
    """
    for step in migrations()[stored:]:
        with _references_unchecked(connection), _transaction(connection):
            _drop_views(connection)
            _execute(connection, step.statements)
            _record(connection, step.number, environment)
            if step.number == schema_version():
                _execute(connection, views())
                filling.fill(SqliteTransaction(connection, path))
            _refuse_dangling(connection, step.name)
    with _transaction(connection):
        if clock is not None:
            connection.execute("insert or ignore into meta values ('clock', ?)", (clock,))
        renew_views(connection, schema_version())


def renew_views(connection: library.Connection, version: int) -> None:
    """Put our views in the place of those that differ; a file of an older schema gets its own when it is migrated."""
    if _stored_views(connection) != _written_views():
        _drop_views(connection)
        if version == schema_version():
            _execute(connection, views())


def _record(connection: library.Connection, version: int, environment: str) -> None:
    """Note the version; on the first migration also what this database is, for ever."""
    connection.execute(
        "insert into meta values ('schema_version', ?) on conflict (key) do update set value = excluded.value",
        (str(version),),
    )
    identity = [("environment", environment), ("fleet_id", secrets.token_hex(8))]
    connection.executemany("insert or ignore into meta values (?, ?)", identity)


@contextmanager
def _references_unchecked(connection: library.Connection) -> Iterator[None]:
    """Let a migration build a table anew that others reference (sqlite.org/lang_altertable.html#otheralter).

    The pragma is a no-op inside a transaction, so it stands around it. A table that is dropped while references are
    enforced would take the rows with it that reference it, or be refused.
    """
    connection.execute("pragma foreign_keys = OFF")
    try:
        yield
    finally:
        connection.execute("pragma foreign_keys = ON")


def _refuse_dangling(connection: library.Connection, step: str) -> None:
    """Raise Rejected, which undoes the migration, where a row references one that is not there."""
    found = [tuple(row) for row in connection.rows("pragma foreign_key_check")]
    if found:
        table, rowid, parent, _ = found[0]
        where = f"{table} (row {rowid})" if rowid is not None else table
        raise Rejected(
            f"migration {step}: {len(found)} rows reference rows that do not exist, such as {where} in {parent}; "
            "nothing was changed. Look with `pragma foreign_key_check`"
        )


@contextmanager
def _transaction(connection: library.Connection) -> Iterator[None]:
    connection.execute("begin immediate")
    try:
        yield
        connection.execute("commit")
    except BaseException:
        if connection.in_transaction:
            connection.execute("rollback")
        raise


def _execute(connection: library.Connection, statements: Iterable[str]) -> None:
    for statement in statements:
        connection.execute(statement)


def _stored_views(connection: library.Connection) -> set[str]:
    """The views of the file, as the text that made them."""
    return {row[0] for row in connection.rows("select sql from sqlite_master where type = 'view'")}


def _written_views() -> set[str]:
    """Our views in the words in which SQLite keeps them."""
    connection = library.Connection(":memory:")
    try:
        _execute(connection, views())
        return _stored_views(connection)
    finally:
        connection.close()


def _drop_views(connection: library.Connection) -> None:
    for (name,) in connection.rows("select name from sqlite_master where type = 'view'"):
        connection.execute(f'drop view "{name}"')
