"""Prices of candles that need 16 digits and more, as sums of floats do: as money they have 15, wherever they go."""

from decimal import Decimal

import pytest

from domain import exits
from domain.decide import decide
from domain.ledger import Ledger
from domain.money import quoted
from domain.strategy import Action, Check, Exits, Signal
from tests.unit.test_domain_decide import FLAT, GO, HOUR, bar, execution, held, holding, situation, step

D = Decimal
ABOVE, BELOW = 104.70000000000002, 104.69999999999999  # what a double makes of 104.7 after a sum
INTRABAR = Exits(check=Check.INTRABAR)


@pytest.mark.parametrize(
    ("value", "money"),
    [
        (ABOVE, "104.7"),
        (BELOW, "104.7"),
        (101.0, "101"),
        (0.1234567890123445, "0.123456789012344"),  # half to even, down and up
        (0.1234567890123455, "0.123456789012346"),
    ],
)
def test_money_has_fifteen_digits(value, money):
    """What an exchange reports is rounded half to even."""
    assert quoted(value) == D(money)


@pytest.mark.parametrize(
    ("candle", "levels", "price"),
    [
        (bar(2, 106.0, open_=ABOVE, high=107.0, low=104.0), {"stop": D("104.7")}, "104.7"),
        (bar(2, 106.0, open_=105.0, high=107.0, low=ABOVE), {"stop": D("104.7")}, "104.7"),
        (bar(2, 103.0, open_=103.0, high=BELOW, low=102.0), {"target": D("104.7")}, "104.7"),
    ],
)
def test_a_level_is_reached_within_the_bar(candle, levels, price):
    """By open, low and high: what the double lacks is no price. The reason names what was tested."""
    out = exits.due(candle, HOUR, holding(**levels), INTRABAR, None)
    assert out.price == D(price)
    assert out.reason.count("104.7") == out.reason.count("104.") == 2


@pytest.mark.parametrize(("close", "levels"), [(ABOVE, {"stop": D("104.7")}), (BELOW, {"target": D("104.7")})])
def test_a_level_is_reached_at_the_close(close, levels):
    """Tested and filled at the same money."""
    left = step(situation(bar(2, close)), held(**levels))
    assert (left.decision.action, execution(left).price) == (Action.EXIT, D("104.7"))


@pytest.mark.parametrize(("position", "said"), [(FLAT, GO), (held(), Signal(exit="enough"))])
def test_nothing_slips_that_nobody_quoted(position, said):
    """Entry and exit at 104.7: on a tick, so that nothing is lost by rounding to it."""
    found = [execution(step(situation(bar(2, close), said), position)) for close in (ABOVE, BELOW)]
    assert [(each.price, each.slippage) for each in found] == [(D("104.7"), 0)] * 2


def test_a_high_is_kept_with_the_digits_that_can_be_stored():
    """The trailing stop follows it."""
    candle = bar(2, 104.0, open_=101.0, high=BELOW, low=101.0)
    assert decide(situation(candle), held(trailing=D(5))).holding.high_water == D("104.7")


def test_equity_is_that_of_the_quoted_close():
    """Of many coins that are worth a little each."""
    many = Ledger(D("1e9"), D(1), D(0), D(0))
    assert many.equity(0.30000000000000004) == D("3e8")
