"""A database as SQL text, and back: tables, indexes, rows by their keys. No digit is lost.

Views are left out: an upgrade begins with dropping them (db/sqlite/migrate.py).
"""

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

from tests.kit.rows import column, opened, records, rows, script

OBJECTS = "select sql from sqlite_master where type = '{}' and sql is not null order by rowid"
TABLES = "select name from sqlite_master where type = 'table' and name not like 'sqlite_%' order by rowid"
COLUMNS = "select name, pk from pragma_table_info(?) order by cid"


def text(path: Path, remark: str) -> str:
    """The whole of a database. `remark` says below which circumstances it was written."""
    lines = [f"-- {remark}", "pragma foreign_keys = off;", "begin;"]
    for kind in ("table", "index"):
        lines += [f"{sql};" for sql in column(path, OBJECTS.format(kind))]
    for table in column(path, TABLES):
        lines += _inserts(path, table)
    return "\n".join([*lines, "commit;\n"])


def load(path: Path, dumped: str) -> Path:
    """Make a database of such a text, as its release would have left it: in WAL mode."""
    with closing(opened(path, "rwc")) as connection:
        connection.execute("pragma journal_mode = WAL")
    script(path, dumped)
    return path


def _inserts(path: Path, table: str) -> Iterator[str]:
    """All rows of a table in one statement, ordered by its key."""
    found = rows(path, COLUMNS, (table,))
    names = [name for name, _ in found]
    key = [name for name, place in sorted(found, key=lambda each: each[1]) if place] or names
    stored = records(path, f'select * from "{table}" order by {", ".join(key)}')
    if stored:
        values = ",\n".join(f"({', '.join(map(literal, row.values()))})" for row in stored)
        yield f"insert into {table} ({', '.join(names)}) values\n{values};"


def literal(value: Any) -> str:
    """A value as SQL: REALs with all their digits."""
    if value is None:
        return "null"
    return repr(value) if isinstance(value, int | float) else f"'{str(value).replace(chr(39), chr(39) * 2)}'"
