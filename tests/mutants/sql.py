"""Breaks of named statements and of the views of who may act, of which only those count that SQLite can prepare."""

import re
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from functools import cache

from db import statements
from db.sqlite import dialect
from tests.witness.mutations import Break
from tests.witness.sql_mutations import of_sql

CUT = [
    (r"(?<=\S) and [\w.]+ (?:[<>=]+ [:\w.]+|is null|is not null)", ""),  # a condition
    (r"^ +and [\w.]+ (?:[<>=]+ [:\w.]+|is null|is not null)", ""),
    (r", \w+ = (?:excluded\.|:)\w+", ""),  # a column that is written
    (r"\border by ([\w.]+)(?=[,;]|$)", r"order by \1 desc"),
    (r"\bleft join\b", "join"),
]


class _Anything(dict[str, None]):
    """A value for every parameter."""

    def __missing__(self, _name: str) -> None:
        return None


def of_statements(file: str, source: str) -> Iterator[Break]:
    """Every break of a file of statements: signs, words, columns, conditions and columns left out, orders turned."""
    lines = source.splitlines()
    for each in of_sql(file, source, 1, len(lines)):
        if not lines[each.line - 1].encode()[: each.start].endswith(b"select "):  # what there is, not whether
            yield each
    for number, line in enumerate(lines, 1):
        for pattern, new in CUT:
            for found in re.finditer(pattern, line.split("--")[0]):
                start, end = (len(line[:place].encode()) for place in found.span())
                yield Break(file, number, start, end, found.expand(new))


def prepared(source: str, broken: str) -> bool:
    """Whether SQLite understands all of a broken file that it understands of the whole one."""
    return _refused(broken) <= _refused(source)


@cache
def _refused(source: str) -> frozenset[str]:
    """The statements of a file that SQLite does not understand, by name or by what they begin with."""
    with closing(sqlite3.connect(":memory:")) as memory:
        for name in dialect.WRITTEN_OUT:
            memory.create_function(name, -1, lambda *_: 0.0)
        for each in (*statements.script(statements.SCHEMA), *dialect.views()):
            memory.execute(each)
        named = statements.parse(source) if "-- name:" in source else {}
        found = {name for name, sql in named.items() if not _understood(memory, f"explain {sql}")}
        for view in [] if named else statements.split(source):
            name = dialect.view_name(view)
            memory.execute(f"drop view if exists {name}")
            if not (_understood(memory, view) and _understood(memory, f"select * from {name} limit 0")):
                found.add(name)
    return frozenset(found)


def _understood(memory: sqlite3.Connection, sql: str) -> bool:
    try:
        memory.execute(sql, _Anything())
    except sqlite3.Error:
        return False
    return True
