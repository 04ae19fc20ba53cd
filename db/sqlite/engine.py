"""The SQLite library: whether it is safe to use, and what its errors mean to the fleet."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NoReturn

from db.sqlite import library
from domain import file_errors
from domain.errors import DatabaseLost, FleetError, Forbidden, Rejected, Unavailable

Version = tuple[int, ...]
LIBRARY = library.VERSION  # the SQLite that everything here runs on
CURRENT: Version = tuple(map(int, LIBRARY.split(".")))

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


def is_fixed(version: Version) -> bool:
    """Whether this SQLite has no WAL-reset bug (sqlite.org/wal.html#walresetbug: 3.7.0 to 3.51.2, two backports)."""
    return version >= (3, 51, 3) or (3, 50, 7) <= version < (3, 51) or (3, 44, 6) <= version < (3, 45)


def refuse_unsafe(version: Version = CURRENT) -> None:
    """Raise Forbidden for a library whose checkpoints can corrupt a file that others write."""
    if not is_fixed(version):
        raise Forbidden(
            f"SQLite {'.'.join(map(str, version))} has the WAL-reset bug (sqlite.org/wal.html#walresetbug): it can "
            "corrupt a database that several processes write. Use 3.51.3 or newer: `pip install apsw==3.54.1.0`."
        )


@contextmanager
def translated(what: Path | str) -> Iterator[None]:
    """`fail` for whatever SQLite, or the system under it, raises in the block."""
    try:
        with file_errors.translated(what):
            yield
    except library.ERRORS as error:
        fail(error, str(what))


def fail(error: Exception, what: str) -> NoReturn:
    """Raise the fleet's own error for one of SQLite's; `what` says where it happened. Mistakes of the program stay."""
    branch = BRANCHES.get(getattr(error, "result", 0))
    if branch is None:
        raise error
    kind, advice = branch
    raise kind(f"{what}: {error} ({advice})") from error
