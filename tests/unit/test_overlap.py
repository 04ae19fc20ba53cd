"""Which loads of an import are read together: those in which one bar may stand twice, however they hang together."""

from pathlib import Path
from random import Random

from backfiller.manifest import Load
from backfiller.overlap import overlapping_groups
from domain.candles import Series
from tests.kit.series import HOURLY


def load(name, symbol="BTC/USDT", timeframe="1h"):
    """A file of a series."""
    return Load(Path(name), "binance", symbol, timeframe, frozenset())


def test_files_of_other_series_are_not_read_for_it():
    """Each on its own."""
    loads = [load("a"), load("b", "ETH/USDT"), load("c", timeframe="4h")]
    assert overlapping_groups(loads, lambda _: 1 / 0) == [[0], [1], [2]]
    assert overlapping_groups([load("a", None)], lambda _: 1 / 0) == [[0]]


def test_months_that_follow_one_another_stay_apart():
    """So that years of minutes need no more memory than a month."""
    loads = [load(str(month)) for month in range(6)]
    spans = {str(month): (month * 100, month * 100 + 99) for month in range(6)} | {"4": (250, 499)}
    series = HOURLY
    assert overlapping_groups(loads, lambda each: {series: spans[each.path.name]}) == [[0], [1], [2, 3, 4], [5]]


def test_whatever_overlaps_hangs_together():
    """Against all pairs: 300 drawn sets of loads with up to three series each."""
    draw = Random(5)
    for _ in range(300):
        names = [Series("x", symbol, "1h") for symbol in ("A/B", "C/D", "E/F")]
        held = []
        for _place in range(draw.randint(2, 9)):
            firsts = {name: draw.randrange(60) for name in draw.sample(names, draw.randint(0, 3))}
            held.append({name: (first, first + draw.randrange(12)) for name, first in firsts.items()})
        loads = [load(str(place), None) for place in range(len(held))]
        groups = overlapping_groups(loads, lambda each, held=held: held[int(each.path.name)])
        assert groups == closure(held)


def closure(held):
    """Groups by looking at all pairs until nothing changes."""
    groups = [{place} for place in range(len(held))]
    for one in range(len(held)):
        for other in range(one):
            if any(held[one][each][0] <= held[other][each][1] and held[other][each][0] <= held[one][each][1]
                   for each in held[one].keys() & held[other].keys()):  # fmt: skip
                touched = [group for group in groups if group & {one, other}]
                groups = [group for group in groups if group not in touched] + [set().union(*touched)]
    return sorted(map(sorted, groups))
