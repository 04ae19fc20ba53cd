"""Which descriptions of a market can be traded on."""

from dataclasses import replace
from decimal import Decimal

import pytest

from domain.market import fault, plain, words
from tests.trading import MARKET

D = Decimal


def test_a_market_as_exchanges_describe_it():
    """Minima may be 0, a maker may be paid."""
    assert fault(replace(MARKET, min_cost=D(0), min_amount=D(0), maker=D("-0.0001"))) is None
    assert fault(replace(MARKET, price_tick=D("1e14"), amount_step=D("1e-300"), taker=D("0.99"), maker=D(0))) is None


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
        ("symbol", ""),
        ("price_tick", D("1e15")),
        ("amount_step", D("1e15")),
        ("min_amount", D("-1e-8")),
        ("min_cost", D("1e15")),
        ("taker", D(-1)),
        ("maker", D(1)),
    ],
)
def test_what_cannot_be_traded_says_why(name, value):
    """Naming what is odd about it."""
    assert name in fault(replace(MARKET, **{name: value}))


def test_the_first_that_is_odd_is_told_with_its_value():
    """Shortened where it is long."""
    assert fault(replace(MARKET, base="", taker=D(7))) == "no base"
    assert fault(replace(MARKET, price_tick=D(0), taker=D(7))) == "price_tick 0"
    assert fault(replace(MARKET, taker=D(f"7.{'0' * 60}"))) == f"taker 7.{'0' * 38}"


@pytest.mark.parametrize(("price", "tick"), [("0.02", "0.01"), ("0.01", "0.01"), ("0.0099", "1e-17")])
def test_the_tick_is_that_of_the_market_unless_the_price_is_below_it(price, tick):
    """Then it is the last of 15 digits."""
    assert replace(MARKET, price_tick=D("0.01")).tick_at(D(price)) == D(tick)


@pytest.mark.parametrize(("number", "text"), [("1E+3", "1000"), ("0.10", "0.1"), ("1e-8", "0.00000001"), ("0", "0")])
def test_a_number_is_written_plainly(number, text):
    """Without exponent, and without zeros at its end."""
    assert plain(D(number)) == text


def test_a_market_in_words():
    """Fees in per cent; whether a buy pays them in coins."""
    given = {"price_tick": D("0.01"), "amount_step": D("0.00001"), "taker": D("0.001"), "maker": D("0.0002")}
    told = "binance BTC/USDT: price step 0.01, amount step 0.00001, fees 0.1 %, of orders that rested 0.02 %"
    assert words(replace(MARKET, **given, fee_in_base=False)) == told
    assert words(replace(MARKET, **given, fee_in_base=True)) == f"{told}, taken from the coins of a buy"
