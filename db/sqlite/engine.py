"""The SQLite library: whether it is safe to use, and what its errors mean to the fleet."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NoReturn

import pysqlite3

from domain import file_errors
from domain.errors import DatabaseLost, FleetError, Forbidden, Rejected, Unavailable

Version = tuple[int, ...]
LIBRARY = pysqlite3.sqlite_version  # the SQLite that everything here runs on

# Primary result codes (sqlite.org/rescode.html) and the branch of the error tree they belong to. What is not here,
# such as SQLITE_ERROR for a statement that is wrong, is a mistake in the program and stays as it is.
BRANCHES: dict[int, tuple[type[FleetError], str]] = {
    3: (Forbidden, "check the permissions of the file and its folder"),  # PERM
    5: (Unavailable, "another program holds the write lock; try again"),  # BUSY
    6: (Unavailable, "another connection holds the table; try again"),  # LOCKED
    7: (Unavailable, "no memory is left"),  # NOMEM
    8: (Forbidden, "check the permissions of the file and its folder; one user for all processes"),  # READONLY
    9: (Unavailable, "interrupted; try again"),  # INTERRUPT
    10: (Unavailable, "the disk failed to read or write"),  # IOERR
    11: (
        DatabaseLost,
        "the file is damaged: stop the fleet and put a backup back with `fleet restore FILE`",
    ),  # CORRUPT
    13: (Unavailable, "the disk is full: make room"),  # FULL
    14: (Forbidden, "check that the folder exists and may be written"),  # CANTOPEN
    15: (Unavailable, "locking failed; try again"),  # PROTOCOL
    17: (Unavailable, "the schema has just changed; try again"),  # SCHEMA
    18: (Rejected, "a value is too big"),  # TOOBIG
    19: (Rejected, "the values break a rule of the schema"),  # CONSTRAINT
    20: (Rejected, "a value has the wrong type"),  # MISMATCH
    23: (Forbidden, "not allowed"),  # AUTH
    26: (DatabaseLost, "the file is not an SQLite database: `fleet restore FILE` puts a backup back"),  # NOTADB
}

SAID = {  # by `Connection.backup`, whose errors carry no code (sqlite3_errstr): what the one file or the other can say
    "access permission denied": 3,
    "database is locked": 5,
    "database table is locked": 6,
    "attempt to write a readonly database": 8,
    "interrupted": 9,
    "disk I/O error": 10,
    "database disk image is malformed": 11,
    "database or disk is full": 13,
    "unable to open database file": 14,
    "locking protocol": 15,
    "file is not a database": 26,
}


def is_fixed(version: Version) -> bool:
    """Whether this SQLite has no WAL-reset bug (sqlite.org/wal.html#walresetbug: 3.7.0 to 3.51.2, two backports)."""
    return version >= (3, 51, 3) or (3, 50, 7) <= version < (3, 51) or (3, 44, 6) <= version < (3, 45)


def refuse_unsafe(version: Version = pysqlite3.sqlite_version_info) -> None:
    """Raise Forbidden for a library whose checkpoints can corrupt a file that others write."""
    if not is_fixed(version):
        raise Forbidden(
            f"SQLite {'.'.join(map(str, version))} has the WAL-reset bug (sqlite.org/wal.html#walresetbug): it can "
            "corrupt a database that several processes write. Use 3.51.3 or newer: `pip install pysqlite3==0.6.1`."
        )


@contextmanager
def translated(what: Path | str) -> Iterator[None]:
    """`fail` for whatever SQLite, or the system under it, raises in the block."""
    try:
        with file_errors.translated(what):
            yield
    except pysqlite3.Error as error:
        fail(error, str(what))


def fail(error: pysqlite3.Error, what: str) -> NoReturn:
    """Raise the fleet's own error for one of SQLite's; `what` says where it happened. Mistakes of the program stay."""
    code = getattr(error, "sqlite_errorcode", None) or SAID.get(str(error), 0)
    branch = BRANCHES.get(code & 0xFF)
    if branch is None:
        raise error
    kind, advice = branch
    raise kind(f"{what}: {error} ({advice})") from error
