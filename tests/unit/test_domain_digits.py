"""Amounts that fit into the 15 digits that the database keeps: worked by hand, and for any price and any capital."""

from decimal import Decimal

import pytest
from hypothesis import assume, given
from hypothesis import strategies as some

from domain.decide import decide
from domain.ledger import Ledger
from domain.money import ceil_to, cents, fitting, floor_to, real
from domain.position import Position
from domain.strategy import Action, Distance, Exits, Signal, Stake, StakeKind
from tests.unit.test_domain_decide import FLAT, GO, bar, execution, situation, step, terms
from tests.unit.test_domain_ledger import market

D = Decimal
FINE = {"amount_step": D("1e-8"), "price_tick": D("1e-8"), "min_amount": D("1e-8"), "min_cost": D(0)}
ALL_IN = Stake(StakeKind.FRACTION, D(1))


def all_in(capital, **changes):
    """Terms that spend everything."""
    return terms(capital=D(capital), stake=ALL_IN, **changes)


def bought(close, capital=1000, **changes):
    """The step that spends the capital at a close, on a market with the finest steps."""
    rules, on = all_in(capital), market(**(FINE | changes))
    return step(situation(bar(1, close), GO, terms=rules, market=on), Position(ledger=Ledger.opened(D(capital))))


def sold(made, close, capital=1000, **changes):
    """The step that sells all of it at a close."""
    rules, on = all_in(capital), market(**(FINE | changes))
    return step(situation(bar(9, close), Signal(exit="over"), terms=rules, market=on), made.position)


@pytest.mark.parametrize(
    ("close", "capital", "qty"),
    [
        (1e-5, 1000, "99900099.9000999"),  # 1000 / 0.00001001 = 99900099.9000999000…
        (1e-10, 10**9, "9990009990009990000"),  # 15 digits of 9990009990009990009.99…
        (50000.0, 1000, "0.01998001"),  # 1000 / 50050 = 0.019980019…: the step is fine enough as it is
        (1e7, 1, "0.00000009"),  # 1 / 10010000 = 0.0000000999
    ],
)
def test_the_amount_step_coarsens_until_the_amount_can_be_kept(close, capital, qty):
    """All that the stake buys with its fee of 0.1 %, floored to 15 digits or to 1e-8."""
    entered = bought(close, capital, price_tick=D("1e-10"))
    assert (entered.decision.action, execution(entered).qty) == (Action.ENTER, D(qty))


def test_a_fee_in_coins_leaves_what_can_be_kept():
    """1000 / 0.0000100075 coins less 0.075 % of them, 74943.7921558…: both to 1e-7, so that they add up."""
    entered = bought(1e-5, fee_in_base=True, taker=D("0.00075"))
    assert (execution(entered).qty, execution(entered).fee) == (D("99925056.2078441"), D("74943.7921559"))
    assert entered.position.ledger.qty == D("99850112.4156882")
    assert sold(entered, 1e-5, fee_in_base=True).position.ledger.qty == 0


@pytest.mark.parametrize(
    ("steps", "coarser"), [("0.00000001", "0.0000001"), ("0.00000025", "0.0000025"), ("0.001", "0.001")]
)
def test_steps_coarsen_by_tens(steps, coarser):
    """12345678 coins have eight digits before the point, so that seven after it are left."""
    assert fitting(D(steps), D(12345678)) == D(coarser)


@pytest.mark.parametrize(
    ("rounded", "result"),
    [
        (floor_to(D("123456789.123456789"), D("1e-8")), "123456789.123456"),
        (ceil_to(D("123456789.123456789"), D("1e-8")), "123456789.123457"),
        (ceil_to(D("999999999.999999999"), D("1e-8")), "1000000000"),
        (cents(D("123456789.123456789")), "123456789.123457"),
        (floor_to(D("-0.123"), D("0.01")), "-0.13"),
    ],
)
def test_whatever_is_rounded_fits(rounded, result):
    """A coarser step where the wanted one would need more than 15 digits."""
    assert rounded == D(result)


@pytest.mark.parametrize(
    ("close", "price", "target"),
    [(3e-9, "3.0015E-9", "3.151575E-9"), (1e-10, "1.0005E-10", "1.050525E-10"), (2.5e-8, "3E-8", "4E-8")],
)
def test_nothing_below_the_tick_fills_at_the_tick(close, price, target):
    """5 bps above 3e-9 are 3.0015e-9; a tick of 1e-8 would make it 1e-8. Above the tick it is rounded up to it."""
    rules = all_in(1000, slippage_bps=D(5), exits=Exits(stop=Distance(D("0.03")), target=Distance(D("0.05"))))
    entered = step(situation(bar(1, close), GO, terms=rules, market=market(**FINE)), FLAT)
    assert entered.position.holding.stop <= execution(entered).price == D(price)
    assert entered.position.holding.target == D(target)


def test_what_has_grown_beyond_its_cents_can_be_sold():
    """1000 become 5e9 less 0.1 % twice: cents of 1e-5 are left, and cash + cost = capital + pnl all the same.

    Bought 999.99 / 1.001 = 998.99101 coins at 1 for 998.99101, fee 0.99899101. Sold at 5e6 each.
    """
    entered = bought(1.0, amount_step=D("0.00001"))
    assert execution(entered).qty == D("999.00099")
    after = sold(entered, 5e6, amount_step=D("0.00001"))
    assert execution(after).fee_quote == D("4995004.95")
    ledger = after.position.ledger
    assert (ledger.qty, ledger.cost, after.trades[0].cost) == (0, 0, D("999.99999099"))  # all that was paid is released
    # 1000 − 999.00099 − 0.99900099 = 0.00000801 of cash are left; 4995004950 − 4995004.95 are got
    assert ledger.cash == D("4990009945.05001")  # .05000801 at cents of 1e-5
    assert ledger.cash == 1000 + ledger.realised_pnl
    assert after.trades[0].pnl == ledger.realised_pnl


def test_what_has_grown_goes_on_trading():
    """A hundred times a large capital, spent again: what is paid, left and won keeps the coarser cents."""
    entered = bought(1.0, capital=9 * 10**8)
    rich = sold(entered, 123.456789, capital=9 * 10**8)
    again = step(situation(bar(3, 777.77), GO, terms=all_in(9 * 10**8), market=market(**FINE)), rich.position)
    for each in (rich, again, sold(again, 776.6, capital=9 * 10**8)):
        ledger = each.position.ledger
        assert ledger.cash + ledger.cost == 9 * 10**8 + ledger.realised_pnl
        assert all(D(repr(real(kept))) == kept for kept in numbers(each))
        assert execution(each).fee_quote % D("0.001") == 0  # 12 digits before the point


def test_a_capital_of_many_digits_that_has_grown_can_be_sold():
    """1000.12345678 become 4.99e9, whose cents are 1e-5: the profit is kept as exactly as that."""
    entered = bought(1.0, capital="1000.12345678")
    after = sold(entered, 5e6, capital="1000.12345678")
    ledger = after.position.ledger
    assert all(D(repr(real(kept))) == kept for kept in numbers(after))
    assert abs(ledger.cash + ledger.cost - D("1000.12345678") - ledger.realised_pnl) < D("0.00001")


def test_the_dust_of_a_coin_that_fell_is_written_off():
    """0.12345678 coins are left of 1; then 9.99e15 are bought: 15 digits of them cannot tell of the dust."""
    left = Position(ledger=Ledger(D("0.12345678"), D("0.1"), D("999.9"), D(0)), round_trips=1)
    rules = all_in(1000)
    entered = step(situation(bar(3, 1e-13), GO, terms=rules, market=market(**FINE)), left)
    assert entered.decision.action is Action.ENTER
    assert entered.position.ledger.qty == execution(entered).qty
    assert entered.position.ledger.cost + entered.position.ledger.cash == 1000


def numbers(made):
    """Every number that is stored of a step."""
    ledger, holding = made.position.ledger, made.position.holding
    found = [ledger.qty, ledger.cost, ledger.cash, ledger.realised_pnl]
    for trade in made.trades:
        done = trade.execution
        found += [done.price, done.qty, done.fee, done.fee_quote, done.slippage]
        found += [trade.cost, trade.pnl, trade.pnl_percent]
    if holding is not None:
        found += [holding.entry_price, holding.stop, holding.target, holding.trailing, holding.high_water]
    return [each for each in found if each is not None]


def tens(low, high):
    """A power of ten."""
    return some.integers(low, high).map(lambda n: D(1).scaleb(n))


markets = some.builds(
    lambda amount, tick, fee, in_base: market(
        amount_step=amount, price_tick=tick, min_amount=amount, min_cost=D(0), taker=fee, maker=fee, fee_in_base=in_base
    ),
    tens(-8, 0), tens(-15, -2), some.sampled_from([D(0), D("0.001"), D("0.00075"), D("0.012")]), some.booleans(),
)  # fmt: skip
stakes = some.one_of(
    some.just(ALL_IN), some.just(Stake(StakeKind.FRACTION, D("0.37"))), some.just(Stake(StakeKind.RISK, D("0.01")))
)
capitals = some.one_of(some.integers(1, 10**9).map(D), some.integers(100, 10**8).map(lambda n: D(n).scaleb(-2)))
prices = some.tuples(some.integers(1, 99_999), some.integers(-10, 2)).map(lambda each: float("{}e{}".format(*each)))
rules = some.builds(
    Exits,
    stop=some.just(Distance(D("0.03"))),
    target=some.sampled_from([None, Distance(D("12.5"))]),
    trailing=some.sampled_from([None, Distance(D("0.0123456789"))]),
)
factors = some.one_of(some.integers(200, 5000), some.just(3_000_000))
walks = some.lists(some.tuples(factors, some.booleans()), min_size=1, max_size=12)
RICH = D(10) ** 12  # quote currency: beyond, 15 digits have no room for the cents of a capital


@given(markets, stakes, capitals, prices, rules, walks)
def test_every_number_can_be_kept_and_what_is_bought_can_be_sold(on, stake, capital, price, exits, walk):
    """From 1e-10 to 1e7 and from 1 to 1e9: cash + cost = capital + pnl to the last digit, at each step of any walk."""
    agreed = terms(capital=capital, stake=stake, exits=exits, slippage_bps=D(5))
    position = Position(ledger=Ledger.opened(capital))
    for number, (factor, wanted) in enumerate(walk, 1):
        price = min(max(price * factor / 1000, 1e-10), 1e7)
        signal = Signal(exit="over") if position.holding else Signal(entry="go" if wanted else None)
        made = step(situation(bar(number, price), signal, market=on, terms=agreed), position)
        if made.trades:
            leave = situation(bar(number + 1, price), Signal(exit="over"), market=on, terms=agreed)
            entered = made.decision.action is Action.ENTER
            assert decide(leave, made.position).action is (Action.EXIT if entered else Action.HOLD)
        position, ledger = made.position, made.position.ledger
        assume(ledger.cash + ledger.cost < RICH)
        assert ledger.cash + ledger.cost == capital + ledger.realised_pnl
        assert ledger.cash >= 0
        for number_kept in (*numbers(made), ledger.equity(price, agreed.cent)):
            assert D(repr(real(number_kept))) == number_kept
