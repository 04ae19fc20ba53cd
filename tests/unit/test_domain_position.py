"""The fold of executions into ledger, holding and trades, worked by hand."""

from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as some

from domain.codes import Code, Why
from domain.executions import on_paper
from domain.ledger import Ledger
from domain.market import Side
from domain.position import Position
from domain.strategy import Distance, Exits
from tests.unit.test_domain_ledger import market, order, terms

D = Decimal
FREE = market(maker=D(0), taker=D(0), price_tick=D("0.0001"))
LEVELS = Exits(stop=Distance(D("0.03")), target=Distance(D(2), 20), trailing=Distance(D("0.05")))
START = Position(ledger=Ledger.opened(D(1000)), round_trips=4)


def bought(qty, price, filled=None, of=None, **changes):
    """A buy of the fifth round trip, without a fee; `of` is what was ordered, `filled` what of it is there by now."""
    wanted = order(Side.BUY, 100, of or qty, round_trip=5, exits=LEVELS, atr={20: 4.0}, **changes)
    return done(wanted, qty, price, filled)


def sold(qty, price, filled=None, of=None):
    """A sale of the fifth round trip, without a fee."""
    return done(order(Side.SELL, 100, of or qty, round_trip=5), qty, price, filled)


def done(wanted, qty, price, filled):
    """An execution of an order, at another price than it expected."""
    (execution,) = on_paper(wanted, FREE, terms("0"))
    return replace(execution, qty=D(qty), price=D(price), filled=D(filled or qty))


def folded(position, *executions, on=FREE):
    """The position after executions, and their trades."""
    trades = []
    for each in executions:
        position, trade = position.after(each, on)
        trades.append(trade)
    return position, trades


def levels(holding):
    """What an open position remembers of prices."""
    return holding.entry_price, holding.stop, holding.target, holding.trailing, holding.high_water


def test_an_entry_opens_the_holding_at_the_price_that_it_was_filled_at():
    """Ordered at 100, filled at 101: 3 % below is 97.97, twice an ATR of 4 above is 109, 5 % are 5.05."""
    after, (trade,) = folded(START, bought("2", "101"))

    assert levels(after.holding) == (D(101), D("97.97"), D(109), D("5.05"), D(101))
    assert (after.holding.round_trip, after.holding.run_id, after.holding.entry_timestamp) == (5, "a.1", 3600)
    assert after.round_trips == 5
    assert after.ledger == Ledger(D(2), D(202), D(798), D(0))
    assert (trade.cost, trade.pnl) == (202, None)


def test_an_entry_that_fills_in_two_parts_has_their_mean_price():
    """1 at 100 and 3 at 102 are 4 at 101.5, from which the levels follow; it is one round trip."""
    first, _ = folded(START, bought("1", "100", of="4"))
    seen = replace(first, holding=first.holding.seen(101.0))
    after, trades = folded(seen, bought("3", "102", filled="4", of="4"))

    assert levels(first.holding) == (D(100), D(97), D(108), D(5), D(100))
    assert levels(after.holding) == (D("101.5"), D("98.455"), D("109.5"), D("5.075"), D(102))
    assert (after.round_trips, after.ledger) == (5, Ledger(D(4), D(406), D(594), D(0)))
    assert [trade.cost for trade in trades] == [306]


def test_every_part_of_an_entry_weighs_what_it_bought():
    """3 at 100, 1 at 102 and 4 at 99 are 8 at 99.75, whichever part comes last."""
    parts = (("3", "100", "3"), ("1", "102", "4"), ("4", "99", "8"))
    prices, position = [], START
    for qty, price, filled in parts:
        position, _ = folded(position, bought(qty, price, filled=filled, of="8"))
        prices.append(position.holding.entry_price)
    assert prices == [100, D("100.5"), D("99.75")]


@pytest.mark.parametrize(("high", "mark"), [(101.5, "102"), (103.0, "103")])
def test_the_high_water_mark_of_an_entry_in_parts_is_the_highest_price_since_the_first(high, mark):
    """Of the bars between as of the executions."""
    first, _ = folded(START, bought("1", "100", of="4"))
    seen = replace(first, holding=first.holding.seen(high))
    after, _ = folded(seen, bought("3", "102", filled="4", of="4"))
    assert after.holding.high_water == D(mark)


def test_an_exit_that_fills_in_two_parts_releases_the_cost_in_proportion_and_then_what_is_left():
    """Of 3 coins for 100 the first releases 33.33333333, the others 66.66666667; the position is held until then."""
    entered, _ = folded(START, bought("3", "33"))
    position = replace(entered, ledger=Ledger(D(3), D(100), D(900), D(0)))
    first, (one,) = folded(position, sold("1", "40", of="3"))
    last, (two,) = folded(first, sold("2", "41", filled="3", of="3"))

    assert (one.cost, one.pnl) == (D("33.33333333"), D("6.66666667"))
    assert (first.ledger, first.holding) == (
        Ledger(D(2), D("66.66666667"), D(940), D("6.66666667")),
        position.holding,
    )
    assert (two.cost, two.pnl) == (D("66.66666667"), D("15.33333333"))
    assert (last.ledger, last.holding) == (Ledger(D(0), D(0), D(1022), D(22)), None)


@pytest.mark.parametrize(
    ("left", "price", "flat"), [("0.04", "100", True), ("0.05", "100", False), ("0.05", "99", True)]
)
def test_what_a_part_of_an_exit_leaves_counts_as_flat_where_the_market_does_not_take_it(left, price, flat):
    """Below the minimum cost of 5 at the price of the sale it is a residue, which the ledger keeps with its cost."""
    entered, _ = folded(START, bought("1", "100"))
    after, _ = folded(entered, sold(D(1) - D(left), price, of="1"))

    assert (after.holding is None) is flat
    assert (after.ledger.qty, after.ledger.cost) == (D(left), D(left) * 100)


def test_a_residue_goes_out_with_the_next_exit():
    """0.04 for 4 are left; 1 more is bought for 90 and 1.04 sold at 95: all the cost of 94 is released."""
    left = Position(ledger=Ledger(D("0.04"), D(4), D(996), D(0)), round_trips=4)
    after, (_, trade) = folded(left, bought("1", "90"), sold("1.04", "95"))

    assert (trade.cost, trade.pnl) == (94, D("4.8"))
    assert (after.ledger, after.holding) == (Ledger(D(0), D(0), D("1004.8"), D("4.8")), None)


@pytest.mark.parametrize(("qty", "left", "flat"), [("1.999", "0.0005", True), ("1.998", "0.0015", False)])
def test_what_is_below_a_step_of_the_amount_counts_as_flat(qty, left, flat):
    """The fee was taken in coins: 0.0005 of a step of 0.001 cannot be named by an order; a whole step is held on."""
    on = market(amount_step=D("0.001"), min_amount=D(0), min_cost=D(0))
    entered, _ = folded(START, bought("2", "100"))
    position = replace(entered, ledger=Ledger(D("1.9995"), D(200), D(800), D(0)))
    after, _ = folded(position, sold(qty, "100"), on=on)
    assert (after.holding is None, after.ledger.qty) == (flat, D(left))


def test_a_part_of_an_entry_that_comes_after_its_exit_opens_again():
    """What was there was stopped out meanwhile: the rest is held at its own price, in the same round trip."""
    first, _ = folded(START, bought("1", "100", of="4"))
    stopped, _ = folded(first, sold("1", "97"))
    after, _ = folded(stopped, bought("3", "102", filled="4", of="4"))
    assert (stopped.holding, levels(after.holding)[:2], after.round_trips) == (None, (D(102), D("98.94")), 5)


def test_an_exit_that_waits_is_not_forgotten_by_a_later_part_of_the_entry():
    """It was decided between the two parts."""
    first, _ = folded(START, bought("1", "100", of="2"))
    waiting = replace(first, holding=first.holding.waiting(Why(Code.STOP, "it fell")))
    after, _ = folded(waiting, bought("1", "98", filled="2", of="2"))
    assert (after.holding.due, after.holding.entry_price) == (Why(Code.STOP, "it fell"), 99)


parts = some.lists(some.tuples(some.integers(1, 10**6), some.integers(1, 10**6)), min_size=1, max_size=6)


@given(parts, parts, some.integers(1, 10**6))
def test_parts_add_up_to_the_last_digit(entries, exits, residue):
    """However an entry and an exit are cut: cash + cost = capital + realised pnl after every part, the pnl is the sum
    of the trades', and what was paid is released whole.
    """
    qty = sum(D(each).scaleb(-5) for _, each in entries)
    position = Position(ledger=Ledger(D(residue).scaleb(-5), D(residue).scaleb(-8), D(10) ** 6, D(0)), round_trips=4)
    begun = position.ledger.cash + position.ledger.cost
    filled, trades = D(0), []
    for price, amount in entries:
        filled += D(amount).scaleb(-5)
        position, (trade,) = folded(position, bought(D(amount).scaleb(-5), D(price).scaleb(-2), filled=filled, of=qty))
        assert position.ledger.cash + position.ledger.cost == begun
    held, paid = position.ledger.qty, position.ledger.cost
    shares, filled = sum(each for _, each in exits), D(0)
    for number, (price, share) in enumerate(exits, 1):
        amount = held - filled if number == len(exits) else (held * share / shares).quantize(D("1e-8"))
        filled += amount
        if amount:
            position, (trade,) = folded(position, sold(amount, D(price).scaleb(-2), filled=filled, of=held))
            trades.append(trade)
        assert position.ledger.cash + position.ledger.cost == begun + position.ledger.realised_pnl
    assert sum(trade.pnl for trade in trades) == position.ledger.realised_pnl
    assert (sum(trade.cost for trade in trades), position.ledger.cost, position.holding) == (paid, 0, None)
