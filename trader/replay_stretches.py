"""The stretches of time in which a replay is walked: from where to where each series goes, and where stretches end."""

from collections.abc import Collection
from itertools import pairwise
from typing import NamedTuple

from db.database import Database
from db.market_data import candles
from domain.candles import Series
from trader.time_slice import STEPS
from trader.undecided import STRETCH, newest


class Extent(NamedTuple):
    """The opens of the first and the last candle of a series that are walked, and the length of a bar; Unix seconds."""

    first: int
    last: int
    seconds: int

    @property
    def begin(self) -> int:
        """When the first one closed."""
        return self.first + self.seconds

    @property
    def end(self) -> int:
        """When the last one closed."""
        return self.last + self.seconds


def extent(db: Database, series: Series, span: tuple[int, int]) -> Extent | None:
    """From where to where a series has candles that open within `span` (Unix seconds), None where it has none."""
    first, last = candles.following(db, series, span[0] - 1), newest(db, series, span[1])
    if first is None or last is None or last.timestamp < first:
        return None
    return Extent(first, last.timestamp, series.seconds)


def extents(db: Database, series: Collection[Series], span: tuple[int, int]) -> dict[Series, Extent]:
    """Those of the series that have such candles."""
    return {each: found for each in sorted(series) if (found := extent(db, each, span))}


def ends(walks: Collection[Extent], bars: int) -> list[int]:
    """When the stretches end, in order, Unix seconds: the first close of each series, with which its strategies begin,
    the last one, and so many moments between that no series has more than `bars` bars in a stretch.
    """
    bounds = sorted({moment for each in walks for moment in (each.begin, each.end)})
    found = bounds[:1]
    for begin, end in pairwise(bounds):
        walked = [each.seconds for each in walks if each.begin <= begin and end <= each.end]
        step = bars * min(walked, default=end - begin)
        found += [*range(begin + step, end, step), end]
    return found


def bars(strategies: int) -> int:
    """How many bars a stretch may have, so that the decisions of all are about one slice: between two of them a person
    who stops the walk is heard, and all strategies have come equally far.
    """
    return max(1, min(STRETCH, STEPS // max(1, strategies)))
