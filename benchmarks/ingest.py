"""Candle ingest through the public path beside raw `executemany` and `sqlite_utils.insert_all`."""

import multiprocessing
from pathlib import Path
from statistics import median

from sqlite_utils import Database as Utils

from benchmarks.measure import SERIES, fresh, seconds, table, walk
from db.market_data import storing
from db.sqlite import library
from domain.candles import Source

ROWS, BATCH, ROUNDS = 200_000, 1_000, 3
COLUMNS = ("exchange", "symbol", "timeframe", "timestamp", "open", "high", "low", "close", "volume", "source")
INSERT = f"insert or ignore into ohlcv_data ({', '.join(COLUMNS)}) values ({', '.join('?' * 10)})"


def run() -> None:
    """Rows per second of each, and the ratios; the three take turns."""
    rates: dict[str, list[float]] = {"public": [], "raw": [], "utils": []}
    for _ in range(ROUNDS):
        rates["public"].append(ROWS / _public())
        rates["raw"].append(ROWS / _raw())
        rates["utils"].append(ROWS / _utils())
    public, raw, utils = (median(rates[name]) for name in ("public", "raw", "utils"))
    table(
        f"ingest of {ROWS:,} candles in batches of {BATCH:,} (median of {ROUNDS})",
        [
            ("db.market_data.storing.store", f"{public:,.0f} rows/s"),
            ("raw executemany, same table and transactions", f"{raw:,.0f} rows/s"),
            ("sqlite_utils.insert_all", f"{utils:,.0f} rows/s"),
            ("store / raw (aim 0.85)", f"{public / raw:.2f}"),
            ("store / sqlite_utils (aim 4)", f"{public / utils:.1f}"),
        ],
    )


def _public() -> float:
    """The path of the backfiller: checked, compared, recorded in heads and gaps, one lock and commit per batch."""
    rows = walk(ROWS)
    with fresh() as (_, db):
        return seconds(lambda: [storing.store(db, SERIES, rows[i : i + BATCH], Source.EXCHANGE, 0) for i in _starts()])


def _raw() -> float:
    """What the library can do: tuples that are ready, nothing checked."""
    key = (SERIES.exchange, SERIES.symbol, SERIES.timeframe)
    rows = [(*key, int(row[0]), *row[1:], 0) for row in walk(ROWS).tolist()]
    with fresh() as (path, _):
        connection = _connection(path)
        return seconds(lambda: [_executemany(connection, rows[i : i + BATCH]) for i in _starts()])


def _executemany(connection: library.Connection, rows: list[tuple[object, ...]]) -> None:
    """One transaction."""
    connection.execute("begin immediate")
    connection.executemany(INSERT, rows)
    connection.execute("commit")


def _utils() -> float:
    """The convenient way, in a process of its own: it brings another SQLite, and one file may have one in a process."""
    with fresh() as (path, _), multiprocessing.get_context("spawn").Pool(1) as pool:
        return pool.apply(_inserted, (path,))


def _inserted(path: Path) -> float:
    """Seconds that `insert_all` takes."""
    key = dict(zip(COLUMNS, (SERIES.exchange, SERIES.symbol, SERIES.timeframe), strict=False))
    rows = [key | dict(zip(COLUMNS[3:], (int(row[0]), *row[1:], 0), strict=True)) for row in walk(ROWS).tolist()]
    utils = Utils(path)
    utils.execute("pragma synchronous = full")
    return seconds(lambda: [utils["ohlcv_data"].insert_all(rows[i : i + BATCH], ignore=True) for i in _starts()])


def _connection(path: Path) -> library.Connection:
    """A bare connection with the durability of the fleet's own."""
    connection = library.Connection(str(path))
    connection.execute("pragma synchronous = full")
    return connection


def _starts() -> range:
    """Where the batches begin."""
    return range(0, ROWS, BATCH)
