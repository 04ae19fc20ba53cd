"""The door to the shared database: one connection per thread, and the one way to write.

Every write transaction holds a lock file beside the database (flock, queued by the kernel) around BEGIN IMMEDIATE and
COMMIT. SQLite's own lock alone is a lottery: beside a busy writer others wait for seconds and give up.
"""

import os
import re
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Self

from db.database import Changes, Database, Row, Store, Transaction
from db.sqlite import engine, filesystem, identity, library, private
from db.sqlite.changes import changes
from db.sqlite.dialect import statements, view_name
from db.sqlite.dialect import views as reports
from db.sqlite.filesystem import beside
from db.sqlite.identity import OpenedFiles
from db.sqlite.lock import WriteLock, lock_path
from db.sqlite.still import IMMUTABLE, Still
from db.sqlite.transaction import SqliteTransaction, StatementReader
from db.statements import schema_version
from domain.errors import ConfigError, Forbidden, Unavailable
from domain.file_errors import translated

VERSION = re.compile(r"[1-9][0-9]{0,5}")
PRAGMAS = (
    "synchronous = FULL",  # NORMAL lost acknowledged commits in 240 of 300 simulated power cuts
    "foreign_keys = ON",
    "wal_autocheckpoint = 1000",
    f"journal_size_limit = {64 * 1024 * 1024}",
    "trusted_schema = OFF",
)


class SqliteDatabase(StatementReader, Database):
    """One connection to the shared database. Not to be shared between threads or carried over a fork."""

    def __init__(
        self,
        connection: library.Connection,
        path: Path,
        lock: WriteLock | None,
        files: OpenedFiles,
        still: Still | None = None,
    ) -> None:
        super().__init__(connection, path)
        self._still = still
        self._lock = lock
        self._pid = os.getpid()
        self._files = files
        self._looked: tuple[int, int] | None = None  # the data version at the last look at changes, and their newest
        self._fence: Callable[[Transaction], object] = lambda _: None

    @property
    def path(self) -> Path:
        """The database's file."""
        return self._path

    @property
    def store(self) -> Store:
        """Where it is kept: the file."""
        return self._path

    @contextmanager
    def write(self) -> Iterator[SqliteTransaction]:
        """The only way to write: lock file, BEGIN IMMEDIATE, your block, COMMIT; ROLLBACK when the block raises.

        Raises Unavailable where the lock is not to be had or the disk fails, DatabaseLost where the file is another one
        now. A block that repeats must be harmless: a
        commit may have happened although its process died before hearing of it. Never wait for a network inside.
        """
        if self._lock is None:
            raise Forbidden(f"{self._path} was opened for reading only")
        if self._connection.in_transaction or os.getpid() != self._pid:
            raise RuntimeError("write() inside another transaction of this connection, or after a fork")
        self._lock.acquire()
        self._looked = None
        try:
            self.refuse_lost()
            with self._transaction("begin immediate") as tx:
                self._fence(tx)
                yield tx
        finally:
            self._lock.release()

    @contextmanager
    def fenced(self, check: Callable[[Transaction], object]) -> Iterator[None]:
        """Within the block `check` is called first in every write transaction of this connection; what it raises, such
        as LeaseLost, undoes that.
        """
        before, self._fence = self._fence, check
        try:
            yield
        finally:
            self._fence = before

    def halted(self) -> bool:
        """Whether the kill switch is on. Its file and its row both count: one may be missing where the disk was full
        or the database came from elsewhere.
        """
        return os.path.lexists(beside(self._path, filesystem.HALT)) or bool(self.read("controls_halted"))

    def refuse_lost(self) -> None:
        """Raise DatabaseLost where the files are not those that were opened any more. Every write looks first."""
        self._files.refuse_lost(self._bytes)

    @contextmanager
    def snapshot(self) -> Iterator[None]:
        """All reads in the block see the same state of the database. Keep it short: it holds up checkpoints.

        Inside a transaction it does nothing: there the state stands still already.
        """
        if self._connection.in_transaction:
            yield
            return
        self._command("begin")
        try:
            yield
        finally:
            self._command("rollback")

    def shadow(self, views: Iterable[str]) -> None:
        """Put temporary views, seen by this connection only, before those of the same names (`create view …`),
        and all other reports over them.
        """
        own = {view_name(view): view for view in views}
        others = {view_name(view): view for view in reports()}
        self._command("pragma query_only = OFF")
        for view in (own | others | own).values():
            self._command(view.replace("create view", "create temp view", 1))

    @contextmanager
    def scratch(self) -> Iterator[SqliteTransaction]:
        """Write into temporary tables, seen by this connection only; the shared file is not touched."""
        self._command("pragma query_only = OFF")
        with self._transaction("begin") as tx:
            yield tx

    @contextmanager
    def _transaction(self, begin: str) -> Iterator[SqliteTransaction]:
        """From `begin` to COMMIT; ROLLBACK when the block raises."""
        self._command(begin)
        try:
            yield SqliteTransaction(self._connection, self._path)
            self._commit()
        except BaseException:
            if self._connection.in_transaction:
                self._connection.execute("rollback")
            raise

    def data_version(self) -> int:
        """A number that changes when another connection has committed; cheap enough to ask five times a second."""
        return int(self._command("pragma data_version")[0][0])

    def changes(self, after: int, rows: int = 1000) -> Changes:
        """Rows that were written after a transaction. The data version is read first: what comes between it and the
        rows is looked at once more.
        """
        version = self.data_version()
        if self._looked is not None and self._looked[0] == version and after >= self._looked[1]:
            return Changes(self._looked[1])
        found = changes(self, after, rows)
        self._looked = None if any(found[1:]) else (version, found.transaction_id)
        return found

    def close(self) -> None:
        """Give the file back. The last one out checkpoints."""
        self._connection.close()
        if self._lock is not None:
            self._lock.close()
            self._lock = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, _kind: object, error: BaseException | None, _trace: object) -> None:
        self.close()
        if self._still is not None:
            self._still.refuse_changed(error)

    def _bytes(self) -> int:
        """How long the file has to be."""
        pages, length = (int(self._command(f"pragma {name}")[0][0]) for name in ("page_count", "page_size"))
        return pages * length

    def _commit(self) -> None:
        if not self._connection.in_transaction:
            raise Unavailable(f"{self._path}: the transaction ended before its commit; repeat it as a whole")
        self._command("commit")

    def _command(self, sql: str) -> list[Row]:
        """Carry out SQL that belongs to the connection itself."""
        try:
            return self._connection.rows(sql)
        except library.ERRORS as error:
            engine.fail(error, f"{self._path}: {sql}")


def open_file(path: Path, mode: str) -> library.Connection:
    """A bare connection with the house's settings; `mode` as in SQLite's URIs: ro, rw, rwc, or `IMMUTABLE`."""
    engine.refuse_unsafe()
    try:
        if mode == "rwc":
            with translated(path):
                private.create(path)
        uri = f"{path.absolute().as_uri()}?mode={mode}"
        connection = library.Connection(uri)
        for pragma in PRAGMAS:
            connection.execute(f"pragma {pragma}")
    except library.ERRORS as error:
        engine.fail(error, str(path))
    return connection


def connect(path: Path, *, any_filesystem: bool = False) -> SqliteDatabase:
    """The connection of a worker: reads and writes.

    Raises ConfigError where the file is missing, is no fleet's database, another fleet's than the one that lived here,
    or has another schema than the code; Forbidden on a file system or SQLite library that loses data, or without
    permission.
    """
    path = _present(path)
    filesystem.refuse_unfit(path.absolute().parent, any_filesystem=any_filesystem)
    files = OpenedFiles(path)
    connection = open_file(path, "rw")
    try:
        refuse_foreign(connection, path)
        identity.refuse_other(path, fact(connection, path, "fleet_id"))
        lock = WriteLock(path)
        files.watch(beside(path, identity.WAL), beside(path, identity.SHM), lock_path(path))
        return SqliteDatabase(connection, path, lock, files)
    except BaseException:
        connection.close()
        raise


def connect_readonly(path: Path) -> SqliteDatabase:
    """A connection that cannot write, for reports beside a running fleet. Raises what `connect` raises; Unavailable at
    its end where the file was read as it stands and somebody has written it.
    """
    path = _present(path)
    files = OpenedFiles(path)
    connection, still = _guarded(path)
    return SqliteDatabase(connection, path, None, files, still)


def reader(path: Path) -> tuple[library.Connection, Still | None]:
    """A bare connection that cannot write; how the file is read where nothing can be written beside it (None: SQLite
    guards it). Raises what `connect` raises.
    """
    return _guarded(_present(path))


def _guarded(path: Path) -> tuple[library.Connection, Still | None]:
    """What `reader` gives, of a file that is there."""
    try:
        return _reader(path, "ro"), None
    except Forbidden as refused:
        still = Still.of(path, refused)
        return _reader(path, IMMUTABLE), still


def _reader(path: Path, mode: str) -> library.Connection:
    """A bare connection to a fleet's database that cannot write."""
    connection = open_file(path, mode)
    try:
        connection.execute("pragma query_only = ON")
        refuse_foreign(connection, path, wal=mode != IMMUTABLE)
    except BaseException:
        connection.close()
        raise
    return connection


def stored_version(connection: library.Connection, path: Path) -> int:
    """The version of the file's schema, 0 for an empty file; raises ConfigError for somebody else's database."""
    try:
        tables = {row[0] for row in connection.rows("select name from sqlite_master where type = 'table'")}
        if not tables:
            return 0
        if "meta" in tables:
            rows = connection.rows("select value from meta where key = 'schema_version'")
            if rows:
                return _version(str(rows[0][0]), path)
    except library.ERRORS as error:
        engine.fail(error, str(path))
    raise ConfigError(f"{path} is a database, but not a fleet's: name another file with --database")


def _version(text: str, path: Path) -> int:
    """A version as `meta` says it. Raises ConfigError for what none can be."""
    if not VERSION.fullmatch(text):
        raise ConfigError(
            f"{path} says that its schema is {text[:20]!r}, which is none: put a backup back with `fleet restore FILE`"
        )
    return int(text)


def fact(connection: library.Connection, path: Path, key: str) -> str | None:
    """What `meta` says; None where it says nothing, or the file is empty still. Raises what `stored_version` raises."""
    if not stored_version(connection, path):
        return None
    try:
        rows = connection.rows(statements()["meta_read"], {"key": key})
    except library.ERRORS as error:  # such as a text that is no UTF-8
        engine.fail(error, str(path))
    return str(rows[0][0]) if rows else None


def refuse_foreign(connection: library.Connection, path: Path, *, wal: bool = True) -> None:
    """Raise ConfigError unless the file is a fleet's, of this code's schema or of a newer one that this code may write
    (`meta.writable_from`), and in WAL mode (`wal`: read as it stands it has none).
    """
    stored, known = stored_version(connection, path), schema_version()
    if stored > known and _version(fact(connection, path, "writable_from") or str(stored), path) > known:
        raise ConfigError(f"{path} has schema {stored}, this program knows {known}: update the program")
    other = wal and connection.rows("pragma journal_mode")[0][0] != "wal"
    if stored < known or other:
        raise ConfigError(f"{path} has schema {stored}, this program needs {known} in WAL mode: run `fleet migrate`")


@translated()
def _present(path: Path) -> Path:
    """The file itself, also where `path` is a link to it. Raises ConfigError where there is none, Forbidden where it is
    to be reached without what lies beside it. SQLite deletes the ``-wal`` of an empty file that it opens.
    """
    file = filesystem.real(path)
    identity.refuse_no_database(file)
    identity.refuse_gone(file)
    if not (file.is_file() and file.stat().st_size):
        what = "is empty" if file.is_file() else "does not exist"
        raise ConfigError(f"{path} {what}: run `fleet migrate` first, or name the file with --database")
    filesystem.refuse_apart(file)
    identity.refuse_foreign_wal(file)
    return file
