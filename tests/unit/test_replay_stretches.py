"""The moments between which a replay is walked: where series begin and end, and often enough in between."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from trader.replay_stretches import Extent, bars, ends

LENGTHS = (60, 3600, 86_400)


def extent(seconds, first, count):
    """A series of so many bars, the first of which is the bar of that number."""
    return Extent(first * seconds, (first + count - 1) * seconds, seconds)


drawn = st.builds(extent, st.sampled_from(LENGTHS), st.integers(1, 50), st.integers(1, 3_000))


@given(st.lists(drawn, min_size=1, max_size=5), st.integers(1, 700))
def test_no_series_has_more_bars_in_a_stretch(extents, most):
    """Each begins with its first bar alone, the last stretch ends with the last bar, and time never stands still."""
    found = ends(extents, most)
    assert all(begin < end for begin, end in pairwise(found))
    assert (found[0], found[-1]) == (min(each.begin for each in extents), max(each.end for each in extents))
    assert {each.begin for each in extents} <= set(found)
    for each in extents:
        walked = [end for end in found if each.begin <= end <= each.end]
        assert max([(end - begin) // each.seconds for begin, end in pairwise(walked)], default=0) <= most


def test_how_often_a_short_series_is_looked_at_lasts_no_longer_than_it():
    """After a day of minutes years of days are walked in long stretches."""
    minutes, days = extent(60, 1440 * 40, 1440), extent(86_400, 10, 3_000)
    assert len(ends([minutes, days], 500)) < 20


def test_nothing_to_walk_has_no_stretch():
    """No series, no end."""
    assert ends([], 500) == []


@pytest.mark.parametrize(("strategies", "most"), [(0, 500), (1, 500), (10, 500), (100, 50), (1_000, 5), (20_000, 1)])
def test_a_stretch_of_many_strategies_is_short(strategies, most):
    """All their decisions are about one slice."""
    assert bars(strategies) == most
