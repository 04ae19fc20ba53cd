"""The older end of a series and the holes inside it: fetched newest first, and whatever does not come explained."""

from collections.abc import Sequence

from backfiller import plan
from backfiller.explain_gaps import explain_and_store, explain_gaps
from backfiller.first_candle import first_candle
from backfiller.gap_records import mark_causes, mark_not_fetched, missing_bars
from backfiller.newest_bars import Reached, fetch_newest
from backfiller.plan import Wanted
from backfiller.series_fetcher import SeriesFetcher
from backfiller.validate import ValidatedRows
from db.market_data import candles, gaps
from db.market_data.ranges import Range, runs, subtract
from domain import timeframes
from domain.candles import Candle, Series
from domain.gaps import Cause

BATCH = 1_000  # candles that are stored together
PAGES = 10  # pages that are asked for in one repair: new bars of other series wait for no longer
BACK = 10  # pages before the oldest bar in which a neighbour is looked for


def fill(fetcher: SeriesFetcher, wanted: Wanted, again: frozenset[Cause] = plan.OPEN) -> Reached:
    """Fetch whatever is missing of a series and explain what does not come; how far it reaches afterwards.

    First what came since its newest stored bar, then its holes and what is older. Bars missing for a cause in `again`
    are asked for too. What is missing is written down before the first request. Raises what the exchange raises.
    """
    series, closed = wanted.series, fetcher.closed(wanted.series)
    extent = candles.extent(fetcher.db, series)
    lowest = oldest(wanted, extent, closed)
    mark_not_fetched(fetcher.db, series, (lowest, closed))
    reached = None if extent is None else fetch_newest(fetcher, series, extent[1])
    end = closed if reached is None else reached.newest
    missing = fetcher.still_offered(series, missing_bars(fetcher.db, series, (lowest, end), again))
    fetcher.status.planned += sum((last - first) // series.seconds + 1 for first, last in missing)
    complete(fetcher, series, missing, lowest)
    if reached is None:  # nothing was stored before: what came may not have been the newest
        extent = candles.extent(fetcher.db, series)
        reached = Reached(0, silent=True) if extent is None else fetch_newest(fetcher, series, extent[1])
    _deepen(fetcher, wanted, closed)
    return reached._replace(unexplained=bool(unexplained(fetcher, wanted)))


def begin(fetcher: SeriesFetcher, wanted: Wanted) -> Reached:
    """The newest page of a series of which nothing is stored, before the rest of its history; how far it reaches.

    What is missing is written down before the first request. Raises what the exchange raises.
    """
    series, closed = wanted.series, fetcher.closed(wanted.series)
    lowest = wanted.first(closed)
    mark_not_fetched(fetcher.db, series, (lowest, closed))
    first = max(lowest, closed - (fetcher.pages.size - 1) * series.seconds)
    complete(fetcher, series, fetcher.still_offered(series, missing_bars(fetcher.db, series, (first, closed))), lowest)
    extent = candles.extent(fetcher.db, series)
    return Reached(0, silent=True) if extent is None else fetch_newest(fetcher, series, extent[1])


def _deepen(fetcher: SeriesFetcher, wanted: Wanted, closed: int) -> None:
    """So many candles are wanted: for bars in which nobody traded, history reaches back by as many more, once."""
    series, first = wanted.series, wanted.counted(closed)
    extent = candles.extent(fetcher.db, series)
    if first > wanted.first(closed) or extent is None or extent[0] > first or fetcher.stop.stopped:
        return
    known = [gap for gap in gaps.gaps(fetcher.db, series, first, extent[1]) if gap.cause is Cause.NO_TRADES]
    quiet = sum((gap.last_timestamp - max(gap.first_timestamp, first)) // series.seconds + 1 for gap in known)
    deeper = max(first - quiet * series.seconds, timeframes.ceil(1, series.seconds))
    if deeper < extent[0]:
        span = (deeper, first - series.seconds)
        mark_not_fetched(fetcher.db, series, span)
        complete(fetcher, series, fetcher.still_offered(series, missing_bars(fetcher.db, series, span)), deeper)


def repair(fetcher: SeriesFetcher, wanted: Wanted) -> bool:
    """Ask again for some of what is still unexplained below the newest stored bar, newest first; whether any of it
    came or was explained.
    """
    series = wanted.series
    before = unexplained(fetcher, wanted)
    if not before:
        return False
    room, part = PAGES * fetcher.pages.size * series.seconds, []
    for first, last in reversed(before):
        part.append((max(first, last - room + series.seconds), last))
        room -= last - part[-1][0] + series.seconds
        if room <= 0:
            break
    complete(fetcher, series, fetcher.still_offered(series, part[::-1]), before[0][0])
    return unexplained(fetcher, wanted) != before


def unexplained(fetcher: SeriesFetcher, wanted: Wanted) -> list[Range]:
    """What is missing below the newest stored bar, and nobody knows why or it came broken."""
    extent = candles.extent(fetcher.db, wanted.series)
    if extent is None:
        return []
    known = gaps.gaps(fetcher.db, wanted.series, oldest(wanted, extent, fetcher.closed(wanted.series)), extent[1])
    return [gap[:2] for gap in known if gap.cause in plan.OPEN and gap.last_timestamp < extent[1]]


def reopen(fetcher: SeriesFetcher, wanted: Wanted) -> None:
    """Every cause has to be proven anew, as deep as the series is wanted."""
    closed = fetcher.closed(wanted.series)
    extent = candles.extent(fetcher.db, wanted.series)
    gaps.reopen(fetcher.db, wanted.series, (oldest(wanted, extent, closed), closed))


def oldest(wanted: Wanted, extent: Range | None, closed: int) -> int:
    """The oldest bar to ask for: as deep as wanted, and between stored bars whatever is wanted."""
    return wanted.first(closed) if extent is None else min(wanted.first(closed), extent[0])


def complete(fetcher: SeriesFetcher, series: Series, missing: Sequence[Range], lowest: int) -> None:
    """Fetch these ranges, newest first, then explain what is left of them. `lowest`: the oldest bar that is wanted."""
    fresh = candles.extent(fetcher.db, series) is None
    asked = [(_fetch(fetcher, series, hole, lowest, fresh=fresh), hole[1]) for hole in reversed(missing)]
    extent = candles.extent(fetcher.db, series)
    if extent is None:
        return
    spans = [(first, min(last, extent[1])) for first, last in reversed(asked) if first <= min(last, extent[1])]
    left = [hole for span in spans for hole in candles.missing(fetcher.db, series, *span)]
    unknown = explain_and_store(fetcher, series, fetcher.still_offered(series, left), lowest)
    if unknown and unknown[0][0] == lowest < extent[0]:
        _reach_back(fetcher, series, unknown[0])


def _fetch(fetcher: SeriesFetcher, series: Series, hole: Range, lowest: int, *, fresh: bool) -> int:
    """The pages of one range, newest first, stored in batches; the oldest bar of it that was asked for.

    A silent page at the old end may mean that there is nothing older: then the first candle of all is looked for.
    `fresh`: nothing is stored of the series yet.
    """
    (first, end), length = hole, series.seconds
    buffer: dict[int, Candle] = {}
    sought = first != lowest
    while first <= end and not fetcher.stop.stopped:
        begin = max(first, end - (fetcher.pages.size - 1) * length)
        found = fetcher.fetch(series, begin, end).candles
        buffer |= {candle.timestamp: candle for candle in found}
        if not sought and not any(first <= candle.timestamp <= end for candle in found):
            sought, listed = True, _listed(fetcher, series, first)
            first = end + length if listed is None else listed
        end = begin - length
        if len(buffer) >= BATCH or (fresh and buffer):
            _flush(fetcher, series, buffer, fresh=fresh)
            fresh = False
    _flush(fetcher, series, buffer, fresh=fresh)
    return max(first, end + length)


def _flush(fetcher: SeriesFetcher, series: Series, buffer: dict[int, Candle], *, fresh: bool) -> None:
    """Store what was collected and empty the buffer. The first bars of a series come with their holes explained:
    traders begin with the newest of them.
    """
    if fresh and buffer:
        looked = explain_gaps(fetcher, series, _between(buffer, series.seconds))
        mark_causes(fetcher.db, series, looked.causes)
        buffer |= {candle.timestamp: candle for candle in looked.candles}
    fetcher.store(series, [buffer[each] for each in sorted(buffer)])
    buffer.clear()


def _between(buffer: dict[int, Candle], length: int) -> list[Range]:
    """The holes between candles."""
    return subtract([(min(buffer), max(buffer))], runs(sorted(buffer), length), length)


def _listed(fetcher: SeriesFetcher, series: Series, first: int) -> int | None:
    """The first bar from `first` on that the exchange can have; what is before it was before the listing. None where
    that is not known.
    """
    listed = first_candle(fetcher, series, first)
    if listed is not None and listed > first:
        gaps.mark(fetcher.db, series, first, listed - series.seconds, Cause.BEFORE_LISTING)
    return listed


def _reach_back(fetcher: SeriesFetcher, series: Series, hole: Range) -> None:
    """The oldest hole has no stored neighbour before it: look for one there, or for the first candle of all, and then
    at the hole again, together with what was found.
    """
    length = series.seconds
    end = hole[1] + length
    answer = fetcher.fetch(series, max(end - (fetcher.pages.size - 1) * length, timeframes.ceil(1, length)), end)
    if not answer.clean or not answer.holds(end):
        return
    fetcher.store(series, [candle for candle in answer.candles if candle.timestamp >= hole[0]])
    first = _after(answer, hole[0], length)
    if first is None:
        first = _listed(fetcher, series, hole[0])
        if first == hole[0]:  # there is something older
            first = _after_older(fetcher, series, hole[0])
    if first is not None:
        explain_and_store(fetcher, series, candles.missing(fetcher.db, series, first, hole[1]), hole[0])


def _after(answer: ValidatedRows, first: int, length: int) -> int | None:
    """The bar after the newest one before `first` that an answer shows, None where it shows none."""
    return max((each.timestamp + length for each in answer.candles if each.timestamp < first), default=None)


def _after_older(fetcher: SeriesFetcher, series: Series, first: int) -> int | None:
    """The bar after the newest one before `first` that the pages before it show, None where they show none."""
    length, size = series.seconds, fetcher.pages.size
    span = max(first - BACK * size * length, timeframes.ceil(1, length)), first - length
    answers = (fetcher.fetch(series, *page) for page in plan.pages(span, length, size))
    return next((found for each in answers if (found := _after(each, first, length)) is not None), None)
