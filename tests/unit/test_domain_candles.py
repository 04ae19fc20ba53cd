"""What is a candle, and what a strategy may see of them: each limit, worked by hand."""

import pytest

from domain.candles import Candle, Series, Source, Window, fault, flat_bar
from tests.kit.candles import bars, window
from tests.kit.series import HOUR, HOURLY, at

GOOD = Candle(HOUR, 2.0, 3.0, 1.0, 2.5, 1.0)


@pytest.mark.parametrize(
    "change",
    [
        {},
        {"open": 1.0},
        {"open": 3.0},
        {"close": 1.0},
        {"close": 3.0},
        {"volume": 0.0},
        {"volume": 0.999e18},
        {"high": 0.999999999999999e15},
        {"low": 5e-324},
        {"timestamp": 0},
    ],
)
def test_a_candle_up_to_each_limit(change):
    """Open and close may be the highest and the lowest, nobody need have traded."""
    assert fault(GOOD._replace(**change), HOUR) is None


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"open": 3.5}, "out of order: open 3.5, high 3.0, low 1.0, close 2.5"),
        ({"open": 0.5}, "out of order"),
        ({"close": 3.5}, "out of order"),
        ({"close": 0.5}, "out of order"),
        ({"low": 0.0}, "out of order"),
        ({"high": 1e15}, "price 1e+15: 1e+15 and more are not stored"),
        ({"open": 2e15, "high": 2e15}, "price 2e+15"),
        ({"low": 3e15}, "price 3e+15"),
        ({"volume": -1.0}, "volume -1.0"),
        ({"volume": 1e18}, "volume 1e+18: 1e+18 and more are not stored"),
        ({"volume": float("inf")}, "not a number"),
        ({"timestamp": HOUR + 1}, "is not the open of a bar of 3600 s"),
        ({"timestamp": HOUR + 0.5}, "is not the open"),
    ],
)
def test_what_is_beyond_a_limit_is_no_candle(change, told):
    """It says which number is wrong."""
    assert told in fault(GOOD._replace(**change), HOUR)


def test_a_bar_in_which_nobody_traded_is_flat():
    """At the close before it."""
    assert flat_bar(HOUR, 2.5) == Candle(HOUR, 2.5, 2.5, 2.5, 2.5, 0.0)


def test_a_window_ends_where_it_was_seen():
    """So many bars before the one at the index, and fewer at its start."""
    seen = window(bars(0, 1, 2, 3, 4))
    assert [each.timestamp for each in seen.ending(3, 2).candles] == [at(2), at(3)]
    assert len(seen.ending(1, 10)) == 2
    assert (seen.last.timestamp, seen.closed_at) == (at(4), at(5))


def test_a_window_tells_nothing_that_lies_ahead():
    """Neither bars in which nobody will trade, nor holes to come; nor what lies before it."""
    flat, breaks = frozenset({at(1), at(4)}), ((at(2), "first"), (at(5), "second"))
    seen = Window(HOURLY, tuple(bars(0, 1, 2, 3, 4, 5)), flat, breaks)
    ended = seen.ending(3, 3)
    assert (ended.flat, ended.breaks) == (frozenset({at(1)}), ((at(2), "first"),))
    ended = seen.ending(5, 3)
    assert (ended.flat, ended.breaks) == (frozenset({at(4)}), ((at(5), "second"),))


@pytest.mark.parametrize(("warmup", "hole"), [(1, None), (2, "second"), (3, "second"), (4, "second"), (100, "second")])
def test_the_newest_hole_within_the_warm_up_breaks_a_window(warmup, hole):
    """Before the bar at 3; the bar behind a hole may be the first of the warm-up, for the hole lies before it."""
    broken = Window(HOURLY, tuple(bars(0, 1, 3, 4)), breaks=((at(1), "first"), (at(4), "second"), (at(9), "later")))
    assert broken.broken(warmup) == hole


def test_an_earlier_hole_breaks_a_window_that_reaches_over_it():
    """And none that begins behind it."""
    broken = Window(HOURLY, tuple(bars(0, 2, 3)), breaks=((at(2), "hole"),))
    assert [broken.broken(warmup) for warmup in (1, 2, 3, 4)] == [None, None, "hole", "hole"]
    assert Window(HOURLY, (), breaks=((at(2), "hole"),)).broken(3) is None


def test_where_a_candle_comes_from_is_a_number_of_every_database():
    """DESIGN.md, section 6: of two that disagree the smaller number counts."""
    assert {each.name: each.value for each in Source} == {"EXCHANGE": 0, "IMPORT": 1, "DERIVED": 2}


def test_a_series_has_a_name_and_a_length():
    """As people read it, and in seconds."""
    series = Series("kraken", "ETH/EUR", "4h")
    assert (str(series), series.seconds) == ("kraken ETH/EUR 4h", 14_400)
