"""Which loads of an import are read together: those that hold bars of one series from the same time. Pure."""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence

from backfiller.manifest import Load
from db.market_data.ranges import Range
from domain import timeframes
from domain.candles import Series

BarSpans = Mapping[Series, Range]


def overlapping_groups(loads: Sequence[Load], survey: Callable[[Load], BarSpans]) -> list[list[int]]:
    """Loads in groups, by their places: those of different groups hold no bar in common.

    `survey` tells from when to when a load has bars of which series. It reads the load, so only those are asked for
    that may hold what another one does.
    """
    keys = [(load.symbol, load.timeframe and timeframes.seconds(load.timeframe)) for load in loads]
    anything = any(None in key for key in keys) and len(keys) > 1
    often = Counter(keys)
    spans: dict[Series, list[tuple[Range, int]]] = {}
    for place, load in enumerate(loads):
        if anything or often[keys[place]] > 1:
            for series, span in survey(load).items():
                spans.setdefault(series, []).append((span, place))
    return _groups(len(loads), (pair for found in spans.values() for pair in _overlapping(found)))


def _overlapping(spans: Iterable[tuple[Range, int]]) -> Iterable[tuple[int, int]]:
    """Pairs of places by which all that overlap hang together."""
    furthest: list[tuple[int, int]] = []  # how far any has reached, and the one that did
    for (first, last), place in sorted(spans):
        if furthest and first <= furthest[-1][0]:
            yield furthest[-1][1], place
        furthest.append(max((last, place), furthest[-1]) if furthest else (last, place))


def _groups(count: int, pairs: Iterable[tuple[int, int]]) -> list[list[int]]:
    """Everything in groups, in which all stand that hang together by pairs."""
    head = list(range(count))

    def first(place: int) -> int:
        while head[place] != place:
            place = head[place]
        return place

    for one, other in pairs:
        low, high = sorted((first(one), first(other)))
        head[high] = low
    groups: dict[int, list[int]] = {}
    for place in range(count):
        groups.setdefault(first(place), []).append(place)
    return list(groups.values())
