"""The oldest candle that an exchange has of a market: what is older is before the listing. Silence proves nothing."""

from dataclasses import replace

import structlog

from backfiller import plan
from backfiller.sift import Sifted
from backfiller.supply import Supply
from domain import timeframes
from domain.candles import Series

log = structlog.get_logger()
DAILY = "1d"
Found = tuple[int, bool]  # an open, and whether it is the first of all


def first_candle(supply: Supply, series: Series, floor: int) -> int | None:
    """The first bar that the exchange has from `floor` on, where it is known; `floor` itself where older ones exist.

    Sought among days where it offers them, then inside that day, each asked for twice. None where an answer was
    missing, broken or different: then nothing is known.
    """
    day = replace(series, timeframe=DAILY)
    by_day = DAILY in supply.exchange.timeframes() and series.timeframe != DAILY
    opened = _first(supply, day, timeframes.floor(floor, day.seconds), supply.closed(day)) if by_day else None
    if by_day and (opened is None or not opened[1]):
        return None if opened is None else floor
    length = series.seconds
    start, last = floor, supply.closed(series)
    if opened is not None:
        start = max(timeframes.floor(opened[0], length), floor)
        last = min(max(start, timeframes.floor(opened[0] + day.seconds - 1, length)), last)
    found = _first(supply, series, start, last)
    if found is None:
        return None
    log.info("first_candle", series=str(series), timestamp=found[0])
    return max(found[0], floor) if found[1] else floor


def _first(supply: Supply, series: Series, start: int, last: int) -> Found | None:
    """The oldest open from `start` to `last`, confirmed by asking again for all before it, the last answer of which
    shows it; not the first of all where the exchange shows one before `start`. None where that is not known.
    """
    length = series.seconds
    page = (supply.pages.size - 1) * length
    answer = _oldest(supply, series, start - length, last)
    while answer is not None and answer.oldest is not None:
        known = answer.oldest
        if known < start or not _beyond_horizon(supply, series, known):
            return known, False
        answer = _oldest(supply, series, min(start - length, known - page), known)
        if answer is not None and answer.oldest == known:
            return known, True
    return None


def _oldest(supply: Supply, series: Series, start: int, last: int) -> Sifted | None:
    """The first answer from `start` on that holds a candle, None where there is none up to `last` or one was broken."""
    first = max(start, timeframes.ceil(1, series.seconds))
    spans = list(plan.pages((first, last), series.seconds, supply.pages.size))
    for first, end in reversed(spans):
        if supply.stop.stopped:
            return None
        answer = supply.ask(series, first, end)
        if not answer.clean:
            return None
        if answer.candles:
            return answer if answer.candles[0].timestamp <= last else None
    return None


def _beyond_horizon(supply: Supply, series: Series, opened: int) -> bool:
    """Whether a bar is younger than the oldest that an exchange of the newest bars can serve: then older ones would
    have been served too.
    """
    newest_only = supply.exchange.manners.newest_only
    return newest_only is None or opened > supply.closed(series) - (newest_only - 3) * series.seconds
