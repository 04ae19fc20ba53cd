"""Timeframes: lengths, names, and where bars open, by the calendar of the standard library."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as some

from domain.timeframes import aligned, ceil, floor, last_closed, name, seconds

LENGTHS = {"1m": 60, "15m": 900, "90m": 5400, "1h": 3600, "4h": 14_400, "1d": 86_400, "3d": 259_200, "1w": 604_800}


@pytest.mark.parametrize("timeframe", LENGTHS)
def test_a_timeframe_has_a_length_and_a_length_a_timeframe(timeframe):
    """In seconds; what is written is found again."""
    assert seconds(timeframe) == LENGTHS[timeframe]
    assert seconds(name(LENGTHS[timeframe])) == LENGTHS[timeframe]


@pytest.mark.parametrize(
    ("length", "called"), [(60, "1m"), (3600, "1h"), (5400, "90m"), (172_800, "2d"), (1_209_600, "2w"), (90, "90 s")]
)
def test_a_length_is_called_by_its_longest_unit(length, called):
    """By seconds where it is no whole number of minutes."""
    assert name(length) == called


@pytest.mark.parametrize("text", ["", "h", "0h", "01h", "1.5h", "1H", "1 h", "1s", "10000m", "1h ", "１h"])
def test_what_is_no_timeframe_says_what_is(text):
    """Months, seconds and fractions are none."""
    with pytest.raises(ValueError, match="such as 15m, 1h or 1d"):
        seconds(text)


@given(some.datetimes(min_value=datetime(2009, 1, 1), max_value=datetime(2199, 1, 1), timezones=some.just(UTC)))
def test_bars_open_at_whole_hours_at_midnight_and_on_mondays(moment):
    """The open of the bar that holds a moment, and the first at or after it."""
    moment, unix = moment.replace(microsecond=0), int(moment.timestamp())
    day = moment.replace(hour=0, minute=0, second=0)
    opens = {
        "1h": moment.replace(minute=0, second=0),
        "4h": day + timedelta(hours=moment.hour // 4 * 4),
        "1d": day,
        "1w": day - timedelta(days=day.weekday()),
    }
    for timeframe, opened in opens.items():
        length, start = seconds(timeframe), int(opened.timestamp())
        assert floor(unix, length) == start
        assert ceil(unix, length) == (start if unix == start else start + length)
        assert aligned(start, length)
        assert aligned(unix, length) is (unix == start)


@pytest.mark.parametrize(("after", "first", "next_"), [(-1, -1, 0), (0, 0, 0), (1, 0, 1), (3599, 0, 1), (3600, 1, 1)])
def test_a_second_before_an_open_is_in_the_bar_before(after, first, next_):
    """In bars of an hour from 23:00."""
    opened = 1_700_002_800
    assert floor(opened + after, 3600) == opened + first * 3600
    assert ceil(opened + after, 3600) == opened + next_ * 3600


@pytest.mark.parametrize(("late_ms", "newest"), [(0, -1), (1999, -1), (2000, -1), (2001, 0), (3_600_000, 0)])
def test_a_bar_is_closed_once_the_clock_has_passed_its_end_and_settled(late_ms, newest):
    """Two seconds after its end by default, and not at that very moment."""
    end = 1_700_002_800  # 2023-11-14 23:00 UTC
    assert last_closed(end * 1000 + late_ms, 3600, 2.0) == end - 3600 + newest * 3600
