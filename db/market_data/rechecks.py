"""Series of which a person wants every cause of a gap asked for again; the backfiller says when it has."""

from collections.abc import Iterable

from db.database import Database
from db.market_data import gaps
from db.market_data.gaps import series_key
from db.market_data.ranges import Range
from domain.candles import Series
from domain.gaps import Cause


def ask(db: Database, wanted: Iterable[Series], now_ms: int) -> None:
    """These series are to be looked at again, whether or not they were before."""
    with db.write() as tx:
        tx.run_many("rechecks_ask", [series_key(series) | {"now_ms": now_ms} for series in wanted])


def waiting(db: Database) -> frozenset[Series]:
    """The series that are still to be looked at."""
    return frozenset(Series(*row) for row in map(tuple, db.read("rechecks_waiting")))


def reopen(db: Database, series: Series, span: Range) -> None:
    """What is missing within `span` counts as not fetched until it is proven anew.

    Bars that are proven to be without trades keep that meanwhile: as holes they would stop entries.
    """
    known = [gap for gap in gaps.gaps(db, series, *span) if gap.cause not in (Cause.NO_TRADES, Cause.NOT_FETCHED)]
    gaps.mark_all(db, series, [(max(gap[0], span[0]), min(gap[1], span[1])) for gap in known], Cause.NOT_FETCHED)


def done(db: Database, series: Series, now_ms: int) -> None:
    """The series was looked at."""
    with db.write() as tx:
        tx.run("rechecks_done", **series_key(series), now_ms=now_ms)
