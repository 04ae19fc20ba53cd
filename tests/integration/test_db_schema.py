"""The schema: what it refuses, how the specification's queries find their rows, and how small a candle is."""

import numpy as np
import pytest

from db import statements
from db.market_data import storing
from domain.candles import Series, Source
from tests.db_files import fresh
from tests.kit.candles import bars
from tests.kit.rows import ConstraintError, change, column, pragma, records, rows
from tests.kit.series import HOURLY, START, at

NEWEST = """
SELECT timestamp, open, high, low, close, volume
FROM ohlcv_data
WHERE exchange = 'binance'
  AND symbol = 'BTC/USDT'
  AND timeframe = '1h'
ORDER BY timestamp DESC
LIMIT 100;
"""
PERFORMANCE = """
SELECT
    COUNT(*) as total_trades,
    SUM(pnl) as total_pnl,
    AVG(pnl_percent) as avg_return,
    SUM(CASE WHEN pnl > 0 THEN 1 ELSE 0 END) as wins,
    SUM(CASE WHEN pnl < 0 THEN 1 ELSE 0 END) as losses
FROM trades
WHERE strategy_id = 'btc-bin-1h';
"""
EXTENT = """
SELECT MIN(timestamp) as earliest, MAX(timestamp) as latest
FROM ohlcv_data
WHERE exchange = 'binance'
  AND symbol = 'BTC/USDT'
  AND timeframe = '1h';
"""


@pytest.fixture
def db(tmp_path):
    """A connection to a new database."""
    with fresh(tmp_path) as database:
        yield database


def plan(db, sql, parameters=()):
    """How SQLite finds the rows, one line for each table."""
    return [row["detail"] for row in records(db, f"explain query plan {sql}", parameters)]


class Anything(dict):
    """A value for every parameter."""

    def __missing__(self, key):
        return 1


@pytest.mark.parametrize(
    ("query", "index"),
    [(NEWEST, "PRIMARY KEY"), (PERFORMANCE, "INDEX idx_trades_"), (EXTENT, "PRIMARY KEY")],
)
def test_queries_of_the_specification_use_an_index(db, query, index):
    """They run word for word, and none scans a table."""
    assert [line for line in plan(db, query) if index not in line] == []
    assert not any("SCAN" in line for line in plan(db, query))


def test_queries_of_the_specification_answer(db):
    """The newest hundred, newest first; and the ends."""
    storing.store(db, HOURLY, bars(*range(150)), Source.EXCHANGE, 1)
    assert column(db, NEWEST)[:2] == [at(149), at(148)]
    assert rows(db, EXTENT)[0] == (START, at(149))
    assert rows(db, PERFORMANCE)[0] == (0, None, None, None, None)


def test_no_statement_of_the_candles_scans_their_table(db):
    """Every read and write of candles and gaps begins with the series."""
    names = [name for name in statements.statements() if name.startswith(("candles_", "gaps_"))]
    assert {"candles_newest", "gaps_insert"} < set(names)
    for name in set(names) - {"candles_insert", "candles_heads", "gaps_all"}:
        lines = plan(db, statements.statements()[name], Anything())
        assert not any(line.startswith(("SCAN ohlcv_data", "SCAN gaps")) for line in lines), (name, lines)


@pytest.mark.parametrize("starts", [range(0, 100_000, 1000), range(99_000, -1, -1000)], ids=["oldest", "newest"])
def test_a_candle_takes_at_most_90_bytes(db, starts):
    """100,000 candles of a symbol as long as BTC/USDT, stored a thousand at a time from either end."""
    draw = np.random.default_rng(7)
    close = np.round(50_000 + draw.normal(0, 10, 100_000).cumsum(), 2)
    high, low, volume = close + 5.01, close - 5.01, np.round(draw.exponential(100, 100_000), 5)
    table = np.column_stack([START + 60 * np.arange(100_000), close, high, low, close, volume])
    before = size(db)
    for start in starts:
        storing.store(db, Series("binance", "BTC/USDT", "1m"), table[start : start + 1000], Source.EXCHANGE, 1)
    assert (size(db) - before) / 100_000 <= 90


def size(db):
    """Bytes of the database."""
    return pragma(db, "page_count") * pragma(db, "page_size")


GOOD = {"timestamp": 3600, "open": 2.0, "high": 3.0, "low": 1.0, "close": 2.0, "volume": 0.0, "source": 0}


@pytest.mark.parametrize(
    "wrong",
    [
        {"open": float("nan")},
        {"high": float("inf")},
        {"volume": float("inf")},
        {"low": 0.0},
        {"low": -1.0},
        {"high": 1.5},
        {"low": 2.5},
        {"volume": -1.0},
        {"close": "cheap"},
        {"timestamp": 1.5},
        {"timestamp": 0},
        {"source": 3},
    ],
)
def test_the_table_itself_refuses_nonsense(db, wrong):
    """Whoever writes past the program's own checks meets those of the table."""
    insert = (
        "insert into ohlcv_data values ('b', 'A/B', '1h', :timestamp, :open, :high, :low, :close, :volume, :source)"
    )
    change(db, insert, GOOD)
    with pytest.raises(ConstraintError):
        change(db, insert, GOOD | {"timestamp": 7200} | wrong)


def test_a_bar_exists_once(db):
    """The clustered key is the rule that nothing is doubled."""
    insert = "insert into ohlcv_data values ('b', 'A/B', '1h', 3600, 2.0, 3.0, 1.0, 2.0, 0.0, 0)"
    change(db, insert)
    with pytest.raises(ConstraintError, match="UNIQUE"):
        change(db, insert)


def test_tables_are_strict_and_trades_need_their_strategy(db):
    """Every table checks types; foreign keys are enforced."""
    tables = rows(db, "select name, strict from pragma_table_list where type = 'table'")
    assert [name for name, strict in tables if not strict and not name.startswith("sqlite_")] == []
    with pytest.raises(ConstraintError, match="FOREIGN KEY"):
        change(db, "insert into retention_marks values ('nobody', 1, 1)")


def test_the_real_candles_pass_the_checks_of_the_table(db, data):
    """A recorded file of every exchange goes in as it is."""
    for name in ("binance__BTC-USDT__1d", "kraken__BTC-USD__1d", "coinbase__BTC-USD__1d"):
        table = np.genfromtxt(data / "candles" / f"{name}.csv.gz", delimiter=",", skip_header=1)[:, :6]
        exchange, symbol, timeframe = name.split("__")
        series = Series(exchange, symbol.replace("-", "/"), timeframe)
        assert storing.store(db, series, table, Source.IMPORT, 1).inserted == len(table)
