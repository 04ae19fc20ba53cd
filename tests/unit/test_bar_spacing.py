"""What the spacing of rows tells: a file of other bars is known by it, a market with holes is not taken for one."""

from datetime import UTC, datetime
from random import Random

import numpy as np
import pytest

from backfiller.bar_spacing import wrong_spacing

START = 1_704_067_200  # Monday 2024-01-01 00:00 UTC
HOUR, DAY = 3600, 86_400


def hours(*places):
    """Moments so many hours after the start."""
    return np.array([START + place * HOUR for place in places], dtype=np.float64)


def months(count):
    """The first of so many months."""
    return np.array([datetime(2020 + each // 12, each % 12 + 1, 1, tzinfo=UTC).timestamp() for each in range(count)])


OTHERS = {
    "days as hours": (hours(0, 24, 48, 72, 96, 120), HOUR, "1d apart, not 1h"),
    "three days as hours": (hours(0, 24, 48), HOUR, "1d apart, not 1h"),
    "days as hours, one missing": (hours(*(24 * day for day in range(30) if day != 7)), HOUR, "1d apart, not 1h"),
    "days as hours, one row astray": (hours(*(24 * day for day in range(30)), 25), HOUR, "1d apart, not 1h"),
    "minutes as hours": (hours(*(minute / 60 for minute in range(180))), HOUR, "1m apart, not 1h"),
    "two minutes as hours": (hours(0, 1 / 60), HOUR, "1m apart, not 1h"),
    "90 minutes as hours": (hours(0, 1.5, 3, 4.5), HOUR, "90m apart, not 1h"),
    "4 hours as hours": (hours(*range(0, 40, 4)), HOUR, "4h apart, not 1h"),
    "weeks as days": (hours(*range(0, 168 * 9, 168)), DAY, "1w apart, not 1d"),
    "Kraken's weeks": (hours(*range(72, 168 * 9, 168)), 7 * DAY, "its weeks open on Thursdays"),
    "days of New York": (hours(*range(5, 240, 24)), DAY, "its bars open 5h after those of 1d here, which follow UTC"),
    "half an hour late": (hours(0.5, 1.5, 2.5, 4.5), HOUR, "its bars open 30m after those of 1h here"),
    "months as days": (months(20), DAY, "31d apart, not 1d"),
}
RIGHT = {
    "nothing": (hours(), HOUR),
    "one row": (hours(5), HOUR),
    "two rows": (hours(0, 1), HOUR),
    "two rows around a hole": (hours(0, 24), HOUR),
    "a long outage": (hours(0, 1, 2, 900, 901), HOUR),
    "two outages of a day each": (hours(0, 24, 48, 49, 50), HOUR),
    "newest first, rows twice": (hours(3, 2, 2, 1, 0), HOUR),
    "a row astray": (hours(0, 0.002, 2, 3, 4), HOUR),
    "weeks": (hours(0, 168, 336), 7 * DAY),
}


@pytest.mark.parametrize("name", OTHERS)
def test_bars_of_another_length_are_known(name):
    """It says what they look like."""
    times, length, told = OTHERS[name]
    assert (wrong_spacing(times, length) or "").startswith(told if told.startswith("its") else f"its rows are {told}")


@pytest.mark.parametrize("name", RIGHT)
def test_holes_make_no_other_bars(name):
    """Outages, and hours in which nobody traded."""
    assert wrong_spacing(*RIGHT[name]) is None


@pytest.mark.parametrize("share", [0.02, 0.1, 0.3, 0.7, 0.95])
def test_a_market_in_which_most_bars_are_missing(share):
    """Whatever share of the hours somebody traded in, drawn by seed: 40 files of 12 to 400 rows."""
    draw = Random(round(share * 100))
    for count in range(12, 412, 10):
        places = [each for each in range(round(count / share)) if draw.random() < share]
        assert wrong_spacing(hours(*places), HOUR) is None
