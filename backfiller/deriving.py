"""Series that an exchange does not offer: made out of those of a finer one, and again where these have changed."""

from collections.abc import Iterable, Iterator

from backfiller import plan
from backfiller.plan import Wanted, storable
from backfiller.resample import Resampled, resample
from backfiller.series_fetcher import SeriesFetcher
from db.market_data import candles, derived, gaps
from db.market_data.ranges import Range, runs
from domain import timeframes
from domain.candles import Candle, Series, Source

STRETCH = 5_000  # longer bars that are made in one go


def derive(fetcher: SeriesFetcher, wanted: Wanted, *, whole: bool) -> None:
    """Make the bars of a series that can be made; `whole`: also those that could not be made before, and older ones.

    Bars whose finer bars have changed or come in since are made again: what differs is a revision, which reopens no
    decision. Bars whose finer bars are still to come are left for later.
    """
    series, source = wanted.series, wanted.source
    assert source is not None
    _renew(fetcher, series, source)
    extent, finer = candles.extent(fetcher.db, series), candles.extent(fetcher.db, source)
    if finer is None:
        return
    made = timeframes.floor(finer[1] + source.seconds, series.seconds) - series.seconds
    first = wanted.first(fetcher.closed(series)) if extent is None else extent[1] + series.seconds
    if whole and extent is not None:
        first = min(extent[0], wanted.first(fetcher.closed(series)))
    missing = candles.missing(fetcher.db, series, first, made) if first <= made else []
    for span in _stretches(missing, series.seconds):
        _derive(fetcher, series, source, span)


def _renew(fetcher: SeriesFetcher, series: Series, source: Series) -> None:
    """Make again what is outdated."""
    derived.admit(fetcher.db, series, source.timeframe)
    for each in derived.outdated(fetcher.db, series):
        for span in _stretches([(each.first, each.last)], series.seconds):
            _derive(fetcher, series, source, span)
        derived.renewed(fetcher.db, series, each)


def _stretches(spans: Iterable[Range], length: int) -> Iterator[Range]:
    for first, last in spans:
        for start in range(first, last + 1, STRETCH * length):
            yield start, min(start + (STRETCH - 1) * length, last)


def _derive(fetcher: SeriesFetcher, series: Series, source: Series, span: Range) -> None:
    """Make one stretch, and write down why the others of it cannot be made."""
    end = span[1] + series.seconds - source.seconds
    found = candles.between(fetcher.db, source, span[0], end)
    made = resample(found, gaps.gaps(fetcher.db, source, span[0], end), span, source.seconds, series.seconds)
    _mark(fetcher, series, span, made)
    ready = _ready(fetcher, series, span, made)
    if ready:
        fetcher.store(series, ready, Source.DERIVED, source.timeframe)


def _mark(fetcher: SeriesFetcher, series: Series, span: Range, made: Resampled) -> None:
    """The causes that are not written down yet."""
    known = gaps.gaps(fetcher.db, series, *span)
    for cause in {cause for _, cause in made.missing}:
        spans = runs([timestamp for timestamp, each in made.missing if each is cause], series.seconds)
        same = [gap for gap in known if gap.cause is cause]
        new = plan.to_fetch(spans, same, frozenset(), series.seconds)
        gaps.mark_all(fetcher.db, series, new, cause)


def _ready(fetcher: SeriesFetcher, series: Series, span: Range, made: Resampled) -> list[Candle]:
    """The bars that may be stored: behind one that may still be made the newest wait, as those of any series do."""
    extent = candles.extent(fetcher.db, series)
    if extent is None or extent[1] > span[0]:
        return made.candles
    unknown = runs([timestamp for timestamp, cause in made.missing if cause in plan.OPEN], series.seconds)
    way = storable([each.timestamp for each in made.candles], unknown, fetcher.now_ms(), series.seconds)
    return [each for each in made.candles if way.before is None or each.timestamp < way.before]
