"""Whether a series is what was wished for, after it was filled: in words where it is not. Nothing
that could not be filled ends with status 0.
"""

from collections.abc import Sequence
from datetime import UTC, datetime

from backfiller import plan
from backfiller.history import unexplained
from backfiller.plan import Wanted
from backfiller.supply import Supply
from db import candles, gaps
from db.ranges import Range
from domain.candles import Series


def shortfall(supply: Supply, wanted: Wanted) -> str | None:
    """Why a series could not be filled, None where it was. Newest bars that nobody traded are no shortfall."""
    series = wanted.series
    extent = candles.extent(supply.db, series)
    if extent is None:
        return _nothing(supply, series)
    holes = unexplained(supply, wanted)
    if holes:
        return _told(series, holes)
    if supply.broken.get(series, 0) > extent[1]:
        return f"the newest rows that came are no candles: {supply.refused[series]}"
    return None


def _nothing(supply: Supply, series: Series) -> str | None:
    """Why nothing is stored, None where every bar that was wished for is explained."""
    if series in supply.refused:
        return f"no candle came, the rows were refused: {supply.refused[series]}"
    known = gaps.gaps(supply.db, series)
    return None if known and all(gap.cause not in plan.OPEN for gap in known) else "no candle came"


def _told(series: Series, holes: Sequence[Range]) -> str:
    """How many bars are missing, and the first of them."""
    bars = sum((last - first) // series.seconds + 1 for first, last in holes)
    moment = datetime.fromtimestamp(holes[0][0], UTC).strftime("%Y-%m-%d %H:%M UTC")
    return f"{bars} bars are missing and unexplained, the first at {moment} (`fleet gaps`); they are asked for again"
