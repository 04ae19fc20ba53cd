"""The SQLite library of the house, and what a connection of it is here: the one module that says how it is used.

apsw gives rows as tuples and raises what SQLite says, by its codes. A connection may be handed from thread to thread,
but two at once is an error (`apsw.ThreadingViolationError`).
"""

from collections import namedtuple
from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from itertools import repeat
from typing import Any, TypeAlias

import apsw

from db.database import Named, Row

Values: TypeAlias = Mapping[str, Any] | Sequence[Any]
Error = apsw.Error
SecondStatement = apsw.ExecTraceAbort  # refused by a tracer of statements
ERRORS = (apsw.Error, UnicodeDecodeError)  # what reading may raise: a damaged text is no UTF-8
VERSION = apsw.sqlite_lib_version()  # of the SQLite that everything here runs on
BUSY_TIMEOUT = 5.0  # seconds: for programs that do not take the lock file
CACHED = 512  # statements that stay prepared
FLAGS = apsw.SQLITE_OPEN_READWRITE | apsw.SQLITE_OPEN_CREATE | apsw.SQLITE_OPEN_URI  # the URI's `mode` says less


class Connection(apsw.Connection):
    """One connection. `where` is a name or URI of SQLite (sqlite.org/uri.html), such as ``file:///x.db?mode=ro``."""

    def __init__(self, where: str, timeout: float = BUSY_TIMEOUT) -> None:
        super().__init__(where, FLAGS, statementcachesize=CACHED)
        self.set_busy_timeout(round(1000 * timeout))
        # The library has STAT4: without this a statement is prepared anew, at twice its price, whenever a value that it
        # compares with has been bound (sqlite.org/c3ref/c_dbconfig_defensive.html, ENABLE_QPSG).
        self.config(apsw.SQLITE_DBCONFIG_ENABLE_QPSG, 1)
        self._classes: dict[str, type[tuple[Any, ...]]] = {}  # by statement that names its columns
        self._parameters: dict[str, tuple[str, ...]] = {}  # of a statement

    def rows(self, sql: str, values: Values = ()) -> list[Row]:
        """All rows of a statement, each to be read by name or place. Nothing of it stays open."""
        return self._named(sql, self.execute(sql, values))

    def rows_of_each(self, sql: str, many: Iterable[Mapping[str, Any]]) -> list[Row]:
        """The same, of a statement that is carried out once for each of these."""
        return self._named(sql, self.executemany(sql, self._by_place(sql, many)))

    def _named(self, sql: str, found: apsw.Cursor) -> list[Row]:
        """The rows that a cursor has still to give, in the class of those of this statement."""
        made = self._classes.get(sql)
        if made is None:
            try:
                described = found.get_description()
            except apsw.ExecutionCompleteError:  # no row: SQLite says no columns any more
                return []
            made = row_class(tuple(column[0] for column in described))
            if "*" not in sql:  # what that stands for changes when another process migrates the file
                self._classes[sql] = made
        return list(map(made, found))

    def rows_as(self, kind: type[Named], sql: str, values: Values = ()) -> list[Named]:
        """All rows of a statement as named tuples, by the shortest way from a row to one. Raises TypeError where the
        statement has not as many columns as they have fields.
        """
        found: list[Any] = list(map(tuple.__new__, repeat(kind), self.execute(sql, values)))
        if found and len(found[0]) != len(found[0]._fields):
            raise TypeError(f"{len(found[0])} columns are no {kind.__name__}: {sql}")
        return found

    def change(self, sql: str, values: Values = ()) -> int:
        """Carry out a statement that writes; how many rows it changed."""
        self.execute(sql, values)
        return self.changes()

    def change_each(self, sql: str, rows: Iterable[Mapping[str, Any]]) -> int:
        """The same once for each row; how many rows were changed, those among them that followed a changed key."""
        before = self.total_changes()
        self.executemany(sql, self._by_place(sql, rows))
        return self.total_changes() - before

    def _by_place(self, sql: str, rows: Iterable[Mapping[str, Any]]) -> Iterable[Values]:
        """Values by name as values by place, in the order in which SQLite numbers the parameters of a statement: so
        they are bound three times as fast.
        """
        for row in rows:
            names = self._parameters.get(sql)
            if names is None:
                explained = self.execute(f"explain {sql}", row)
                names = self._parameters[sql] = tuple(name or "" for name in explained.bindings_names)
                explained.close()
            yield [row[name] for name in names]


def _value(row: tuple[Any, ...], key: Any) -> Any:
    """A value by the name of its column, or values by place."""
    return getattr(row, key) if key.__class__ is str else tuple.__getitem__(row, key)


@cache
def row_class(names: tuple[str, ...]) -> type[tuple[Any, ...]]:
    """The class of rows with these columns: tuples, whose values are found by name too, and ``dict(row)`` works.

    `namedtuple` has the fastest way from a name to a place that Python knows.
    """
    fields: Any = namedtuple("fields", names, rename=True)  # type: ignore[misc]
    columns = {name: getattr(fields, fields._fields[place]) for place, name in enumerate(names)}
    ways = {"__slots__": (), "__getitem__": _value, "keys": lambda _: names}
    return type("Row", (tuple,), columns | ways)
