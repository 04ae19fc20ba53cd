"""What the rest of the house knows of a database: to read and write by named statements, whatever engine keeps it.

`db.opened` gives one. SQLite's stands in `db/sqlite`; nothing outside of it names a driver, a pragma or a lock.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import AbstractContextManager
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple, Protocol, Self, TypeAlias, TypeVar

if TYPE_CHECKING:
    from db.market_data.checks import Table  # brings numpy: a health check does without

Store: TypeAlias = Path  # where a database is kept: an SQLite file
Row: TypeAlias = Any  # by name (`row["symbol"]`), by position, or unpacked
Named = TypeVar("Named", bound=tuple[Any, ...])


class Changes(NamedTuple):
    """Rows that were written after a transaction, oldest first, all up to the transaction with this number."""

    transaction_id: int
    decisions: Sequence[Row] = ()
    trades: Sequence[Row] = ()
    events: Sequence[Row] = ()


class Migrated(NamedTuple):
    """The version of the schema, and what a person should know of the way there, in sentences."""

    version: int
    notes: tuple[str, ...] = ()


class Reader(Protocol):
    """What runs named statements that read: a database, or a transaction of it."""

    def read(self, statement: str, /, **params: Any) -> list[Row]:
        """All rows of the named statement."""

    def read_as(self, kind: type[Named], statement: str, /, **params: Any) -> list[Named]:
        """The same where many rows become values of one kind, a named tuple whose fields are the columns in their
        order: at half the price above the bare statement. Raises TypeError where there are more or fewer columns.
        """

    def read_each(self, statement: str, many: Iterable[Mapping[str, Any]], /) -> list[Row]:
        """All rows of the named statement for each of these parameters, in their order: one journey for many."""


class Transaction(Reader, Protocol):
    """An open write transaction. It ends with its `with` block and is of no use afterwards."""

    @property
    def transaction_id(self) -> int:
        """The number of this transaction, which rows of decisions, trades and events carry: it never comes again."""

    def run(self, statement: str, /, **params: Any) -> int:
        """Carry out a named statement; returns how many rows it changed. Raises Rejected where it breaks a rule."""

    def run_many(self, statement: str, rows: Iterable[Mapping[str, Any]], /) -> int:
        """Carry out a named statement once for each row; how many rows it changed."""

    def insert_rows(self, statement: str, shared: Mapping[str, str | int], table: "Table") -> None:
        """Insert many rows of numbers at once.

        The statement ends in one row of values. `shared` has those that are one for all rows, by name; `table` has the
        rest, in their order. No row is looked at for secrets: raises TypeError for a table that can hold a text.
        """

    def savepoint(self) -> AbstractContextManager[None]:
        """A part of the transaction that is undone when its block raises; what came before it stands."""


class Database(Reader, Protocol):
    """One connection to the shared database. Not to be shared between threads or carried over a fork."""

    @property
    def store(self) -> Store:
        """Where it is kept, as `db.opened` was told; a message names it."""

    def write(self) -> AbstractContextManager[Transaction]:
        """The only way to write: your block in one transaction, committed at its end, undone when it raises.

        Raises Unavailable where the lock is not to be had or the disk fails, DatabaseLost where the store is another
        one now, Forbidden where it was opened for reading only. A block that repeats must be harmless: a commit may
        have happened although its process died before hearing of it. Never wait for a network inside.
        """

    def fenced(self, check: Callable[[Transaction], object]) -> AbstractContextManager[None]:
        """Within the block `check` is called first in every write transaction of this connection; what it raises, such
        as LeaseLost, undoes that.
        """

    def snapshot(self) -> AbstractContextManager[None]:
        """All reads in the block see the same state of the database. Keep it short. Inside a transaction it does
        nothing: there the state stands still already.
        """

    def shadow(self, views: Iterable[str]) -> None:
        """Put temporary views, seen by this connection only, before those of the same names (`create view …`),
        and all other reports over them.
        """

    def scratch(self) -> AbstractContextManager[Transaction]:
        """Write into temporary tables, seen by this connection only; what is shared is not touched."""

    def halted(self) -> bool:
        """Whether the kill switch is on: looked up in every write transaction of a trader. It works, and is seen, while
        somebody else holds the write lock.
        """

    def refuse_lost(self) -> None:
        """Raise DatabaseLost where the store is not the one that was opened any more. Every write looks first."""

    def data_version(self) -> int:
        """A number that changes when another connection has committed; cheap enough to ask five times a second."""

    def changes(self, after: int, rows: int = 1000) -> Changes:
        """What was written after a transaction: to be asked again and again, each time after the number that was given
        last. No commit is missed; where nobody has written it costs microseconds. Of more than so many `rows` it gives
        the oldest, always whole transactions. Rows of a release that gave no numbers are never among them. Numbers go
        on growing where a backup takes the place of a database: its rows count as written before.
        """

    def close(self) -> None:
        """Give the connection back."""

    def __enter__(self) -> Self: ...

    def __exit__(self, kind: object, error: BaseException | None, trace: object) -> None: ...
