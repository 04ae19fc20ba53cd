"""The missing bars of every series as ranges with their causes: disjoint, in order, equal neighbours merged.

The arithmetic is in `db.ranges`; this module loads and stores. Both ends of a range are opens of missing bars.
"""

from collections.abc import Iterable, Sequence
from typing import Any

from db.database import Database, Transaction
from db.market_data import ranges
from db.market_data.ranges import Range
from domain import timeframes
from domain.candles import Series
from domain.gaps import Cause, Gap

EVER = 2**62  # later than every bar


def gaps(db: Database | Transaction, series: Series, first: int | None = None, last: int | None = None) -> list[Gap]:
    """The ranges that touch `first` to `last` (opens; None: no limit), in order and whole, not cut to these limits."""
    low, high = 0 if first is None else first, EVER if last is None else last
    rows = db.read("gaps_touching", **series_key(series), first=low, last=high)
    return [Gap(row[0], row[1], Cause(row[2])) for row in rows]


def all_gaps(db: Database) -> list[tuple[Series, Gap]]:
    """Every range of every series."""
    return [(Series(*row[:3]), Gap(row[3], row[4], Cause(row[5]))) for row in map(tuple, db.read("gaps_all"))]


def mark(db: Database, series: Series, first: int, last: int, cause: Cause) -> None:
    """All bars from `first` to `last` are missing for this cause, whatever was known of them; stored bars stay out."""
    mark_all(db, series, [(first, last)], cause)


def mark_all(db: Database, series: Series, spans: Iterable[Range], cause: Cause) -> None:
    """`mark` for many ranges (disjoint, in order) in one transaction."""
    length = series.seconds
    wide = [(timeframes.ceil(first, length), timeframes.floor(last, length)) for first, last in spans]
    # Searching long stretches of stored bars takes time, so it is done before the lock is taken: bars never go away.
    missing = [hole for span in wide if span[0] <= span[1] for hole in holes(db, series, *span)]
    if not missing:
        return
    with db.write() as tx:
        for hole in missing:
            _replace(tx, series, hole, ranges.subtract([hole], _stored(tx, series, hole), length), cause)


def reopen(db: Database, series: Series, span: Range) -> None:
    """What is missing within `span` counts as not fetched until it is proven anew.

    Bars that are proven to be without trades keep that meanwhile: as holes they would stop entries.
    """
    known = [gap for gap in gaps(db, series, *span) if gap.cause not in (Cause.NO_TRADES, Cause.NOT_FETCHED)]
    mark_all(db, series, [(max(gap[0], span[0]), min(gap[1], span[1])) for gap in known], Cause.NOT_FETCHED)


def clear(db: Database, series: Series, first: int, last: int) -> None:
    """Nothing is known to be missing from `first` to `last` any more."""
    with db.write() as tx:
        trim(tx, series, [(first, last)])


def trim(tx: Transaction, series: Series, spans: Sequence[Range]) -> list[Gap]:
    """Take bars that are there now (runs of opens, in order) out of the ranges; what was taken out."""
    before = gaps(tx, series, spans[0][0], spans[-1][1])
    after = ranges.without(before, spans, series.seconds)
    _write(tx, series, before, after)
    return ranges.without(before, [gap[:2] for gap in after], series.seconds)


def holes(db: Database | Transaction, series: Series, first: int, last: int) -> list[Range]:
    """Every range of bars from `first` to `last` (opens of bars) that is not stored, in order."""
    key = series_key(series)
    rows = db.read("gaps_holes", **key, first=first, last=last, length=series.seconds)
    found = [(row[0], row[1]) for row in rows]
    newest = db.read("gaps_newest_stored", **key, first=first, last=last)[0][0]
    start = first if newest is None else newest + series.seconds
    return [*found, (start, last)] if start <= last else found


def series_key(series: Series) -> dict[str, Any]:
    """The parameters that name a series in statements."""
    return {"exchange": series.exchange, "symbol": series.symbol, "timeframe": series.timeframe}


def _replace(tx: Transaction, series: Series, hole: Range, missing: Sequence[Range], cause: Cause) -> None:
    """Within `hole` exactly the bars of `missing` are missing, for this cause."""
    length = series.seconds
    before = gaps(tx, series, hole[0] - length, hole[1] + length)
    after = [*ranges.without(before, [hole], length), *(Gap(first, last, cause) for first, last in missing)]
    _write(tx, series, before, ranges.merged(after, length))


def _stored(tx: Transaction, series: Series, hole: Range) -> list[Range]:
    """Bars within `hole` that somebody has stored since it was looked at."""
    rows = tx.read("candles_timestamps", **series_key(series), first=hole[0], last=hole[1])
    return ranges.runs([row[0] for row in rows], series.seconds)


def _write(tx: Transaction, series: Series, before: Sequence[Gap], after: Sequence[Gap]) -> None:
    """Replace ranges by others, touching only those that differ."""
    key = series_key(series)
    gone, new = set(before).difference(after), set(after).difference(before)
    tx.run_many("gaps_delete", [key | {"first": gap.first_timestamp} for gap in gone])
    tx.run_many("gaps_insert", [key | {"first": gap[0], "last": gap[1], "cause": gap.cause.value} for gap in new])
