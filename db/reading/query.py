"""A person's own SQL over the fleet's database: it reads and does nothing else, within limits.

``mode=ro`` and ``query_only`` alone still let a query that somebody was sent ATTACH other files and VACUUM INTO new
ones; an authorizer (sqlite.org/c3ref/set_authorizer.html) lets statements read and call functions, nothing else. The
limits hold for the whole process, so a query belongs into one of its own; the time it may take is its caller's to hold.
"""

import difflib
import itertools
import math
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import NoReturn, TypeAlias

from db.sqlite import engine, library
from db.sqlite.connection import reader
from db.sqlite.dialect import described
from domain.errors import ConfigError, Rejected

ALLOWED = frozenset([20, 21, 31, 33])  # READ, SELECT, FUNCTION, RECURSIVE
WRONG, NO_MEMORY, NOT_ALLOWED = 1, 7, 23  # primary result codes
HEAP = 48 << 20  # bytes that SQLite may hold at once
TEXT = 16 << 20  # bytes of the texts of one answer
READS_ONLY = "one SELECT over what `fleet sql` lists is all that is allowed; the verbs of `fleet --help` change things"
TOO_BIG = f"it needs more than {HEAP >> 20} MB: ask for less at once (fewer rows, shorter texts, a `where`)"
_MISSING = re.compile(r"no such (table|column): (?:\w+\.)?(.+)")
Value: TypeAlias = str | int | float | None


@dataclass(frozen=True, slots=True)
class Answer:
    """The rows of a query, each by column; `cut` says why there are not all of them, None where they are."""

    rows: list[dict[str, Value]]
    cut: str | None = None


def contents() -> list[dict[str, str]]:
    """Every table and view by name, with what it is for: the reports first."""
    return [{"name": name, "kind": kind, "what": what} for kind in ("view", "table") for name, what in described(kind)]


def ask(path: Path, sql: str, values: Mapping[str, Value], most: int) -> Answer:
    """What `sql` says of the database, at most so many rows; `values` stand for its ``:names``.

    Raises ConfigError for what is no query over this database, Rejected where it needs too much memory, and what
    `db.sqlite.connection.reader` raises.
    """
    connection, still = reader(path)
    try:
        _confine(connection)
        answer = _within(_found(connection, sql, values), most)
        if still is not None:
            still.refuse_changed()
    except KeyError as error:
        raise ConfigError(f"it asks for :{error.args[0]}: say which with --param {error.args[0]}=VALUE") from error
    except MemoryError as error:
        raise Rejected(TOO_BIG) from error
    except library.ERRORS as error:
        _refuse(error, connection, path)
    else:
        return answer
    finally:
        connection.close()


def _confine(connection: library.Connection) -> None:
    """Let a connection read and nothing else, and SQLite in its process need no more than so much memory."""
    for pragma in (f"hard_heap_limit = {HEAP}", "temp_store = memory", "cache_size = -8000"):
        connection.rows(f"pragma {pragma}")
    connection.set_authorizer(lambda action, *_: 0 if action in ALLOWED else 1)


def _found(connection: library.Connection, sql: str, values: Mapping[str, Value]) -> Iterator[dict[str, object]]:
    """Each row of the one statement that `sql` is, by column; a name that comes again gets a number."""
    begun: list[str] = []

    def alone(_: object, statement: str, *_values: object) -> bool:
        """Whether a statement that is about to begin is the first one."""
        begun.append(statement)
        return len(begun) == 1

    rows = connection.cursor()
    rows.set_exec_trace(alone)
    rows.execute(sql, values)
    if not begun:
        raise ConfigError(READS_ONLY)
    names: list[str] = []
    for row in rows:
        names = names or _distinct([column[0] for column in rows.get_description()])
        yield dict(zip(names, row, strict=True))


def _distinct(columns: Sequence[str]) -> list[str]:
    """The names of columns, those that come twice told apart."""
    names: list[str] = []
    for column in columns:
        numbered = (f"{column}_{number}" for number in itertools.count(2))
        names.append(column if column not in names else next(each for each in numbered if each not in names))
    return names


def _within(found: Iterator[dict[str, object]], most: int) -> Answer:
    """The rows within the limits."""
    rows: list[dict[str, Value]] = []
    size = 0
    for row in found:
        if len(rows) == most:
            return Answer(rows, f"these are the first {most:,} rows: --rows N gives more")
        rows.append({name: _plain(value) for name, value in row.items()})
        size += sum(len(value) for value in rows[-1].values() if isinstance(value, str))
        if size > TEXT:
            return Answer(rows, f"these are the first {len(rows):,} rows: their texts are {TEXT >> 20} MB")
    return Answer(rows)


def _plain(value: object) -> Value:
    """A value as every format can show it: bytes in hexadecimal digits, infinite numbers as texts."""
    if isinstance(value, bytes):
        return value.hex()
    if isinstance(value, float) and not math.isfinite(value):
        return str(value)
    assert value is None or isinstance(value, str | int | float)
    return value


def _refuse(error: Exception, connection: library.Connection, path: Path) -> NoReturn:
    """Raise what is wrong with a query in the fleet's words."""
    code = getattr(error, "result", WRONG)
    if code == NOT_ALLOWED or isinstance(error, library.SecondStatement) or "not authorized" in str(error):
        raise ConfigError(READS_ONLY) from error
    if code == NO_MEMORY:
        raise Rejected(TOO_BIG) from error
    if code != WRONG:
        engine.fail(error, str(path))
    raise ConfigError(f"{error}{_nearest(str(error), connection)}") from error


def _nearest(message: str, connection: library.Connection) -> str:
    """The names that were perhaps meant, after a message about one that is not there."""
    missing = _MISSING.search(message)
    if not missing:
        return ""
    connection.set_authorizer(None)
    tables = [str(row[0]) for row in connection.rows("select name from sqlite_master where type in ('table', 'view')")]
    if missing[1] == "column":
        held = [connection.rows("select name from pragma_table_info(?)", [each]) for each in tables]
        names = sorted({str(row[0]) for rows in held for row in rows})
    else:
        names = tables
    close = difflib.get_close_matches(missing[2], names, n=3)
    return f"; did you mean {' or '.join(close)}?" if close else "; `fleet sql` lists the tables and views"
