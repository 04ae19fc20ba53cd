"""Which descriptions of a market can be traded on."""

from dataclasses import replace
from decimal import Decimal

import pytest

from domain.market import fault
from tests.trading import MARKET

D = Decimal


def test_a_market_as_exchanges_describe_it():
    """Minima may be 0, a maker may be paid."""
    assert fault(replace(MARKET, min_cost=D(0), min_amount=D(0), maker=D("-0.0001"))) is None


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("price_tick", D(0)),
        ("price_tick", D("NaN")),
        ("price_tick", D("Infinity")),
        ("amount_step", D("-0.001")),
        ("amount_step", D("1e30")),
        ("amount_step", D("1e-999")),
        ("amount_step", D("0.12345678901234567")),
        ("min_amount", D("NaN")),
        ("min_cost", D(-1)),
        ("taker", D(1)),
        ("maker", D("sNaN")),
        ("base", ""),
        ("quote", ""),
        ("market_id", ""),
    ],
)
def test_what_cannot_be_traded_says_why(name, value):
    """Naming what is odd about it."""
    assert name in fault(replace(MARKET, **{name: value}))
