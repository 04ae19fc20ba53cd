"""Series that somebody waits for: whoever acts for their exchange fetches them next, and says here when it is done."""

from collections.abc import Mapping
from typing import NamedTuple

from db.database import Database, Row
from db.market_data.gaps import series_key
from domain.candles import Series


class BackfillRequest(NamedTuple):
    """What somebody waits for.

    `first_timestamp`: how deep, the open of the oldest bar; None: as deep as whoever acts keeps it. `recheck`: every
    cause of a missing bar is to be found out again. `reason`: why it could not be filled, None where it was, or is
    still to be.
    """

    series: Series
    first_timestamp: int | None
    recheck: bool
    asked_ms: int
    done: bool = False
    reason: str | None = None


def ask(db: Database, wanted: Mapping[Series, int | None], now_ms: int, *, recheck: bool) -> None:
    """Wait for these series, each as deep as `first_timestamp` says, whether or not they were asked for before."""
    rows = [series_key(series) | {"first": first, "recheck": int(recheck)} for series, first in sorted(wanted.items())]
    with db.write() as tx:
        tx.run_many("backfill_requests_ask", [row | {"now_ms": now_ms} for row in rows])


def waiting(db: Database, exchange: str) -> list[BackfillRequest]:
    """What is still to be done for an exchange."""
    return list(map(_request, db.read("backfill_requests_waiting", exchange=exchange)))


def of(db: Database, exchange: str) -> dict[Series, BackfillRequest]:
    """The newest request for each series of an exchange, done or not."""
    return {each.series: each for each in map(_request, db.read("backfill_requests_of", exchange=exchange))}


def done(db: Database, request: BackfillRequest, now_ms: int, reason: str | None) -> None:
    """It was done, or could not be for this `reason`. One that was asked anew meanwhile is still to be done."""
    with db.write() as tx:
        key = series_key(request.series) | {"asked_ms": request.asked_ms}
        tx.run("backfill_requests_done", **key, now_ms=now_ms, reason=reason)


def _request(row: Row) -> BackfillRequest:
    exchange, symbol, timeframe, first, recheck, asked_ms, done_ms, reason = row
    series = Series(exchange, symbol, timeframe)
    return BackfillRequest(series, first, bool(recheck), asked_ms, done_ms is not None, reason)
