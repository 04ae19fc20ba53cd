"""What fills and round trips brought as running sums, against examples worked by hand (TRADING.md, section 7)."""

from decimal import Decimal

import pytest

from domain.tally import Tally, Trip

D = Decimal
TRIPS = (Trip(D(3), 0.03, 5), Trip(D(-2), -0.04, 1), Trip(D(0), 0.0, 2), Trip(D(5), 0.01, 4), Trip(D(-6), -0.1, 8))


def closed(*trips):
    """After these round trips."""
    found = Tally()
    for trip in trips:
        found = found.closed(trip)
    return found


def test_fills_are_counted_with_their_fees_and_profits():
    """Bought for 0.1 of fees, sold for 0.25 with 2.5 won, sold with 1.25 lost: 0.65 and 1.25."""
    found = Tally().traded(2000, D("0.1"), None).traded(3000, D("0.25"), D("2.5")).traded(4000, D("0.3"), D("-1.25"))
    assert (found.total_trades, found.total_pnl, found.fees) == (3, D("1.25"), D("0.65"))
    assert (found.first_trade_ms, found.last_trade_ms) == (2000, 4000)


def test_first_and_last_are_by_time():
    """A late fill is dated to its bar, and may be written after a later one."""
    found = Tally().traded(2000, D(0), None).traded(1000, D(0), None).traded(1500, D(0), None)
    assert (found.first_trade_ms, found.last_trade_ms) == (1000, 2000)


def test_money_keeps_fifteen_digits():
    """1e15 units of the last digit and one more: what a REAL brings back exactly."""
    found = Tally().traded(1, D("12345678.1234567"), D("12345678.1234567")).traded(1, D("0.00000001"), D("0.00000001"))
    assert (found.total_pnl, found.fees) == (D("12345678.1234567"), D("12345678.1234567"))


def test_round_trips_are_won_or_lost():
    """3, -2, 0, 5, -6: two won 8, two lost 8, one neither; best 5, worst -6."""
    found = closed(*TRIPS)
    assert (found.round_trips, found.wins, found.losses, found.gains, found.lost) == (5, 2, 2, 8, 8)
    assert (found.best_pnl, found.worst_pnl) == (5, -6)
    assert (found.bars, found.returns) == (20, pytest.approx(-0.1))


def test_the_mean_and_the_squares_around_it():
    """3, -2, 0, 5, -6: mean 0, squares 9 + 4 + 0 + 25 + 36. 3, 5: mean 4, squares 2."""
    found, two = closed(*TRIPS), closed(TRIPS[0], TRIPS[3])
    assert (found.avg_pnl, found.pnl_squares) == (pytest.approx(0, abs=1e-15), pytest.approx(74))
    assert (two.avg_pnl, two.pnl_squares) == (4, 2)


def test_what_is_less_than_one_counts():
    """A quarter won and a quarter lost, in a currency whose unit is much."""
    found = closed(Trip(D("0.25"), 0.5, 1), Trip(D("-0.25"), -0.5, 1))
    assert (found.wins, found.losses, found.gains, found.lost) == (1, 1, 0.25, 0.25)
    assert (found.best_pnl, found.worst_pnl) == (D("0.25"), D("-0.25"))


def test_nothing_traded_is_nothing():
    """Every sum and mean is 0, the rest unknown."""
    assert {value for value in map(Tally().__getattribute__, Tally.__slots__) if value is not None} == {0}


def test_nothing_won_is_no_best_and_nothing_lost_no_worst():
    """None, not 0."""
    assert (closed(TRIPS[1], TRIPS[2]).best_pnl, closed(TRIPS[0], TRIPS[2]).worst_pnl) == (None, None)
    assert (closed(TRIPS[0]).best_pnl, closed(TRIPS[1]).worst_pnl) == (3, -2)


def test_the_best_and_the_worst_stay():
    """Smaller ones after them move neither."""
    found = closed(TRIPS[3], TRIPS[4], TRIPS[0], TRIPS[1])
    assert (found.best_pnl, found.worst_pnl) == (5, -6)


def test_round_trips_add_no_fills_and_fills_no_round_trips():
    """The one leaves the sums of the other alone."""
    assert (closed(*TRIPS).total_trades, closed(*TRIPS).total_pnl, closed(*TRIPS).fees) == (0, 0, 0)
    assert Tally().traded(1, D(1), D(2)).round_trips == 0
