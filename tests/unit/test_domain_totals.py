"""Totals of a strategy and of its runs, carried on bar by bar: examples worked by hand (TRADING.md, section 7)."""

from decimal import Decimal

import pytest

from domain.curve import Point
from domain.tally import Trip
from domain.timeframes import DAY
from domain.totals import Bar, Sums, Totals
from tests.kit.series import HOUR

D = Decimal


def point(closed, profit, capital=1000):
    """The equity at a close."""
    return Point(closed, D(profit), D(capital))


def bar(number, profit=None, *, close=100.0, held=False, code="no_entry"):
    """The hourly bar of that number since midnight, with the profit at its close where that has changed."""
    opened, closed = number * HOUR, (number + 1) * HOUR
    return Bar(opened, closed, close, held, code, None if profit is None else point(closed, profit))


def walked(*bars, run="a.1", totals=None):
    """The totals after bars of a run with a capital of 1000."""
    totals = totals or Totals()
    for each in bars:
        totals.bar(run, each, D(1000))
    return totals


def test_bars_are_counted_for_the_strategy_and_for_its_run():
    """Three decided, two of them held, whatever else there was before."""
    totals = walked(bar(0), bar(1, held=True), totals=walked(bar(2, held=True), run="a.0"))
    assert (totals.strategy.decided, totals.strategy.held) == (3, 2)
    assert [(run.decided, run.held) for run in totals.runs.values()] == [(1, 1), (2, 1)]


def test_a_strategy_starts_with_its_first_bar_and_without_a_profit():
    """At its open; the point of the bar follows."""
    totals = walked(bar(3, 25))
    for sums in (totals.strategy, totals.runs["a.1"]):
        assert (sums.curve.started, sums.curve.start_profit, sums.curve.ended) == (3 * HOUR, 0, 4 * HOUR)
        assert (sums.curve.highest, sums.curve.point) == (0, point(4 * HOUR, 25))


def test_a_bar_on_which_nothing_moves_leaves_the_equity_of_the_start():
    """Nothing won, at the capital."""
    totals = walked(bar(3))
    assert totals.strategy.curve.point == totals.runs["a.1"].curve.point == point(3 * HOUR, 0)


def test_a_run_starts_with_the_profit_that_it_has_found():
    """The run before has won 25: they are the start of the next, and the high of its first day."""
    totals = walked(bar(1, 10), run="a.2", totals=walked(bar(0, 25)))
    run = totals.runs["a.2"]
    assert (run.curve.started, run.curve.start_profit, run.curve.highest) == (HOUR, 25, 25)
    assert (run.day.highest, run.day.lowest, run.day.last) == (25, 10, point(2 * HOUR, 10))
    assert totals.strategy.curve.start_profit == 0


def test_a_day_counts_its_bars_and_the_reasons_of_its_decisions():
    """Three bars, one held, two of them for the same reason; the close is that of the newest."""
    totals = walked(bar(0, close=101.0), bar(1, 5, held=True, code="signal"), bar(2, close=103.0))
    day = totals.runs["a.1"].day
    assert (day.timestamp, day.decided, day.held, day.points, day.close) == (0, 3, 1, 1, 103.0)
    assert day.codes == {"no_entry": 2, "signal": 1}
    assert totals.finished == []


def test_a_day_ends_with_the_bar_that_closes_at_midnight():
    """24 hours; the next bar finishes it, and its day begins with what was carried into it."""
    totals = walked(*(bar(number) for number in range(23)), bar(23, 40))
    assert (totals.runs["a.1"].day.decided, totals.finished) == (24, [])
    walked(bar(24, -60), bar(25), totals=totals)
    ((run_id, day),) = totals.finished
    assert (run_id, day.timestamp, day.decided, day.points, day.highest) == ("a.1", 0, 24, 1, 40)
    today = totals.runs["a.1"].day
    assert (today.timestamp, today.decided, today.highest, today.lowest) == (DAY, 2, 40, -60)
    assert today.deepest_fall == pytest.approx(100 / 1040)


def test_the_days_of_two_runs_are_their_own():
    """A run that ended within a day leaves it as it is; the next has its own of the same date."""
    totals = walked(bar(1), run="a.2", totals=walked(bar(0, 25)))
    assert [(run.day.timestamp, run.day.decided) for run in totals.runs.values()] == [(0, 1), (0, 1)]
    assert totals.finished == []


def test_a_sale_beside_the_decision_moves_the_newest_point():
    """At the same close it takes its place, so that what it was never counts; the run's as the strategy's."""
    totals = walked(bar(0), bar(1, 250))
    totals.correct("a.1", point(2 * HOUR, 100))
    for sums in (totals.strategy, totals.runs["a.1"]):
        assert (sums.curve.ended, sums.curve.point, sums.curve.highest) == (2 * HOUR, point(2 * HOUR, 100), 0)
    assert walked(bar(2), totals=totals).strategy.curve.highest == 100


def test_a_sale_at_a_later_bar_is_one_more_point():
    """Nobody decided that bar: what was there until then counts."""
    totals = walked(bar(0), bar(1, 250))
    totals.correct("a.1", point(3 * HOUR, 100))
    curve = totals.strategy.curve
    assert (curve.ended, curve.point, curve.highest) == (3 * HOUR, point(3 * HOUR, 100), 250)
    assert totals.strategy.decided == 2


def test_nothing_is_corrected_before_the_first_bar():
    """There is no curve to have a point."""
    assert Sums().corrected(point(HOUR, 5)) == Sums()


def test_trades_and_round_trips_belong_to_the_strategy_and_to_the_run_that_opened_them():
    """Also to a run that has decided nothing yet."""
    totals = Totals()
    totals.trade("a.1", 7, D("0.5"), None)
    totals.trade("a.2", 8, D("0.25"), D(3))
    totals.close("a.2", Trip(D(3), 0.03, 4))
    assert (totals.strategy.tally.total_trades, totals.strategy.tally.fees) == (2, D("0.75"))
    assert (totals.strategy.tally.total_pnl, totals.strategy.tally.wins) == (3, 1)
    one, two = (totals.runs[run].tally for run in ("a.1", "a.2"))
    assert (one.total_trades, one.fees, one.round_trips) == (1, D("0.5"), 0)
    assert (two.total_trades, two.total_pnl, two.round_trips, two.bars) == (1, 3, 1, 4)


def test_what_was_traded_can_be_forgotten():
    """The bars stay."""
    totals = walked(bar(0, held=True))
    totals.trade("a.1", 7, D("0.5"), D(3))
    totals.forget_trades()
    for sums in (totals.strategy, totals.runs["a.1"]):
        assert (sums.tally.total_trades, sums.tally.total_pnl, sums.tally.fees, sums.tally.last_trade_ms) == (
            0, 0, 0, None,
        )  # fmt: skip
        assert (sums.decided, sums.held) == (1, 1)
