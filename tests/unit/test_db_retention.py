"""Thinning equity: what is kept tells the same story."""

from hypothesis import given
from hypothesis import strategies as st

from db.trading.retention import Point, kept
from domain.timeframes import DAY

HOURS = DAY // 4  # bars of six hours: four points a day


def drawdown(points):
    """The largest 1 - E / running maximum, by the definition, one point after the other."""
    peak, deepest = 0.0, 0.0
    for point in points:
        peak = max(peak, point.equity)
        deepest = max(deepest, 1 - point.equity / peak)
    return deepest


def story(points):
    """What the reports read from equity: drawdowns of all and of each run, daily closes, each run's ends."""
    runs = {run: [p for p in points if p.run_id == run] for run in {p.run_id for p in points}}
    ends = {run: (part[0], part[-1]) for run, part in runs.items()}
    closes = {p.timestamp // DAY: p for p in points}
    return drawdown(points), {run: drawdown(part) for run, part in runs.items()}, ends, closes


values = st.lists(st.sampled_from([80.0, 90.0, 95.0, 100.0, 101.0, 120.0]), min_size=1, max_size=40)


@given(values, st.integers(0, 40))
def test_nothing_that_a_report_needs_is_lost(equity, change):
    """Drawdown, daily closes and the ends of runs are the same before and after, whatever the curve."""
    points = [Point(n * HOURS, "ab"[n >= change], value) for n, value in enumerate(equity)]
    keep = kept(points)
    assert story([point for point in points if point.timestamp in keep]) == story(points)


@given(values)
def test_thinning_twice_is_thinning_once(equity):
    """What was kept is kept again."""
    points = [Point(n * HOURS, "a", value) for n, value in enumerate(equity)]
    once = [point for point in points if point.timestamp in kept(points)]
    assert kept(once) == {point.timestamp for point in once}


def test_a_quiet_day_becomes_one_point():
    """Beside the first point of a run only the ends of days stay when nothing happens."""
    points = [Point(n * 60, "a", 100.0) for n in range(3 * DAY // 60)]
    assert len(kept(points)) <= 2 * 3


def test_a_fall_within_a_day_is_kept():
    """Peak and trough are neither the day's highest nor its lowest."""
    day = [Point(n * 60, "a", value) for n, value in enumerate([50.0, 100.0, 90.0, 110.0, 105.0])]
    assert kept(day) == {0, 60, 120, 180, 240}


def test_no_points_are_no_mistake():
    """A strategy that never traded has nothing to thin."""
    assert kept([]) == set()
