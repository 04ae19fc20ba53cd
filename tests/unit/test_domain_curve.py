"""The equity curve as running sums, against examples worked by hand (TRADING.md, section 7)."""

from decimal import Decimal

import pytest

from domain.curve import Curve, Day, Point, Returns, day_of, fall
from domain.timeframes import DAY
from tests.kit.series import HOUR

D = Decimal


def walked(*profits, seconds=DAY, started=0, capital=1000, found=0):
    """The curve after bars of that length, each with the profit at its close, None where it stood still."""
    curve = Curve.begun(started, D(found), D(capital))
    for number, profit in enumerate(profits, 1):
        closed = started + number * seconds
        curve = curve.bar(closed, None if profit is None else Point(closed, D(profit), D(capital)))
    return curve


def days(curve):
    """The numbers of its daily returns."""
    found = curve.returns
    return found.days, found.mean, found.squares, found.down_squares


def test_before_its_first_bar_a_curve_is_what_was_found():
    """Nothing fell, no midnight counts, and its newest point is the start."""
    curve = Curve.begun(HOUR, D(7), D(1000))
    assert (curve.started, curve.start_profit, curve.ended, curve.highest) == (HOUR, 7, HOUR, 7)
    assert (curve.deepest_fall, curve.midnight_profit, curve.point) == (0, None, Point(HOUR, D(7), D(1000)))
    assert days(curve) == (0, 0, 0, 0)


@pytest.mark.parametrize(
    ("highest", "profit", "capital", "must"),
    [(250, -50, 1000, 0.24), (0, 0, 1000, 0), (500, 0, -500, 0), (100, 0, -99, 100)],
)
def test_a_fall_is_a_part_of_the_highest_equity(highest, profit, capital, must):
    """From 1250 to 950 is 300 / 1250; of nothing nothing can fall."""
    assert fall(D(highest), D(profit), D(capital)) == must


def test_the_deepest_fall_is_from_the_highest_point_before():
    """1000, 1250, 1000 (20 %), 1500, 1260 (16 %), 1400: the deepest is 20 %. The newest point is not in it yet."""
    curve = walked(0, 250, 0, 500, 260, 400)
    assert (curve.highest, curve.deepest_fall) == (500, 0.2)
    assert (curve.point, curve.ended) == (Point(6 * DAY, D(400), D(1000)), 6 * DAY)


def test_the_newest_point_counts_once_the_next_bar_comes():
    """1000, 1250, then 1000: a sale beside the decision may still make it another one. At the next bar 20 % fell."""
    assert walked(0, 250, 0).deepest_fall == 0
    assert walked(0, 250).highest == 0
    assert (walked(0, 250, 0, None).deepest_fall, walked(0, 250, None).highest) == (0.2, 250)


def test_what_was_found_is_a_peak():
    """A run begins with 250 of profit and falls to 0: 20 %."""
    assert walked(0, None, found=250).deepest_fall == 0.2


def test_days_are_from_midnight_to_midnight():
    """Days that end with 1100, 1045 and 1045: from 1000 on +10 %, -5 %; the third has not ended before that.

    Mean 0.025, squares 0.075² twice = 0.01125, of the negative 0.05² = 0.0025.
    """
    curve = walked(100, 45, None)
    assert days(curve) == pytest.approx((2, 0.025, 0.01125, 0.0025))
    assert curve.midnight_profit == 45


def test_the_day_that_ends_with_the_newest_close_does_not_count_yet():
    """The bar of the first day has closed; an hour later that day counts."""
    curve = walked(100)
    assert (curve.returns.days, curve.midnight_profit) == (0, 0)
    assert curve.bar(DAY + HOUR).returns == Returns(days=1, mean=0.1)
    assert curve.bar(DAY + HOUR).midnight_profit == 100


def test_a_curve_that_begins_within_a_day_has_no_return_of_it():
    """From 12:00 on: 1100 at the first midnight, 1210 at the second: one return of 10 %."""
    begun = Curve.begun(DAY // 2, D(0), D(1000)).bar(DAY, Point(DAY, D(100), D(1000)))
    curve = begun.bar(2 * DAY, Point(2 * DAY, D(210), D(1000))).bar(2 * DAY + 1)
    assert days(curve) == pytest.approx((1, 0.1, 0, 0))


def test_days_without_a_bar_are_flat():
    """1100 at the end of the first day, then nothing for three days: 10 %, and three times 0.

    Mean 0.025, squares 0.075² + 3 × 0.025² = 0.0075.
    """
    assert days(walked(100).bar(4 * DAY + HOUR)) == pytest.approx((4, 0.025, 0.0075, 0))


def test_many_bars_of_a_day_are_one_return():
    """Hours that go to 1500 and 500 and end with 1100: 10 %."""
    curve = walked(500, -500, *[None] * 21, 100, seconds=HOUR).bar(DAY + HOUR)
    assert days(curve) == (1, 0.1, 0, 0)


def test_what_was_paid_in_is_no_profit():
    """1000, then 1000 are paid in and 100 won: 100 / 2000; from the highest 2000 to 1500 a quarter fell."""
    curve = walked(0).bar(2 * DAY, Point(2 * DAY, D(100), D(2000)))
    assert days(curve.bar(2 * DAY + 1)) == pytest.approx((2, 0.025, 0.00125, 0))
    fallen = walked(0).bar(2 * DAY, Point(2 * DAY, D(-500), D(2000))).bar(3 * DAY)
    assert fallen.deepest_fall == 0.25


def test_a_day_before_which_there_was_nothing_has_no_return():
    """All is lost on the first day (-100 %); a day of nothing and the one that ends with 10 have none, the next 0."""
    curve = walked(-1000).bar(3 * DAY, Point(3 * DAY, D(-990), D(1000))).bar(4 * DAY + 1)
    assert days(curve) == (2, -0.5, 0.5, 1)


def test_a_midnight_counts_once():
    """Bars that close a second and two seconds after it: one return of 10 %, and none of the day that has begun."""
    assert days(walked(100).bar(DAY + 1).bar(DAY + 2)) == (1, 0.1, 0, 0)


def test_what_is_less_than_one_has_returns():
    """In a currency whose unit is much: a half, 0.55 (10 %), a day on which nothing moved, 0.495 (-10 %)."""
    curve = Curve.begun(0, D(0), D("0.5")).bar(DAY, Point(DAY, D("0.05"), D("0.5")))
    curve = curve.bar(3 * DAY, Point(3 * DAY, D("-0.005"), D("0.5"))).bar(3 * DAY + 1)
    assert days(curve) == pytest.approx((3, 0, 0.02, 0.01))


def test_equal_returns_have_no_spread():
    """Ten per cent, three times: 0 to the last bit, so that no ratio is one of noise."""
    assert days(walked(100, 210, 331, None))[:3] == (3, 0.1, 0)


@pytest.mark.parametrize("changes", [(0.5, -0.25, 0.125), (-0.5, -0.5, 1.0), (0.0, 0.0, -0.75)])
def test_returns_are_joined_one_by_one(changes):
    """Mean and deviations as in a textbook: from all at once."""
    found = Returns()
    for change in changes:
        found = found.joined(change)
    mean = sum(changes) / 3
    assert (found.days, found.mean) == (3, pytest.approx(mean))
    assert found.squares == pytest.approx(sum((change - mean) ** 2 for change in changes))
    assert found.down_squares == pytest.approx(sum(change**2 for change in changes if change < 0))


def test_many_days_of_one_return_are_joined_at_once():
    """Twice -0.5 after 0.25: the same as one after the other."""
    one_by_one = Returns().joined(0.25).joined(-0.5).joined(-0.5)
    assert Returns().joined(0.25).joined(-0.5, 2) == one_by_one == Returns(3, -0.25, 0.375, 0.5)


@pytest.mark.parametrize(("closed", "must"), [(1, 0), (DAY, 0), (DAY + 1, DAY), (2 * DAY, DAY)])
def test_a_close_at_midnight_belongs_to_the_day_before(closed, must):
    """24:00 of the first day, not 00:00 of the second."""
    assert day_of(closed) == must


def opened(carried=0, capital=1000):
    """A day with what was carried into it."""
    point = Point(0, D(carried), D(capital))
    return Day(timestamp=0, last=point, highest=D(carried), lowest=D(carried), close=1.0)


def test_a_day_has_its_high_its_low_and_its_deepest_fall():
    """1000 carried in, then 1250, 950, 1100, 1045: from 1250 to 950 24 %."""
    day = opened()
    for profit in (250, -50, 100, 45):
        day = day.pointed(Point(HOUR, D(profit), D(1000)))
    assert (day.highest, day.lowest, day.deepest_fall, day.points) == (250, -50, 0.24, 4)
    assert day.last == Point(HOUR, D(45), D(1000))


def test_a_day_begins_with_what_was_carried_into_it():
    """1250 at midnight is a high from which 1000 is a fall of 20 %, and 750 would be a low."""
    day = opened(250).pointed(Point(HOUR, D(0), D(1000)))
    assert (day.highest, day.lowest, day.deepest_fall, day.points) == (250, 0, 0.2, 1)
    assert opened(-250).pointed(Point(HOUR, D(0), D(1000))).lowest == -250


def test_a_day_is_drawn_anew():
    """Its last point is another one by now: 1100, 1000 in place of 1100, 1300. What else is known of it stays."""
    day = opened().pointed(Point(1, D(100), D(1000))).pointed(Point(2, D(300), D(1000)))
    drawn = day.drawn(D(50), [D(100), D(0)], D(1000))
    assert (drawn.highest, drawn.lowest, drawn.points) == (100, 0, 2)
    assert drawn.deepest_fall == pytest.approx(100 / 1100)
    assert (drawn.last, drawn.close, drawn.timestamp) == (Point(1, D(0), D(1000)), 1.0, 0)
    assert day.drawn(D(400), [D(100)], D(1000)).deepest_fall == pytest.approx(300 / 1400)
    fallen = opened().pointed(Point(1, D(-500), D(1000))).drawn(D(0), [D(-100)], D(1000))
    assert (fallen.lowest, fallen.deepest_fall) == (-100, 0.1)


def test_a_new_day_counts_nothing():
    """Neither candles nor moves nor reasons."""
    day = opened()
    assert (day.decided, day.held, day.points, day.deepest_fall, dict(day.codes)) == (0, 0, 0, 0, {})
