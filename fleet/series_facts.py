"""What the database knows of the series of strategies: read once for all that trade one of them."""

from collections.abc import Iterable, Iterator
from itertools import groupby
from typing import NamedTuple

from config.settings import StrategySettings
from db.database import Database
from db.market_data import candles, gaps, markets, windows
from domain.candles import Series
from domain.gaps import Cause
from domain.market import Market
from runtime.candle_checks import CHECKED_CANDLES
from strategies.indicators import Indicators

ENDS = frozenset({Cause.BEFORE_LISTING, Cause.NOT_OFFERED})


class SeriesFacts(NamedTuple):
    """What is known of the series of a strategy: its stored candles and its market, None where nothing is stored, and
    why nothing older can be had, None where that is not known.
    """

    seen: Indicators | None = None
    market: Market | None = None
    end: Cause | None = None


def series_facts(
    stored: Database | None, strategies: Iterable[StrategySettings]
) -> Iterator[tuple[StrategySettings, SeriesFacts]]:
    """Every strategy with what the database knows, series by series: candles are read once for all strategies of a
    series, and indicators computed once for all of one warm-up.
    """
    if stored is None:
        yield from ((each, SeriesFacts()) for each in strategies)
        return
    ordered = sorted(strategies, key=lambda each: (each.series, each.terms.warmup))
    for series, group in groupby(ordered, lambda each: each.series):
        alike = list(group)
        window = windows.window(stored, series, alike[-1].terms.warmup + CHECKED_CANDLES)
        market, end = markets.load(stored, series.exchange, series.symbol), _end(stored, series)
        for warmup, same in groupby(alike, lambda each: each.terms.warmup):
            seen = Indicators(window.ending(len(window) - 1, warmup + CHECKED_CANDLES))
            yield from ((each, SeriesFacts(seen, market, end)) for each in same)


def _end(stored: Database, series: Series) -> Cause | None:
    """Why there is no bar before the oldest stored one, where none will come."""
    extent = candles.extent(stored, series)
    before = extent[0] - series.seconds if extent else 0
    causes = [gap.cause for gap in gaps.gaps(stored, series, before, before) if extent]
    return next((cause for cause in causes if cause in ENDS), None)
