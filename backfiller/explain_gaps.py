"""The second look at what did not come: every hole is asked for once more, together with its neighbours."""

from collections import Counter
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from backfiller import plan
from backfiller.gap_causes import SecondLook, gap_causes
from backfiller.gap_records import mark_causes
from backfiller.series_fetcher import SeriesFetcher
from db.market_data.ranges import Range, runs, subtract
from domain.candles import Candle, Series
from domain.gaps import Cause

ROUNDS = 30  # looks at one hole while each still brings a part of it
LONG = 3  # looks that say the same, until a hole longer than an answer is explained: silence between two that speak
GROUPED = 3  # pages of holes that are looked at before what came is stored


class ExplainedGaps(NamedTuple):
    """What a second look brought: candles ascending, causes by range, and the holes that nothing is known about."""

    candles: list[Candle]
    causes: list[tuple[Range, Cause]]
    open: list[Range]


def explain_gaps(fetcher: SeriesFetcher, series: Series, holes: Sequence[Range]) -> ExplainedGaps:
    """Ask for `holes` again, and again for what is left where a part came. Nothing is stored.

    Raises what the exchange raises.
    """
    found: dict[int, Candle] = {}
    causes: list[tuple[Range, Cause]] = []
    unknown: list[Range] = []
    looked: Counter[Range] = Counter()
    left, length = list(holes), series.seconds
    for _ in range(ROUNDS):
        if not left or fetcher.stop.stopped:
            break
        asked, left = sorted(left), []
        looked.update(asked)
        looks = list(_repeated_requests(fetcher, series, asked))
        found |= {candle.timestamp: candle for look in looks for candle in look.answer.candles}
        for span in subtract(asked, runs(sorted(found), length), length):
            verdict = gap_causes(span, looks, fetcher.exchange.capabilities, length)
            causes += verdict.causes + [each for each in verdict.likely if looked[each[0]] >= LONG]
            left += [each for each, _ in verdict.likely if looked[each] < LONG]
            for each in verdict.open:
                (unknown if looked[each] else left).append(each)
    return ExplainedGaps(sorted(found.values()), sorted(causes), sorted(unknown + left))


def explain_and_store(fetcher: SeriesFetcher, series: Series, holes: Sequence[Range], lowest: int) -> list[Range]:
    """Explain `holes`, store what came and write down the causes; the holes that nothing is known about.

    What came, or did not, of bars older than `lowest` only bears witness.
    """
    unknown: list[Range] = []
    for part in _grouped(holes, GROUPED * fetcher.pages.size * series.seconds):
        if fetcher.stop.stopped:
            break
        looked = explain_gaps(fetcher, series, part)
        fetcher.store(series, [candle for candle in looked.candles if candle.timestamp >= lowest])
        causes = [((max(first, lowest), last), cause) for (first, last), cause in looked.causes if last >= lowest]
        mark_causes(fetcher.db, series, causes)
        unknown += looked.open
    return unknown


def _repeated_requests(fetcher: SeriesFetcher, series: Series, holes: Sequence[Range]) -> Iterator[SecondLook]:
    for first, last in plan.requests_with_neighbours(holes, series.seconds, fetcher.pages.size):
        if fetcher.stop.stopped:
            return
        asked = first, min(last, fetcher.closed(series))
        yield SecondLook(asked, fetcher.fetch(series, *asked))


def _grouped(holes: Sequence[Range], most: int) -> Iterator[list[Range]]:
    """The holes in stretches of at most so many seconds each, where a single one is not longer."""
    part: list[Range] = []
    for hole in holes:
        if part and hole[1] - part[0][0] > most:
            yield part
            part = []
        part.append(hole)
    if part:
        yield part
