"""Local times are known by the nights on which clocks are set. The clocks are those of the zone database."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import numpy as np
import pytest

from backfiller.daylight_saving import RULES, local_times
from tests.kit.series import HOUR

ZONES = {
    "Central Europe": "Europe/Berlin", "Great Britain": "Europe/London", "Eastern Europe": "Europe/Athens",
    "North America": "America/New_York", "Australia": "Australia/Sydney", "New Zealand": "Pacific/Auckland",
}  # fmt: skip
YEAR = 366 * 24
MONTHS = {1: 7, 3: 1, 10: 1}


def table(zone, first, count, length=HOUR):
    """Bars as the clocks of a zone show them; no two are alike."""
    moments = (first + timedelta(seconds=length * each) for each in range(count))
    shown = [each.astimezone(ZoneInfo(zone)).replace(tzinfo=UTC).timestamp() for each in moments]
    return np.array([[each, 1, 1, 1, 1, number] for number, each in enumerate(shown)], dtype=np.float64)


def moment(year, month, day=1):
    """A midnight in UTC."""
    return datetime(year, month, day, tzinfo=UTC)


@pytest.mark.parametrize("place", ZONES)
@pytest.mark.parametrize("length", [900, HOUR])
def test_a_year_of_local_times_is_known(place, length):
    """In whatever order the rows stand."""
    rows = table(ZONES[place], moment(2022, 6), YEAR * HOUR // length, length)
    assert "an hour is missing and on 202" in (local_times(rows, length) or "")
    assert f"({place})" in local_times(rows[::-1], length)


@pytest.mark.parametrize("place", ZONES)
def test_every_night_of_the_rules_is_one_of_the_zone(place):
    """Sixteen years: the hour that is skipped does not exist, the one that is repeated exists twice."""
    zone = ZoneInfo(ZONES[place])
    for year in range(2010, 2026):
        skipped, repeated = (
            datetime.fromtimestamp(each.start(year), UTC).replace(tzinfo=None) for each in RULES[place]
        )
        assert skipped.replace(tzinfo=zone).astimezone(UTC).astimezone(zone).replace(tzinfo=None) != skipped
        assert len({repeated.replace(tzinfo=zone, fold=fold).utcoffset() for fold in (0, 1)}) == 2


@pytest.mark.parametrize(("month", "told"), [(10, "comes twice"), (3, "is missing")])
def test_one_night_tells_enough(month, told):
    """Of two months without other holes."""
    rows = table("Europe/Berlin", moment(2023, month), 60 * 24)
    assert told in (local_times(rows, HOUR) or "")


def test_longer_bars_are_an_hour_closer_or_further():
    """Four hours of New York."""
    assert "(North America)" in (
        local_times(table("America/New_York", moment(2022, 6), YEAR // 4, 4 * HOUR), 4 * HOUR) or ""
    )


@pytest.mark.parametrize("length", [60, 900, HOUR, 4 * HOUR])
def test_utc_is_not_taken_for_local(length):
    """With that night's hour missing in one spring it is there in the next, and days say nothing."""
    rows = table("UTC", moment(2022, 1), 3 * YEAR if length >= HOUR else 5000, length)
    night = moment(2022, 3, 27).timestamp() + 2 * HOUR
    assert local_times(rows, length) is None
    assert local_times(rows[(rows[:, 0] < night) | (rows[:, 0] >= night + HOUR)], length) is None
    assert local_times(rows[: 30 * 24], 86_400) is None


def test_a_market_with_holes_is_not_taken_for_local():
    """In one hour of eight nobody traded, that of the night among them."""
    rows = table("UTC", moment(2022, 1), 200 * 24)
    night = moment(2022, 3, 27).timestamp() + 2 * HOUR
    keep = (np.arange(len(rows)) % 8 != 3) & (rows[:, 0] != night) | (abs(rows[:, 0] - night) == HOUR)
    assert local_times(rows[keep & (rows[:, 0] != night)], HOUR) is None


def test_the_same_row_twice_is_no_hour_that_comes_twice():
    """Two files were put together."""
    rows = table("UTC", moment(2023, 10), 60 * 24)
    again = rows[rows[:, 0] == moment(2023, 10, 29).timestamp() + 2 * HOUR]
    assert local_times(np.concatenate([rows, again]), HOUR) is None
