"""The bars that a series lacks, and the causes that the database keeps of them."""

from collections.abc import Iterable

from backfiller import plan
from db.database import Database
from db.market_data import candles, gaps
from db.market_data.ranges import Range
from domain.candles import Series
from domain.gaps import Cause

MARKED = 50  # ranges that are written in one transaction
DELISTED = frozenset({Cause.DELISTED})


def missing_bars(db: Database, series: Series, span: Range, again: frozenset[Cause] = plan.OPEN) -> list[Range]:
    """What is missing within `span`, but for what is explained by a cause that is not in `again`."""
    known = gaps.gaps(db, series, *span)
    return plan.to_fetch(candles.missing(db, series, *span), known, again, series.seconds)


def mark_not_fetched(db: Database, series: Series, span: Range) -> None:
    """Write down as not fetched what is missing within `span` and stands in no range yet.

    So does what was delisted: the market is there again.
    """
    gaps.mark_all(db, series, missing_bars(db, series, span, DELISTED), Cause.NOT_FETCHED)


def mark_causes(db: Database, series: Series, causes: Iterable[tuple[Range, Cause]]) -> None:
    """Write down why bars are missing."""
    marks = sorted(causes)
    for cause in {cause for _, cause in marks}:
        spans = [span for span, each in marks if each is cause]
        for start in range(0, len(spans), MARKED):
            gaps.mark_all(db, series, spans[start : start + MARKED], cause)
