"""Rows of exchanges that are not candles, kept as they came with the reason."""

from collections.abc import Iterable

from db.database import Database, Row
from db.market_data.gaps import series_key
from domain.candles import Series


def add(db: Database, series: Series, rows: Iterable[tuple[str, str]], now_ms: int) -> int:
    """Keep rows, given as payload and reason; how many are new. A payload that is known already is kept once."""
    key = series_key(series) | {"received_ms": now_ms}
    with db.write() as tx:
        return sum(tx.run("quarantine_add", **key, payload=payload, reason=reason) for payload, reason in rows)


def rows(db: Database, series: Series) -> list[Row]:
    """What is kept of a series, oldest first: received_ms, payload, reason."""
    return db.read("quarantine_rows", **series_key(series))
