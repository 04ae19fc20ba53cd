"""The older end of a series and the holes inside it: fetched newest first, and whatever does not come explained."""

from collections.abc import Sequence

from backfiller import plan
from backfiller.explaining import explain, settle
from backfiller.first_candle import first_candle
from backfiller.head import Reached, advance
from backfiller.plan import Wanted
from backfiller.sift import Sifted
from backfiller.supply import Supply
from db import candles, gaps, rechecks
from db.ranges import Range, runs, subtract
from domain import timeframes
from domain.candles import Candle, Series
from domain.gaps import Cause

BATCH = 1_000  # candles that are stored together
PAGES = 10  # pages that are asked for in one repair: new bars of other series wait for no longer
BACK = 10  # pages before the oldest bar in which a neighbour is looked for


def fill(supply: Supply, wanted: Wanted, again: frozenset[Cause] = plan.OPEN) -> Reached:
    """Fetch whatever is missing of a series and explain what does not come; how far it reaches afterwards.

    First what came since its newest stored bar, then its holes and what is older. Bars missing for a cause in `again`
    are asked for too. What is missing is written down before the first request. Raises what the exchange raises.
    """
    series, closed = wanted.series, supply.closed(wanted.series)
    extent = candles.extent(supply.db, series)
    lowest = oldest(wanted, extent, closed)
    supply.note(series, (lowest, closed))
    reached = None if extent is None else advance(supply, series, extent[1])
    end = closed if reached is None else reached.newest
    missing = supply.offered(series, supply.missing(series, (lowest, end), again))
    supply.tally.planned += sum((last - first) // series.seconds + 1 for first, last in missing)
    complete(supply, series, missing, lowest)
    if reached is None:  # nothing was stored before: what came may not have been the newest
        extent = candles.extent(supply.db, series)
        reached = Reached(0, silent=True) if extent is None else advance(supply, series, extent[1])
    _deepen(supply, wanted, closed)
    return reached._replace(unexplained=bool(unexplained(supply, wanted)))


def begin(supply: Supply, wanted: Wanted) -> Reached:
    """The newest page of a series of which nothing is stored, before the rest of its history; how far it reaches.

    What is missing is written down before the first request. Raises what the exchange raises.
    """
    series, closed = wanted.series, supply.closed(wanted.series)
    lowest = wanted.first(closed)
    supply.note(series, (lowest, closed))
    first = max(lowest, closed - (supply.pages.size - 1) * series.seconds)
    complete(supply, series, supply.offered(series, supply.missing(series, (first, closed))), lowest)
    extent = candles.extent(supply.db, series)
    return Reached(0, silent=True) if extent is None else advance(supply, series, extent[1])


def _deepen(supply: Supply, wanted: Wanted, closed: int) -> None:
    """So many candles are wanted: for bars in which nobody traded, history reaches back by as many more, once."""
    series, first = wanted.series, wanted.counted(closed)
    extent = candles.extent(supply.db, series)
    if first > wanted.first(closed) or extent is None or extent[0] > first or supply.stop.stopped:
        return
    known = [gap for gap in gaps.gaps(supply.db, series, first, extent[1]) if gap.cause is Cause.NO_TRADES]
    quiet = sum((gap.last_timestamp - max(gap.first_timestamp, first)) // series.seconds + 1 for gap in known)
    deeper = max(first - quiet * series.seconds, timeframes.ceil(1, series.seconds))
    if deeper < extent[0]:
        span = (deeper, first - series.seconds)
        supply.note(series, span)
        complete(supply, series, supply.offered(series, supply.missing(series, span)), deeper)


def repair(supply: Supply, wanted: Wanted) -> bool:
    """Ask again for some of what is still unexplained below the newest stored bar, newest first; whether any of it
    came or was explained.
    """
    series = wanted.series
    before = unexplained(supply, wanted)
    if not before:
        return False
    room, part = PAGES * supply.pages.size * series.seconds, []
    for first, last in reversed(before):
        part.append((max(first, last - room + series.seconds), last))
        room -= last - part[-1][0] + series.seconds
        if room <= 0:
            break
    complete(supply, series, supply.offered(series, part[::-1]), before[0][0])
    return unexplained(supply, wanted) != before


def unexplained(supply: Supply, wanted: Wanted) -> list[Range]:
    """What is missing below the newest stored bar, and nobody knows why or it came broken."""
    extent = candles.extent(supply.db, wanted.series)
    if extent is None:
        return []
    known = gaps.gaps(supply.db, wanted.series, oldest(wanted, extent, supply.closed(wanted.series)), extent[1])
    return [gap[:2] for gap in known if gap.cause in plan.OPEN and gap.last_timestamp < extent[1]]


def reopen(supply: Supply, wanted: Wanted) -> None:
    """Every cause has to be proven anew, as deep as the series is wanted."""
    closed = supply.closed(wanted.series)
    extent = candles.extent(supply.db, wanted.series)
    rechecks.reopen(supply.db, wanted.series, (oldest(wanted, extent, closed), closed))


def oldest(wanted: Wanted, extent: Range | None, closed: int) -> int:
    """The oldest bar to ask for: as deep as wanted, and between stored bars whatever is wanted."""
    return wanted.first(closed) if extent is None else min(wanted.first(closed), extent[0])


def complete(supply: Supply, series: Series, missing: Sequence[Range], lowest: int) -> None:
    """Fetch these ranges, newest first, then explain what is left of them. `lowest`: the oldest bar that is wanted."""
    fresh = candles.extent(supply.db, series) is None
    asked = [(_fetch(supply, series, hole, lowest, fresh=fresh), hole[1]) for hole in reversed(missing)]
    extent = candles.extent(supply.db, series)
    if extent is None:
        return
    spans = [(first, min(last, extent[1])) for first, last in reversed(asked) if first <= min(last, extent[1])]
    left = [hole for span in spans for hole in candles.missing(supply.db, series, *span)]
    unknown = settle(supply, series, supply.offered(series, left), lowest)
    if unknown and unknown[0][0] == lowest < extent[0]:
        _reach_back(supply, series, unknown[0])


def _fetch(supply: Supply, series: Series, hole: Range, lowest: int, *, fresh: bool) -> int:
    """The pages of one range, newest first, stored in batches; the oldest bar of it that was asked for.

    A silent page at the old end may mean that there is nothing older: then the first candle of all is looked for.
    `fresh`: nothing is stored of the series yet.
    """
    (first, end), length = hole, series.seconds
    buffer: dict[int, Candle] = {}
    sought = first != lowest
    while first <= end and not supply.stop.stopped:
        begin = max(first, end - (supply.pages.size - 1) * length)
        found = supply.ask(series, begin, end).candles
        buffer |= {candle.timestamp: candle for candle in found}
        if not sought and not any(first <= candle.timestamp <= end for candle in found):
            sought, listed = True, _listed(supply, series, first)
            first = end + length if listed is None else listed
        end = begin - length
        if len(buffer) >= BATCH or (fresh and buffer):
            _flush(supply, series, buffer, fresh=fresh)
            fresh = False
    _flush(supply, series, buffer, fresh=fresh)
    return max(first, end + length)


def _flush(supply: Supply, series: Series, buffer: dict[int, Candle], *, fresh: bool) -> None:
    """Store what was collected and empty the buffer. The first bars of a series come with their holes explained:
    traders begin with the newest of them.
    """
    if fresh and buffer:
        looked = explain(supply, series, _between(buffer, series.seconds))
        supply.mark(series, looked.causes)
        buffer |= {candle.timestamp: candle for candle in looked.candles}
    supply.keep(series, [buffer[each] for each in sorted(buffer)])
    buffer.clear()


def _between(buffer: dict[int, Candle], length: int) -> list[Range]:
    """The holes between candles."""
    return subtract([(min(buffer), max(buffer))], runs(sorted(buffer), length), length)


def _listed(supply: Supply, series: Series, first: int) -> int | None:
    """The first bar from `first` on that the exchange can have; what is before it was before the listing. None where
    that is not known.
    """
    listed = first_candle(supply, series, first)
    if listed is not None and listed > first:
        gaps.mark(supply.db, series, first, listed - series.seconds, Cause.BEFORE_LISTING)
    return listed


def _reach_back(supply: Supply, series: Series, hole: Range) -> None:
    """The oldest hole has no stored neighbour before it: look for one there, or for the first candle of all, and then
    at the hole again, together with what was found.
    """
    length = series.seconds
    end = hole[1] + length
    answer = supply.ask(series, max(end - (supply.pages.size - 1) * length, timeframes.ceil(1, length)), end)
    if not answer.clean or not answer.holds(end):
        return
    supply.keep(series, [candle for candle in answer.candles if candle.timestamp >= hole[0]])
    first = _after(answer, hole[0], length)
    if first is None:
        first = _listed(supply, series, hole[0])
        if first == hole[0]:  # there is something older
            first = _after_older(supply, series, hole[0])
    if first is not None:
        settle(supply, series, candles.missing(supply.db, series, first, hole[1]), hole[0])


def _after(answer: Sifted, first: int, length: int) -> int | None:
    """The bar after the newest one before `first` that an answer shows, None where it shows none."""
    return max((each.timestamp + length for each in answer.candles if each.timestamp < first), default=None)


def _after_older(supply: Supply, series: Series, first: int) -> int | None:
    """The bar after the newest one before `first` that the pages before it show, None where they show none."""
    length, size = series.seconds, supply.pages.size
    span = max(first - BACK * size * length, timeframes.ceil(1, length)), first - length
    answers = (supply.ask(series, *page) for page in plan.pages(span, length, size))
    return next((found for each in answers if (found := _after(each, first, length)) is not None), None)
