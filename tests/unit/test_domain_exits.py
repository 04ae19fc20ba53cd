"""Where the levels of an entry lie, and how many bars they need."""

from decimal import Decimal

import pytest

from domain import exits
from domain.candles import Candle
from domain.codes import Code
from domain.executions import on_paper
from domain.exits import opened
from domain.holding import Holding
from domain.market import Side
from domain.strategy import Check, Distance, Exits
from tests.kit.series import HOUR
from tests.unit.test_domain_ledger import market, order, terms

D = Decimal


@pytest.mark.parametrize(
    ("levels", "bars"),
    [
        ({}, 0),
        ({"stop": Distance(D("0.03")), "max_bars": 5}, 0),
        ({"stop": Distance(D(2), 20)}, 460),
        ({"target": Distance(D(2), 10), "trailing": Distance(D(1), 14), "stop": Distance(D("0.1"))}, 322),
    ],
)
def test_exits_need_the_bars_of_their_longest_atr(levels, bars):
    """ATR(n) has forgotten its start after 23 n bars; a fraction of the price needs none."""
    assert exits.bars(Exits(**levels)) == bars


@pytest.mark.parametrize(
    ("distances", "levels"),
    [
        ({}, (None, None, None)),
        ({"stop": D("0.0333")}, (D("96.7"), None, None)),  # 96.67
        ({"target": D("0.0333")}, (None, D("103.4"), None)),  # 103.33
        ({"trailing": D("0.0333")}, (None, None, D("3.4"))),  # 3.33
        ({"stop": D("0.999999")}, (D("0.1"), None, None)),  # 0.0001
        ({"stop": D(2)}, (D("0.1"), None, None)),  # below nothing: the lowest price that there is
    ],
)
def test_levels_are_rounded_up_to_the_tick(distances, levels):
    """From an entry at 100, with a tick of 0.1; a stop lies one tick above nothing at least."""
    rules = Exits(**{name: Distance(value) for name, value in distances.items()})
    held = opened(order(Side.BUY, 100, 1, exits=rules), D(100), market(price_tick=D("0.1")))
    assert (held.stop, held.target, held.trailing, held.high_water) == (*levels, 100)


def test_distances_in_atr_are_those_of_the_entry():
    """Each of its own length: 100 less 2 × 4, plus 3 × 1.5, and 0.5 × 4."""
    rules = Exits(stop=Distance(D(2), 20), target=Distance(D(3), 14), trailing=Distance(D("0.5"), 20))
    held = opened(order(Side.BUY, 100, 1, exits=rules, atr={20: 4.0, 14: 1.5}), D(100), market())
    assert (held.stop, held.target, held.trailing) == (92, D("104.5"), 2)


def held(**levels):
    """Entered at 100 in the first hour."""
    return Holding(entry_timestamp=HOUR, entry_price=D(100), run_id="a.1", round_trip=1, high_water=D(100), **levels)


@pytest.mark.parametrize(("number", "code"), [(3, None), (4, Code.TIME_LIMIT), (5, Code.TIME_LIMIT)])
@pytest.mark.parametrize("check", Check)
def test_bars_are_counted_from_that_of_the_entry(number, code, check):
    """Three of them after the first: the fourth."""
    bar = Candle(number * HOUR, 100.0, 100.0, 100.0, 100.0, 1.0)
    out = exits.due(bar, HOUR, held(), Exits(max_bars=3, check=check), None)
    assert (out and out.code) == code


@pytest.mark.parametrize("wish", ["enough", None])
def test_what_is_due_at_the_close_is_had_at_the_close(wish):
    """The time limit, and before it the strategy's own wish, whatever prices there were within the bar."""
    bar = Candle(4 * HOUR, 101.0, 103.0, 98.0, 102.0, 1.0)
    out = exits.due(bar, HOUR, held(), Exits(max_bars=9 if wish else 3, check=Check.INTRABAR), wish)
    code = Code.EXIT_SIGNAL if wish else Code.TIME_LIMIT
    assert (out.price, out.code, out.reason) == (102, code, wish or "held for 3 bars")
    assert (out.resting, out.level) == (False, False)


@pytest.mark.parametrize(
    ("prices", "level", "price", "resting"),
    [
        ((97.0, 99.0, 97.0, 98.0), "stop", 97, False),  # opened at the stop
        ((98.0, 99.0, 97.0, 98.0), "stop", 97, False),  # the low is the stop
        ((98.0, 105.0, 98.0, 98.0), "target", 105, True),  # the high is the target
        ((105.0, 106.0, 98.0, 98.0), "target", 105, True),
        ((98.0, 104.99, 97.01, 98.0), None, None, None),
    ],
)
def test_a_level_is_reached_by_the_price_that_it_has(prices, level, price, resting):
    """Within the bar; a stop slips as a market order, a target rested."""
    out = exits.due(
        Candle(2 * HOUR, *prices, 1.0), HOUR, held(stop=D(97), target=D(105)), Exits(check=Check.INTRABAR), None
    )
    assert (out and (out.code, out.price, out.resting, out.level)) == (level and (level, price, resting, True))


def test_what_rests_pays_the_makers_fee_at_its_own_price():
    """And everything else the taker's, slipped by 1 % and rounded against us to the tick of 0.1."""
    on = market(price_tick=D("0.1"), maker=D("0.001"), taker=D("0.002"))
    for side, resting, price, rate in (
        (Side.SELL, True, "100", "0.001"), (Side.BUY, True, "100.1", "0.001"),
        (Side.SELL, False, "99", "0.002"), (Side.BUY, False, "101.1", "0.002"),
    ):  # fmt: skip
        (made,) = on_paper(order(side, "100.03", 2, resting=resting), on, terms("100"))
        assert (made.price, made.fee) == (D(price), D(price) * 2 * D(rate))
        assert made.slippage == 2 * abs(D(price) - D("100.03"))
