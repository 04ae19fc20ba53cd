"""What a chart of a strategy shows: prices, fills and equity, thinned to as many stretches as a picture can show.

The lowest and highest of every stretch are kept, so that no extreme is lost.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

from db.database import Database, Row
from db.market_data import candles
from db.market_data.gaps import series_key
from domain import timeframes
from domain.candles import Series
from domain.errors import ConfigError

BEFORE_ANY = 500  # bars that are shown of a strategy that has decided none


class Span(NamedTuple):
    """A stretch of time that ends at `closed` (Unix seconds): the lowest, highest and last value in it."""

    closed: int
    low: float
    high: float
    last: float


class Marker(NamedTuple):
    """A fill at the close of its bar (Unix seconds). `pnl` is None where it opens."""

    closed: int
    side: str
    price: float
    pnl: float | None
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Chart:
    """A strategy from one moment to another (Unix seconds). `equity` has a span for every stretch of time since it
    began; `prices` for each in which there are candles.
    """

    strategy_id: str
    series: Series
    quote: str
    first: int
    last: int
    prices: list[Span]
    equity: list[Span]
    markers: list[Marker]


def chart(db: Database, known: Row, stretches: int, since: int = 0) -> Chart:
    """The chart of a strategy, of which `known` says what it is, since a moment, else since its first decision.

    Raises ConfigError where there is no candle then.
    """
    series, one = Series(known["exchange"], known["symbol"], known["timeframe"]), known["strategy_id"]
    with db.snapshot():
        first, last = _extent(db, known, series, since)
        span = {"first": first, "last": last}
        bars = (last - first) // series.seconds + 1
        width = -(-bars // stretches) * series.seconds
        prices = db.read("chart_prices", **series_key(series), **span, width=width)
        points = db.read("chart_equity", strategy_id=one, **span, width=width)
        before = db.read("chart_before", strategy_id=one, first=first)[0]["equity"]
        fills = db.read("chart_fills", strategy_id=one, **span)
    end = last + series.seconds
    closes = [min(closed, end) for closed in range(first + width, end + width, width)]
    return Chart(
        strategy_id=one,
        series=series,
        quote=known["quote"],
        first=first,
        last=end,
        prices=[Span(closes[row["place"]], row["low"], row["high"], row["last"]) for row in prices],
        equity=_carried(points, closes, before),
        markers=[_marker(row, series.seconds) for row in fills],
    )


def _extent(db: Database, known: Row, series: Series, since: int) -> tuple[int, int]:
    """The first and the last open that are shown: up to the newest candle; once removed, its last decision."""
    stored = candles.extent(db, series)
    if stored is None:
        raise ConfigError(f"not one candle of {series} is stored: `fleet up` or `fleet backfill --once` fetches them")
    began = db.read("totals_of_strategy", strategy_id=known["strategy_id"])[0]
    last = stored[1] if known["enabled"] or began["started"] is None else began["decided_timestamp"]
    first = last - (BEFORE_ANY - 1) * series.seconds if began["started"] is None else began["started"]
    begin = max(first, stored[0], timeframes.ceil(since, series.seconds))
    if begin > last:
        raise ConfigError(f"{known['strategy_id']} has no candle since then: take an earlier --since")
    return begin, last


def _carried(points: Sequence[Row], closes: Sequence[int], before: float) -> list[Span]:
    """The equity in every stretch: where it did not move, what it was."""
    moved, found = {row["place"]: row for row in points}, []
    for place, closed in enumerate(closes):
        row = moved.get(place)
        found.append(
            Span(closed, row["low"], row["high"], row["last"]) if row else Span(closed, before, before, before)
        )
        before = found[-1].last
    return found


def _marker(row: Row, seconds: int) -> Marker:
    return Marker(row["timestamp"] + seconds, row["side"], row["price"], row["pnl"], row["reason"])
