"""Whether a series is what was wished for, after it was filled: in words where it is not. Nothing
that could not be filled ends with status 0.
"""

from collections.abc import Sequence
from datetime import UTC, datetime

from backfiller import plan
from backfiller.history import unexplained
from backfiller.plan import Wanted
from backfiller.series_fetcher import SeriesFetcher
from db.market_data import candles, gaps
from db.market_data.ranges import Range
from domain.candles import Series


def shortfall(fetcher: SeriesFetcher, wanted: Wanted) -> str | None:
    """Why a series could not be filled, None where it was. Newest bars that nobody traded are no shortfall."""
    series = wanted.series
    extent = candles.extent(fetcher.db, series)
    if extent is None:
        return _nothing(fetcher, series)
    holes = unexplained(fetcher, wanted)
    if holes:
        return _missing_text(series, holes)
    if fetcher.broken.get(series, 0) > extent[1]:
        return f"the newest rows that came are no candles: {fetcher.refused[series]}"
    return None


def _nothing(fetcher: SeriesFetcher, series: Series) -> str | None:
    """Why nothing is stored, None where every bar that was wished for is explained."""
    if series in fetcher.refused:
        return f"no candle came, the rows were refused: {fetcher.refused[series]}"
    known = gaps.gaps(fetcher.db, series)
    return None if known and all(gap.cause not in plan.OPEN for gap in known) else "no candle came"


def _missing_text(series: Series, holes: Sequence[Range]) -> str:
    """How many bars are missing, and the first of them."""
    bars = sum((last - first) // series.seconds + 1 for first, last in holes)
    moment = datetime.fromtimestamp(holes[0][0], UTC).strftime("%Y-%m-%d %H:%M UTC")
    return f"{bars} bars are missing and unexplained, the first at {moment} (`fleet gaps`); they are asked for again"
