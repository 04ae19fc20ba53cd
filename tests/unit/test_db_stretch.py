"""Sums over many days at once, against hand-worked examples; money to the last digit at any size."""

from decimal import Context, Decimal
from itertools import accumulate

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from db.trading.stretch import curve, spread, stretched, table, tally
from domain.curve import Point
from domain.timeframes import DAY

D = Decimal
FIFTEEN = Context(prec=15)
DAYS = (
    (0, 0, DAY, 1010, 1020, 990, 1000, 0.02),
    (0, DAY, 2 * DAY, 1030.2, 1040, 1010, 1000, 0.01),
    (0, 3 * DAY, 4 * DAY, 978.69, 1030.2, 960, 1000, 0.05),
)


def from_the_start(rows, ended, profit="0", capital="1000", since=0):
    """The curve over rows of run, midnight, end, equity, highest, lowest, capital, deepest fall."""
    days = stretched(rows)
    return curve(days, Point(since, D(profit), D(capital)), Point(ended, D(0), D(capital)))


def test_a_fall_goes_from_the_highest_of_earlier_days_to_the_lowest_of_a_day():
    """1040 on the second day, 960 on the fourth: 80 / 1040; the last day's own fall of 5 % is less."""
    found = from_the_start(DAYS, 4 * DAY)
    assert found.deepest_fall == pytest.approx(80 / 1040)
    assert found.highest == 40


def test_a_fall_within_a_day_counts():
    """The day says 9 %, from its high at 1050 to 955.5; the days before it fell less."""
    assert from_the_start([*DAYS, (0, 4 * DAY, 5 * DAY, 1000, 1050, 955.5, 1000, 0.09)], 5 * DAY).deepest_fall == 0.09


def test_returns_go_from_midnight_to_midnight():
    """1000 at the start, which is a midnight, then 1010, 1030.2, and a day on which nothing moved: 1 %, 2 %, 0 %; the
    day that ends with the newest close does not count yet.
    """
    found = from_the_start(DAYS, 4 * DAY).returns
    assert (found.days, found.mean) == (3, pytest.approx(0.01))
    assert (found.squares, found.down_squares) == (pytest.approx(0.0002), 0)
    assert from_the_start(DAYS, 4 * DAY + 1).returns.down_squares == pytest.approx(0.05**2)


def test_a_day_that_is_cut_has_no_return():
    """From noon on: the first midnight is the one that ends the day."""
    found = from_the_start([(0, 0, DAY - 3600, 1010, 1010, 1010, 1000, 0), *DAYS[1:]], 4 * DAY, since=DAY // 2)
    assert (found.returns.days, found.returns.mean) == (2, pytest.approx(0.01))


def test_what_was_paid_in_is_no_profit():
    """100 paid in on the second day, on which 22 are won: 2 % of 1000 and what was paid in."""
    deposit = (1, DAY, 2 * DAY, 1122, 1122, 1100, 1100, 0)
    found = from_the_start([(0, 0, DAY, 1000, 1000, 1000, 1000, 0), deposit], 2 * DAY + 1, capital="1000")
    assert (found.returns.days, found.returns.mean) == (2, pytest.approx(0.01))


def test_a_part_of_the_days_ends_with_its_newest_point():
    """As that of another moment, with the profit and the capital of then; a part without days has none."""
    days = stretched([(1, DAY, 2 * DAY, 1122, 1130, 1100, 1100, 0), *DAYS])
    assert days.newest(7) == Point(7, D("-21.31"), D(1000))
    first = days.part(days.closed <= 2 * DAY)
    assert (len(first.last), first.newest(8)) == (3, Point(8, D(22), D(1100)))
    assert days.part(days.closed < DAY).newest(9) is None


def test_what_a_run_did_is_at_its_own_capital():
    """Also the days on which another capital was carried into it."""
    days = stretched([(1, DAY, 2 * DAY, 1122, 1130, 1100, 1100, 0), *DAYS]).of(1, D(1200))
    assert [days.money(each) for each in (*days.last, *days.capital)] == [D(22), D(1200)]


def test_a_day_that_began_with_nothing_has_no_return():
    """All was lost before it: there is nothing to divide by."""
    lost = [(0, 0, DAY, 0, 1000, 0, 1000, 1), (0, DAY, 2 * DAY, 5, 5, 0, 1000, 0)]
    found = from_the_start(lost, 2 * DAY + 1).returns
    assert (found.days, found.mean) == (1, -1)


def test_equal_returns_have_no_spread():
    """They are the same to the last bit, however many: no ratio of noise."""
    assert spread(np.full(7, 0.1))[1] == 0
    assert spread(np.array([])) == (0, 0)


def test_what_was_traded():
    """Two fills and three round trips: won 3 and 1, lost 2."""
    fills = table([(0, 2000, 0.5, 0), (0, 1000, 0.25, 2)], 4)
    trips = table([(0, 3, 0.3, 5), (0, -2, -0.1, 1), (0, 1, 0.1, 3)], 4)
    found = tally(fills, trips)
    assert (found.total_trades, found.total_pnl, found.fees) == (2, D(2), D("0.75"))
    assert (found.first_trade_ms, found.last_trade_ms) == (1000, 2000)
    assert (found.round_trips, found.wins, found.losses, found.gains, found.lost) == (3, 2, 1, 4, 2)
    assert (found.best_pnl, found.worst_pnl, found.bars) == (D(3), D(-2), 9)
    assert (found.returns, found.avg_pnl) == (pytest.approx(0.3), pytest.approx(2 / 3))
    assert found.pnl_squares == pytest.approx(14 - 4 / 3)


def amounts(digits):
    """Money of that many digits before the point, as many after it as are kept."""
    places = min(8, 15 - digits)
    return st.integers(-(10**15) + 1, 10 ** (digits + places) - 1).map(lambda units: D(units).scaleb(-places))


@given(st.integers(1, 10).flatmap(lambda digits: st.lists(amounts(digits), min_size=1, max_size=50)))
def test_no_digit_of_money_is_lost(money):
    """The sum is that of the decimals, to the digits that a REAL keeps; so is what lies between two midnights."""
    pnl = [float(each) for each in money]
    assert float(tally(table([(0, 1, 0, each) for each in pnl], 4), table([], 4)).total_pnl) == float(
        FIFTEEN.plus(sum(money))
    )
    rows = [(0, place * DAY, (place + 1) * DAY, each, each, each, 0, 0) for place, each in enumerate(pnl)]
    days = stretched(rows)
    assert [days.money(each) for each in days.last] == money
    assert [days.money(each) for each in np.maximum.accumulate(days.highest)] == list(accumulate(money, max))


@pytest.mark.parametrize("large", ["9500000000.5", "95000000000.5", "950000000000.5", "9500000000000.5"])
def test_money_of_more_digits_is_counted_in_coarser_units(large):
    """So that it fits into 64 bits, to the last of its 15 digits."""
    pnl = [float(large), 0.25]
    assert tally(table([(0, 1, 0, each) for each in pnl], 4), table([], 4)).total_pnl == D(large) + D("0.25")
    days = stretched([(0, 0, DAY, pnl[0], pnl[0], 0, 0, 0)])
    assert days.money(days.last[0]) == D(large)
