"""Running named statements on an SQLite connection."""

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from db.database import Named, Row, Transaction
from db.sqlite import engine, library
from db.sqlite.dialect import repeated, statements
from db.statements import texts
from domain.errors import Unavailable
from domain.secrets import hidden

if TYPE_CHECKING:
    from db.market_data.checks import Table  # brings numpy: a health check does without

CHUNKS = (250, 50, 10, 1)  # rows that one INSERT carries


class StatementReader:
    """What a connection and a transaction share: running statements by name."""

    def __init__(self, connection: library.Connection, path: Path) -> None:
        self._connection = connection
        self._path = path

    def read(self, statement: str, /, **params: Any) -> list[Row]:
        """All rows of the named statement; the cursor is exhausted, so it holds up no checkpoint."""
        try:
            return self._connection.rows(statements()[statement], params)
        except library.ERRORS as error:
            engine.fail(error, f"{self._path}: {statement}")

    def read_as(self, kind: type[Named], statement: str, /, **params: Any) -> list[Named]:
        """The same where many rows become values of one kind, a named tuple whose fields are the columns in order."""
        try:
            return self._connection.rows_as(kind, statements()[statement], params)
        except library.ERRORS as error:
            engine.fail(error, f"{self._path}: {statement}")

    def read_each(self, statement: str, many: Iterable[Mapping[str, Any]], /) -> list[Row]:
        """All rows of the named statement for each of these parameters, in their order."""
        try:
            return self._connection.rows_of_each(statements()[statement], many)
        except library.ERRORS as error:
            engine.fail(error, f"{self._path}: {statement}")


class SqliteTransaction(StatementReader, Transaction):
    """An open write transaction. It ends with its `with` block and is of no use afterwards."""

    _number: int | None = None  # once somebody has asked for it

    @property
    def transaction_id(self) -> int:
        """The number of this transaction, drawn under the write lock when it is asked for first."""
        if self._number is None:
            self._number = int(self.read("changes_begin")[0]["transaction_id"])
        return self._number

    def run(self, statement: str, /, **params: Any) -> int:
        """Carry out a named statement; returns how many rows it changed. Raises Rejected where it breaks a rule."""
        self._refuse_ended(statement)
        try:
            return self._connection.change(statements()[statement], _without_secrets(statement, params))
        except library.ERRORS as error:
            engine.fail(error, f"{self._path}: {statement}")

    def run_many(self, statement: str, rows: Iterable[Mapping[str, Any]], /) -> int:
        """Carry out a named statement once for each row; how many rows it changed."""
        self._refuse_ended(statement)
        try:
            safe = (_without_secrets(statement, row) for row in rows) if texts(statement) else rows
            return self._connection.change_each(statements()[statement], safe)
        except library.ERRORS as error:
            engine.fail(error, f"{self._path}: {statement}")

    def insert_rows(self, statement: str, shared: Mapping[str, str | int], table: "Table") -> None:
        """Insert many rows of numbers at twice the speed of `run_many`, by statements of 250, 50, 10 or 1 rows.

        The statement ends in one row of values. `shared` has those that are one for all rows, by name; `table` has the
        rest, in their order. No row is looked at for secrets: raises TypeError for a table that can hold a text.
        """
        self._refuse_ended(statement)
        if table.dtype.kind not in "fiu":
            raise TypeError(f"{statement}: rows of {table.dtype} may hold texts: use run_many")
        start, width, values = 0, table.shape[1], table.ravel().tolist()
        try:
            while start < len(values):
                rows = next(size for size in CHUNKS if size * width <= len(values) - start)
                stop = start + rows * width
                sql = repeated(statement, rows, tuple(shared))
                self._connection.execute(sql, [*shared.values(), *values[start:stop]])
                start = stop
        except library.ERRORS as error:
            engine.fail(error, f"{self._path}: {statement}")

    @contextmanager
    def savepoint(self) -> Iterator[None]:
        """A part of the transaction that is undone when its block raises; what came before it stands."""
        self._refuse_ended("savepoint")
        self._connection.execute("savepoint part")
        try:
            yield
        except BaseException:
            if self._connection.in_transaction:
                self._connection.execute("rollback to part")
                self._connection.execute("release part")
            self._number = None  # it may have been undone with the part
            raise
        self._refuse_ended("savepoint")
        self._connection.execute("release part")

    def _refuse_ended(self, statement: str) -> None:
        """Some failures (a full disk) end a transaction by themselves: nothing may be written outside of one."""
        if not self._connection.in_transaction:
            raise Unavailable(f"{self._path}: {statement}: the transaction has ended; repeat it as a whole")


def _without_secrets(statement: str, params: Mapping[str, Any]) -> Mapping[str, Any]:
    """The values of a statement; what tells people why is stored without secrets, whoever wrote it."""
    shown = {name: hidden(params[name]) for name in texts(statement) if isinstance(params.get(name), str)}
    return {**params, **shown} if shown else params
