"""The oldest candle that an exchange has of a market: what is older is before the listing. Silence proves nothing."""

from dataclasses import replace

import structlog

from backfiller import plan
from backfiller.series_fetcher import SeriesFetcher
from backfiller.validate import ValidatedRows
from domain import timeframes
from domain.candles import Series

log = structlog.get_logger()
DAILY = "1d"
Found = tuple[int, bool]  # an open, and whether it is the first of all


def first_candle(fetcher: SeriesFetcher, series: Series, floor: int) -> int | None:
    """The first bar that the exchange has from `floor` on, where it is known; `floor` itself where older ones exist.

    Sought among days where it offers them, then inside that day, each asked for twice. None where an answer was
    missing, broken or different: then nothing is known.
    """
    day = replace(series, timeframe=DAILY)
    by_day = DAILY in fetcher.exchange.timeframes() and series.timeframe != DAILY
    opened = _first(fetcher, day, timeframes.floor(floor, day.seconds), fetcher.closed(day)) if by_day else None
    if by_day and (opened is None or not opened[1]):
        return None if opened is None else floor
    length = series.seconds
    start, last = floor, fetcher.closed(series)
    if opened is not None:
        start = max(timeframes.floor(opened[0], length), floor)
        last = min(max(start, timeframes.floor(opened[0] + day.seconds - 1, length)), last)
    found = _first(fetcher, series, start, last)
    if found is None:
        return None
    log.info("first_candle", series=str(series), timestamp=found[0])
    return max(found[0], floor) if found[1] else floor


def _first(fetcher: SeriesFetcher, series: Series, start: int, last: int) -> Found | None:
    """The oldest open from `start` to `last`, confirmed by asking again for all before it, the last answer of which
    shows it; not the first of all where the exchange shows one before `start`. None where that is not known.
    """
    length = series.seconds
    page = (fetcher.pages.size - 1) * length
    answer = _oldest(fetcher, series, start - length, last)
    while answer is not None and answer.oldest is not None:
        known = answer.oldest
        if known < start or not _beyond_horizon(fetcher, series, known):
            return known, False
        answer = _oldest(fetcher, series, min(start - length, known - page), known)
        if answer is not None and answer.oldest == known:
            return known, True
    return None


def _oldest(fetcher: SeriesFetcher, series: Series, start: int, last: int) -> ValidatedRows | None:
    """The first answer from `start` on that holds a candle, None where there is none up to `last` or one was broken."""
    first = max(start, timeframes.ceil(1, series.seconds))
    spans = list(plan.pages((first, last), series.seconds, fetcher.pages.size))
    for first, end in reversed(spans):
        if fetcher.stop.stopped:
            return None
        answer = fetcher.fetch(series, first, end)
        if not answer.clean:
            return None
        if answer.candles:
            return answer if answer.candles[0].timestamp <= last else None
    return None


def _beyond_horizon(fetcher: SeriesFetcher, series: Series, opened: int) -> bool:
    """Whether a bar is younger than the oldest that an exchange of the newest bars can serve: then older ones would
    have been served too.
    """
    newest_only = fetcher.exchange.capabilities.newest_only
    return newest_only is None or opened > fetcher.closed(series) - (newest_only - 3) * series.seconds
