"""The newest end of a series: what came since its newest stored bar, oldest first, and never over an unknown hole."""

from collections.abc import Sequence
from typing import NamedTuple

from backfiller import plan
from backfiller.explain_gaps import ExplainedGaps, explain_gaps
from backfiller.gap_records import mark_causes, mark_not_fetched
from backfiller.plan import storable
from backfiller.series_fetcher import SeriesFetcher
from db.market_data.ranges import Range, runs, subtract
from domain.candles import Candle, Series
from domain.decide import stale_after

EXTRA = 2  # bars asked for besides the new ones: the last two again, in case the exchange has corrected them
FEW = 10  # bars that are missing at the newest end because nobody traded; more may be an answer that was cut short


class Reached(NamedTuple):
    """How far a series has come: its newest stored bar, and until when newer ones wait for what is missing before them
    (the exchange's clock), None where none do. `unexplained`: it went on over a hole that nobody can explain yet.
    `silent`: newer bars must have closed, and the exchange showed not even the last stored ones.
    """

    newest: int
    held_ms: int | None = None
    unexplained: bool = False
    silent: bool = False


def fetch_newest(fetcher: SeriesFetcher, series: Series, last: int) -> Reached:
    """Fetch every bar after `last`, the newest stored one, however many there are.

    A bar is stored once all before it are stored or explained; behind a hole that nobody can explain it waits until no
    entry is allowed on it any more. Raises what the exchange raises.
    """
    length, reached = series.seconds, Reached(last)
    begin, answered = last - (EXTRA - 1) * length, last >= fetcher.closed(series)
    while begin <= (closed := fetcher.closed(series)) and last < closed and not fetcher.stop.stopped:
        end = min(begin + (fetcher.pages.size - 1) * length, closed)
        found = fetcher.fetch(series, begin, end).candles
        answered = answered or bool(found)
        ahead = bool(found) and found[-1].timestamp > reached.newest
        if ahead:
            reached = _go_on(fetcher, series, reached, found)
        else:
            fetcher.store(series, found)
        if reached.held_ms is not None or (end == closed and closed - reached.newest <= FEW * length):
            break
        begin = (reached.newest if ahead else end) + length
    _note_overdue(fetcher, series, reached.newest)
    return reached._replace(silent=not answered)


def _go_on(fetcher: SeriesFetcher, series: Series, reached: Reached, found: list[Candle]) -> Reached:
    """Store an answer that goes on, as far as what is missing in it can be explained."""
    last = reached.newest
    holes = _holes(found, last, series.seconds)
    looked = ExplainedGaps([], [], [])
    if holes:
        mark_not_fetched(fetcher.db, series, (last + series.seconds, found[-1].timestamp))
        looked = explain_gaps(fetcher, series, fetcher.still_offered(series, holes))
        mark_causes(fetcher.db, series, looked.causes)
    bars = {candle.timestamp: candle for candle in [*found, *looked.candles]}
    opens = sorted(each for each in bars if each > last)
    unknown = _unknown(looked)
    way = storable(opens, unknown, fetcher.now_ms(), series.seconds)
    stored = [bars[each] for each in sorted(bars) if way.before is None or each < way.before]
    fetcher.store(series, stored)
    newest = max(stored[-1].timestamp, last) if stored else last
    passed = any(span[1] < newest for span in unknown)
    return Reached(newest, way.held_ms, reached.unexplained or passed)


def _unknown(looked: ExplainedGaps) -> list[Range]:
    """The holes that may still be filled; bars that came broken may come right, so they are waited for too."""
    return [*looked.open, *(span for span, cause in looked.causes if cause in plan.OPEN)]


def _holes(found: Sequence[Candle], last: int, length: int) -> list[Range]:
    """What is missing between `last` and the newest candle of an answer."""
    there = [candle.timestamp for candle in found if candle.timestamp > last]
    return subtract([(last + length, there[-1])], runs(there, length), length)


def _note_overdue(fetcher: SeriesFetcher, series: Series, newest: int) -> None:
    """Bars that should be there and did not come, perhaps because nobody traded, are missing: say so.

    Not at once: that an exchange is some seconds late is no news.
    """
    length = series.seconds
    late = fetcher.now_ms() / 1000 - stale_after(length) - length
    overdue = newest + length * int((late - newest) // length)
    if overdue > newest:
        mark_not_fetched(fetcher.db, series, (newest + length, overdue))
