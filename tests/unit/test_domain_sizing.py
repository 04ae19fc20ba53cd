"""What can be bought, and sold again: worked by hand, and for any market and any terms."""

from decimal import Decimal

import pytest
from hypothesis import assume, given
from hypothesis import strategies as some

from domain import sizing
from domain.codes import Code
from domain.decide import decide
from domain.sizing import Refused
from domain.strategy import Action, Distance, Exits, Signal, Stake, StakeKind
from tests.unit.test_domain_decide import FLAT, GO, bar, execution, situation, step, terms
from tests.unit.test_domain_ledger import market

D = Decimal
WHOLE = {"amount_step": D(1), "min_amount": D(1), "min_cost": D(0), "fee_in_base": True}


def bought(close, qty, exits=None, **changes):
    """The step that buys `qty` at `close` on a market with a step of one coin and its fee of 0.1 % taken in coin."""
    stake = Stake(StakeKind.FIXED, D(qty) * D(close) * D("1.0011"))
    rules = terms(stake=stake, exits=exits or Exits())
    return step(situation(bar(1, float(close)), GO, terms=rules, market=market(**(WHOLE | changes))), FLAT)


@pytest.mark.parametrize(
    ("close", "qty", "changes", "held"),
    [
        (100, 2, {}, "1.998"),  # 1 of it can be sold
        (100, 1, {"fee_in_base": False}, "1"),
        (100, 1, {"taker": D(0)}, "1"),
        ("0.5", 1001, {}, "999.999"),  # 999 of it can be sold
        (8, 3, {"min_cost": D(10)}, "2.997"),  # 2 of it, worth 16
    ],
)
def test_what_can_be_sold_again_is_bought(close, qty, changes, held):
    """After the fee whole coins are left, and as many as the market takes."""
    entered = bought(close, qty, **changes)
    assert (entered.decision.action, entered.position.ledger.qty) == (Action.ENTER, D(held))


@pytest.mark.parametrize(
    ("close", "qty", "changes", "words"),
    [
        (100, 1, {}, "of 1 BTC only 0 could be sold again"),  # 0.999 held
        (100, 2, {"min_amount": D(2)}, "of 2 BTC only 1 could be sold again"),  # 1.998 held
        (8, 2, {"min_cost": D(10)}, "only 1 could be sold again after the fee, worth 8"),  # cost 16, above 10.5
    ],
)
def test_what_could_not_be_sold_again_is_not_bought(close, qty, changes, words):
    """With a code for programs and the sum in words; nothing is spent."""
    refused = bought(close, qty, **changes)
    decision = refused.decision
    assert (decision.action, decision.refusal, refused.position) == (Action.BLOCKED, Refused.UNSELLABLE, FLAT)
    assert words in decision.reason


@pytest.mark.parametrize("exits", [{"stop": Distance(D("0.2"))}, {"trailing": Distance(D("0.2"))}])
def test_the_stop_that_comes_first_counts(exits):
    """A cost of 6 is enough above a minimum of 5, but not with a stop of 20 %, fixed or trailing: 5 × 1.05 / 0.8."""
    fine = {"amount_step": D("0.01"), "min_amount": D(0), "min_cost": D(5), "fee_in_base": False}
    assert bought(100, "0.06", **fine).decision.action is Action.ENTER
    decision = bought(100, "0.06", Exits(**exits), **fine).decision
    assert decision.refusal is Refused.UNSELLABLE
    assert "below 6.5625" in decision.reason


@pytest.mark.parametrize(
    ("tick", "stop", "atr", "code"),
    [
        ("0.01", D("0.03"), {}, Code.SIGNAL),
        ("1", D("0.03"), {}, Code.STOP_TOO_NEAR),  # 97 % of 3 is 2.91, rounded up to 3
        ("2", D("0.03"), {}, Code.STOP_TOO_NEAR),  # bought at 4, the next tick above 3; 3.88 is rounded up to 4
        ("2", D("0.6"), {}, Code.SIGNAL),  # 1.6 is rounded up to 2
        ("0.01", Distance(D(2), 20), {20: 0.0}, Code.STOP_TOO_NEAR),
        ("0.01", Distance(D(2), 20), {20: 0.1}, Code.SIGNAL),
    ],
)
def test_a_risk_without_a_distance_has_no_size(tick, stop, atr, code):
    """A stop that is rounded up to the price, or measured in an ATR of nothing: equity × risk / 0."""
    stop = stop if isinstance(stop, Distance) else Distance(stop)
    rules = terms(stake=Stake(StakeKind.RISK, D("0.01")), exits=Exits(stop=stop))
    decision = decide(situation(bar(1, 3.0), GO, terms=rules, market=market(price_tick=D(tick)), atr=atr), FLAT)
    assert decision.code is code
    assert (decision.refusal is Refused.STOP) == (code is not Code.SIGNAL)
    assert "is not below the price" in decision.reason or decision.orders


@pytest.mark.parametrize(
    ("stake", "code"),
    [("0.000001", Refused.AMOUNT), ("2", Refused.UNSELLABLE), ("1000", Refused.CASH)],
)
def test_every_refusal_has_its_code(stake, code):
    """Too little to buy, too little to sell again, too little cash for the fee."""
    qty = sizing.floor_to(D(stake) / 100, D("0.00001"))
    assert sizing.refusal(qty, market(), D(100), None, D(1000)).code is code


@pytest.mark.parametrize(
    ("qty", "changes", "cash", "code"),
    [
        ("3", {}, "300.3", None),
        ("3", {}, "300.29", Refused.CASH),
        ("3", {"taker": D(0)}, "300", None),
        ("2", {"min_amount": D(2), "fee_in_base": False}, "1000", None),
        ("1.9", {"min_amount": D(2), "fee_in_base": False}, "1000", Refused.AMOUNT),
        ("1", {"min_cost": D("95.2"), "fee_in_base": False}, "1000", None),  # 99.96 with the reserve
        ("1", {"min_cost": D("95.238"), "fee_in_base": False}, "1000", None),  # 99.9999
        ("1", {"min_cost": D("95.24"), "fee_in_base": False}, "1000", Refused.UNSELLABLE),  # 100.002
        ("1.05", {"min_cost": D(100), "amount_step": D("0.01"), "fee_in_base": False}, "1000", None),  # just enough
    ],
)
def test_an_entry_is_taken_up_to_each_limit(qty, changes, cash, code):
    """At 100, with a fee of 0.1 %: what just suffices does."""
    found = sizing.refusal(D(qty), market(**(WHOLE | changes)), D(100), None, D(cash))
    assert (found and found.code) == code


@pytest.mark.parametrize(("stop", "code"), [("80", Refused.UNSELLABLE), ("120", None), ("0", None), ("-1", None)])
def test_only_a_stop_below_the_price_asks_for_more(stop, code):
    """A cost of 6 in a market that wants 5: with a stop at 80 it would be 6.5625; one above, or at nothing, is none."""
    on = market(amount_step=D("0.01"), min_amount=D(0))
    found = sizing.refusal(D("0.06"), on, D(100), D(stop), D(1000))
    assert (found and found.code) == code


@pytest.mark.parametrize(
    ("kind", "value", "stop", "qty"),
    [
        (StakeKind.FIXED, "500", None, "4.99500"),
        (StakeKind.FIXED, "5000", None, "49.95004"),  # refused afterwards, for the cash does not suffice
        (StakeKind.FRACTION, "0.25", None, "4.99500"),
        (StakeKind.FRACTION, "1", None, "9.99000"),
        (StakeKind.RISK, "0.01", "95", "4.00000"),
        (StakeKind.RISK, "0.1", "95", "9.99000"),
        (StakeKind.RISK, "0.01", None, "0"),
        (StakeKind.RISK, "0.01", "100", "0"),
    ],
)
def test_the_stake_says_how_much(kind, value, stop, qty):
    """At 100 with a fee of 0.1 %, an equity of 2,000 and 1,000 of it in cash."""
    agreed = terms(stake=Stake(kind, D(value)))
    found = sizing.entry_qty(agreed, market(), D(100), stop and D(stop), cash=D(1000), equity=D(2000))
    assert found == D(qty)


@pytest.mark.parametrize(
    ("qty", "changes", "flat"),
    [
        ("0.999", {}, True),  # no step
        ("1.999", {"min_cost": D(8)}, True),  # 1 can be sold, worth 5
        ("2.001", {"min_cost": D(8)}, False),
        ("2.999", {"min_amount": D(3)}, True),
        ("3", {"min_amount": D(3)}, False),
    ],
)
def test_flat_is_what_no_order_can_sell(qty, changes, flat):
    """Whole coins at a price of 5: what counts is what an order can name."""
    assert sizing.is_flat(D(qty), D(5), market(**(WHOLE | changes))) is flat


def fractions(low, high):
    """A distance as a fraction of the price, or none."""
    return some.none() | some.integers(low, high).map(lambda n: Distance(D(n).scaleb(-3)))


markets = some.builds(
    lambda places, amounts, cost, rate, in_base: market(
        amount_step=D(1).scaleb(-places), min_amount=amounts * D(1).scaleb(-places), min_cost=D(cost),
        taker=D(rate), fee_in_base=in_base,
    ),
    some.integers(0, 4), some.integers(0, 5), some.integers(0, 20), some.sampled_from(["0", "0.001", "0.012"]),
    some.booleans(),
)  # fmt: skip
rules = some.builds(
    lambda stake, stop, trailing: terms(
        stake=Stake(StakeKind.FIXED, D(stake)), exits=Exits(stop=stop, trailing=trailing), slippage_bps=D(5)
    ),
    some.integers(1, 900), fractions(1, 900), fractions(1, 900),
)  # fmt: skip


@given(markets, rules, some.integers(100, 100_000))
def test_whatever_is_bought_can_be_sold_at_its_stop(on, agreed, price):
    """In one order that the market takes, whatever it charges and wherever the stop lies."""
    close = price / 100
    entered = step(situation(bar(1, close), GO, market=on, terms=agreed), FLAT)
    assume(entered.decision.action is Action.ENTER)
    level = entered.position.holding.stop_level()
    fallen = float(level) if level is not None and level > 0 else close
    after = step(situation(bar(2, fallen), Signal(exit="over"), market=on, terms=agreed), entered.position)
    assert after.decision.action is Action.EXIT
    assert execution(after).qty >= max(on.min_amount, on.amount_step)
    assert execution(after).qty * D(str(fallen)) >= on.min_cost
