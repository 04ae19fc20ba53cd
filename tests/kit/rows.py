"""Rows of a fleet's database, read past the product's statements, and changes made behind its back.

The one place of the tests that knows SQLite's library: the product's own, as two libraries on one file in one process
lose each other's locks.
"""

from collections.abc import Callable, Mapping, Sequence
from contextlib import closing
from pathlib import Path
from typing import Any

import apsw

from db.database import Database, Transaction

Error, ConstraintError = apsw.Error, apsw.ConstraintError
FLAGS = apsw.SQLITE_OPEN_READWRITE | apsw.SQLITE_OPEN_CREATE | apsw.SQLITE_OPEN_URI
Values = Sequence[object] | Mapping[str, object]


def opened(where: Database | Path, mode: str = "ro") -> apsw.Connection:
    """A bare connection to a file; `mode` as in SQLite's URIs."""
    path = where if isinstance(where, Path) else where.path
    uri = f"{path.absolute().as_uri()}?mode={mode}"
    connection = apsw.Connection(uri, FLAGS)
    connection.set_busy_timeout(30_000)
    connection.execute("pragma foreign_keys = ON")
    return connection


def rows(where: Database | Path, sql: str, values: Values = (), mode: str = "ro") -> list[tuple[Any, ...]]:
    """What a query says, as tuples."""
    with closing(opened(where, mode)) as connection:
        return [tuple(row) for row in connection.execute(sql, values).fetchall()]


def records(where: Database | Path, sql: str, values: Values = ()) -> list[dict[str, Any]]:
    """What a query says, by column."""
    found = []
    with closing(opened(where)) as connection:
        cursor = connection.execute(sql, values)
        names = list[str]()
        for row in cursor:
            names = names or [column[0] for column in cursor.get_description()]
            found.append(dict(zip(names, row, strict=True)))
        return found


def column(where: Database | Path, sql: str, values: Values = (), mode: str = "ro") -> list[Any]:
    """The first column of what a query says."""
    return [row[0] for row in rows(where, sql, values, mode)]


def change(where: Database | Path, sql: str, values: Values = ()) -> None:
    """Write past the product's rules; many rows where `values` are a list of rows."""
    with closing(opened(where, "rw")) as connection:
        if isinstance(values, list):
            connection.execute("begin immediate")
            connection.executemany(sql, values)
            connection.execute("commit")
        else:
            connection.execute(sql, values)


def script(where: Database | Path, sql: str) -> None:
    """Several statements at once; makes the file where there is none."""
    with closing(opened(where, "rwc")) as connection:
        connection.execute(sql)


def seen(db: Database | Transaction, sql: str, values: Values = ()) -> list[Any]:
    """What SQL does and says in the product's own connection: inside its transaction, with its temporary views."""
    found: list[Any] = db._connection.rows(sql, values)
    return found


def pragma(db: Database, name: str) -> Any:
    """What a pragma says of the product's own connection, or sets in it."""
    return next(iter(seen(db, f"pragma {name}")), (None,))[0]


def changes(db: Database) -> int:
    """How many rows the product's own connection has written."""
    return int(db._connection.total_changes())


def traced(db: Database, told: Callable[[str], object] | None) -> None:
    """Every statement of the product's own connection is told from here on; None ends that."""
    said = told and (lambda event: told(event["sql"]))
    db._connection.trace_v2(apsw.SQLITE_TRACE_STMT if told else 0, said)
