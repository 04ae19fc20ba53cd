"""What the house makes of SQLite's library: rows by name and place, statements that stay prepared."""

import subprocess
import sys
from contextlib import closing
from typing import NamedTuple

import apsw
import pytest

from db.sqlite import library
from db.sqlite.dialect import repeated
from db.sqlite.transaction import CHUNKS


@pytest.fixture
def connection():
    """A database in memory with two bars."""
    with library.Connection(":memory:") as made:
        made.execute("create table bars (symbol text, timestamp integer, close real)")
        made.change_each("insert into bars values (:symbol, :at, 1.5)", [{"symbol": "a", "at": at} for at in (1, 2)])
        yield made


def test_a_row_is_read_by_name_by_place_and_unpacked(connection):
    """And is as good a mapping as a tuple."""
    (row,) = connection.rows("select symbol, timestamp as count, close from bars where timestamp = :at", {"at": 2})
    assert (row["symbol"], row["count"], row["close"]) == ("a", 2, 1.5)
    assert (row[0], row[-1], row[1:]) == ("a", 1.5, (2, 1.5))
    assert dict(row) == {"symbol": "a", "count": 2, "close": 1.5}
    assert row == ("a", 2, 1.5)
    symbol, *rest = row
    assert (symbol, rest) == ("a", [2, 1.5])


class Bar(NamedTuple):
    """What a row may become."""

    timestamp: int
    close: float


def test_rows_become_values_of_a_kind(connection):
    """The columns in their order are its fields; another number of them is a mistake."""
    found = connection.rows_as(Bar, "select timestamp, close from bars where symbol = :symbol", {"symbol": "a"})
    assert found == [Bar(1, 1.5), Bar(2, 1.5)]
    assert {type(each) for each in found} == {Bar}
    for columns in ("timestamp", "timestamp, close, symbol"):
        with pytest.raises(TypeError, match="no Bar: select"):
            connection.rows_as(Bar, f"select {columns} from bars")


def test_columns_of_any_name_have_a_place(connection):
    """Words of Python, calls, a name that comes twice."""
    (row,) = connection.rows("select 1 as class, count(*), 2 as x, 3 as x from bars")
    assert tuple(row) == (1, 2, 2, 3)
    assert row["class"] == 1


def test_an_unknown_name_is_a_mistake(connection):
    """It does not pass for an empty value."""
    (row,) = connection.rows("select symbol from bars limit 1")
    with pytest.raises(AttributeError):
        row["symbols"]


def test_a_statement_without_rows_says_its_columns_later(connection):
    """The first answer may be empty."""
    asked = "select close from bars where timestamp = ?"
    assert connection.rows(asked, (3,)) == []
    assert [row["close"] for row in connection.rows(asked, (1,))] == [1.5]


@pytest.mark.parametrize(
    "asked", ["select bars.*, 'mine' as word from bars", "select symbol, 'mine' as word from bars"]
)
def test_names_are_right_after_somebody_else_has_added_a_column(tmp_path, asked):
    """A process goes on while another one migrates the file: `*` stands for more columns from then on."""
    where = str(tmp_path / "some.db")
    with closing(library.Connection(where)) as ours, closing(library.Connection(where)) as theirs:
        theirs.execute("create table bars (symbol text)")
        theirs.execute("insert into bars values ('a')")
        assert [row["word"] for row in ours.rows(asked)] == ["mine"]
        theirs.execute("alter table bars add column note text default 'theirs'")
        assert [(row["symbol"], row["word"]) for row in ours.rows(asked)] == [("a", "mine")]


def test_changes_are_counted(connection):
    """Of one statement, also where it changes nothing, and over many rows."""
    assert connection.change("update bars set close = 2") == 2
    assert connection.change("update bars set close = 3 where timestamp = 9") == 0
    assert connection.change_each("delete from bars where timestamp = :at", [{"at": at} for at in (1, 2, 3)]) == 2


def test_rows_of_each_come_in_the_order_of_what_was_asked(connection):
    """By name and place as ever, also where the first has none, and where nothing is asked or found."""
    asked = "select symbol, timestamp as at from bars where timestamp = :at"
    found = connection.rows_of_each(asked, [{"at": at} for at in (9, 2, 1, 2)])
    assert [(row["at"], row[0]) for row in found] == [(2, "a"), (1, "a"), (2, "a")]
    assert connection.rows_of_each(asked, []) == connection.rows_of_each(asked, [{"at": 9}]) == []


def test_values_of_many_rows_are_bound_by_name(connection):
    """In whatever order they stand in the row or in the statement, one of them twice, with others that nobody reads."""
    row = {"close": 7.0, "unused": 1, "symbol": "b", "at": 1}
    sql = "update bars set symbol = :symbol, close = :close where timestamp = :at and :symbol <> 'a'"
    assert connection.change_each(sql, [row, {"at": 2, "symbol": "a", "close": 0.0}]) == 1
    assert connection.rows("select * from bars order by timestamp") == [("b", 1, 7.0), ("a", 2, 1.5)]


def test_a_missing_value_is_refused(connection):
    """It is not taken for null."""
    for ask in (connection.rows, lambda sql, row: connection.change_each(sql, [row])):
        with pytest.raises(KeyError, match="at"):
            ask("select :at", {"as": 1})


def test_a_text_that_is_damaged_is_an_error_of_reading(connection):
    """One of those that callers expect."""
    with pytest.raises(library.ERRORS):
        connection.rows("select cast(x'ff41' as text)")


def test_a_statement_stays_prepared_whatever_its_values_are(connection):
    """The library has STAT4, for which SQLite would prepare it anew with every other value."""
    asked = []
    connection.set_authorizer(lambda *about: asked.append(about) or apsw.SQLITE_OK)  # is asked whenever one is prepared
    for symbol in ("a", "b", "c"):
        connection.rows("select close from bars where symbol = :symbol order by timestamp", {"symbol": symbol})
        asked, before = [], asked
    assert before == []


def test_the_longest_statement_is_kept(connection):
    """An INSERT of 250 candles fits into the cache of prepared ones."""
    most = connection.cache_stats()["max_cacheable_bytes"]
    assert len(repeated("candles_insert", max(CHUNKS), ("exchange", "symbol", "timeframe", "source"))) < most


def test_no_second_library_is_loaded():
    """Two of them in one process would drop each other's locks on one file."""
    rooms = (
        "trader.__main__, backfiller.__main__, fleet.cli, fleet.up, fleet.backups, db.reading.query, db.sqlite.migrate"
    )
    asked = f"import sys, {rooms}; print([name for name in sys.modules if name in ('_sqlite3', 'pysqlite3')])"
    done = subprocess.run([sys.executable, "-c", asked], capture_output=True, text=True, check=True)
    assert done.stdout == "[]\n"
