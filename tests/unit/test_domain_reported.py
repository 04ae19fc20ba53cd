"""What an exchange reports, with whatever digits: rounded half to even to 15, folded, never refused."""

from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import assume, example, given
from hypothesis import strategies as some

from domain.executions import mean_price
from domain.ledger import Ledger
from domain.market import Side
from domain.money import real
from domain.money import reported as number
from domain.position import Position
from domain.reported_executions import Report, reported
from tests.unit.test_domain_ledger import market, order

D = Decimal
MARKET = market()
START = Position(ledger=Ledger.opened(D(1000)))


def report(qty, price, fee="0", currency="USDT", **changes):
    """What the exchange says of one execution of an order for BTC/USDT."""
    values = {"exchange_trade_id": "7", "price": price, "qty": qty, "filled": qty, "fee": fee, "fee_currency": currency}
    return Report(**(values | {"filled_ms": 7_201_234, "raw": f'{{"amount": {qty}}}'} | changes))


def bought(qty, price, fee="0", currency="USDT", **changes):
    """A buy of an order for 0.000311 BTC."""
    return reported(order(Side.BUY, "64321.12", "0.000311"), MARKET, report(qty, price, fee, currency, **changes))


def sold(qty, price, fee="0", currency="USDT", of="1", **changes):
    """A sale."""
    return reported(order(Side.SELL, price, of), MARKET, report(qty, price, fee, currency, **changes))


def folded(position, *executions):
    """The position after executions, and their trades."""
    trades = []
    for each in executions:
        position, trade = position.after(each, MARKET)
        trades.append(trade)
    return position, trades


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("0.00031099999999999997", "0.000311"),  # what a double makes of 0.000311
        ("12345678901234567890", "12345678901234600000"),
        ("1234.5678901234567891", "1234.56789012346"),
        ("0.1234567890123445", "0.123456789012344"),  # half to even, down and up
        ("0.1234567890123455", "0.123456789012346"),
        ("9.999999999999999999", "10"),
        ("1e-17", "1e-17"),
        ("-0.05", "-0.05"),
        ("0", "0"),
    ],
)
def test_a_number_is_rounded_half_to_even_to_fifteen_digits(text, value):
    """It is stored as exactly that."""
    assert number(text) == D(value) == D(repr(real(number(text))))


@pytest.mark.parametrize("text", ["", "x", "NaN", "Infinity", "1,5"])
def test_what_is_no_number_is_named(text):
    """An answer that is read wrongly is no execution."""
    with pytest.raises(ValueError, match="the exchange's answer is read wrongly"):
        number(text)


def test_what_we_decide_is_refused_with_more_digits():
    """The door of the database does not round."""
    with pytest.raises(ValueError, match="15 significant digits"):
        real(D("0.00031099999999999997"))


def test_an_entry_as_a_double_has_it():
    """0.000311 at 64321.12 with a fee of 0.000000311 coins: 20.00386832 are paid, 0.000310689 coins held."""
    execution = bought("0.00031099999999999997", "64321.119999999995", "3.1099999999999997e-7", "BTC")
    after, (trade,) = folded(START, execution)

    assert (execution.qty, execution.price, execution.fee) == (D("0.000311"), D("64321.12"), D("3.11e-7"))
    assert (execution.fee_quote, execution.fee_in_base, execution.slippage) == (D("0.02000386832"), True, 0)
    assert (execution.filled_ms, execution.exchange_trade_id) == (7_201_234, "7")
    assert execution.raw == '{"amount": 0.00031099999999999997}'
    assert (after.ledger.qty, after.ledger.cost, after.ledger.cash) == (
        D("0.000310689"),
        D("20.00386832"),
        D("979.99613168"),
    )
    assert (after.holding.entry_price, trade.cost) == (D("64321.12"), D("20.00386832"))


def test_an_exit_in_two_parts_with_a_fee_of_nearly_nothing():
    """Each half of 0.000310689 coins brings 10.0973925 and releases 10.00193416; 1e-17 is kept, and costs no cent."""
    entered, _ = folded(START, bought("0.000311", "64321.12", "3.11e-7", "BTC"))
    halves = [
        sold("0.00015534449999999999", "65000", "1e-17", of="0.000310689"),
        sold("0.00015534450000000001", "65000", "1e-17", of="0.000310689", filled="0.00031068899999999999"),
    ]
    after, trades = folded(entered, *halves)

    assert [trade.pnl for trade in trades] == [D("0.09545834"), D("0.09545834")]
    assert [each.fee_quote for each in halves] == [D("1e-17"), D("1e-17")]
    assert (after.ledger, after.holding) == (Ledger(D(0), D(0), D("1000.19091668"), D("0.19091668")), None)


def test_more_than_is_held_may_be_reported():
    """The sale rounds up by the last digit, or somebody else sold on the account: nothing is held, all is released."""
    held = Position(ledger=Ledger(D(1), D(100), D(900), D(0)))
    for qty, cash in (("1.000000000000006", "1010"), ("1.5", "1065")):
        after, (trade,) = folded(held, sold(qty, "110"))
        assert (after.ledger.qty, after.ledger.cost, trade.cost) == (0, 0, 100)
        assert after.ledger.cash == D(cash)
        assert after.ledger.realised_pnl == trade.pnl == D(cash) - 1000


@pytest.mark.parametrize(
    ("fee", "currency", "paid"),
    [("-0.05", "USDT", "99.95"), ("0.001", "BNB", "100.60012346"), ("0.00123456789012345678", "USDT", "100.00123457")],
)
def test_a_fee_may_be_paid_to_us_or_in_another_currency(fee, currency, paid):
    """A rebate is less to pay; what was taken in another coin, at 600.123456789012345678, counts as cash."""
    execution = bought("1", "100", fee, currency, fee_price="600.123456789012345678")
    after, (trade,) = folded(START, execution)
    assert (execution.fee_currency, after.ledger.cost, trade.cost) == (currency, D(paid), D(paid))
    assert after.ledger.cash == 1000 - D(paid)
    assert after.ledger.qty == 1


def test_a_sale_may_pay_its_fee_in_coins():
    """1 of 2 is sold and 0.01 go as the fee: 101 of 200 are released for 100."""
    held = Position(ledger=Ledger(D(2), D(200), D(800), D(0)))
    after, (trade,) = folded(held, sold("1", "100", "0.01", "BTC"))
    assert (after.ledger, trade.cost, trade.pnl) == (Ledger(D("0.99"), D(99), D(900), D(-1)), 101, -1)


@pytest.mark.parametrize(("side", "price", "slippage"), [(Side.BUY, "101", "2"), (Side.SELL, "101", "-2")])
def test_what_was_better_than_decided_is_a_gain(side, price, slippage):
    """Two coins, decided at 100."""
    execution = reported(order(side, 100, 2), MARKET, report("2", price))
    assert execution.slippage == D(slippage)


def test_a_buy_may_cost_more_than_there_is():
    """A billion for a capital of 1,000: it has happened. Cents of 1e-5 are left, and all adds up."""
    after, _ = folded(START, bought("1000000000.0000001", "1.00000000001"))
    ledger = after.ledger
    assert (ledger.cash, ledger.cost) == (D("-999999000.01"), D("1000000000.01"))
    assert ledger.cash + ledger.cost == 1000 + ledger.realised_pnl


@pytest.mark.parametrize(
    ("make", "fee", "cash", "cost"),
    [
        (bought, "10000000000.123456", "-9999999100.1235", "10000000200.1235"),
        (bought, "-10000000000.123456", "10000000900.1235", "-9999999800.1235"),
        (sold, "10000000000.123456", "-9999998900.1235", "66.6667"),
        (sold, "-10000000000.123456", "10000001100.1235", "66.6667"),
        (sold, "9999998850", "-9999997750", "66.66667"),  # ten digits before the point: cents of 1e-5
        (sold, "-9999998950", "10000000050", "66.6667"),  # just eleven
    ],
)
def test_a_fee_may_be_larger_than_all_there_is(make, fee, cash, cost):
    """One coin at 100, beside three that have cost 100, and ten billions on top: cents of 1e-4 have room, for the cost
    of what is left as well, or its thirds and the cash would not add up; no coarser ones.
    """
    held = Position(ledger=Ledger(D(3), D(100), D(1000), D(0)))
    after, (trade,) = folded(held, make("1", "100", fee))
    assert (after.ledger.cash, after.ledger.cost) == (D(cash), D(cost))
    assert after.ledger.cash + after.ledger.cost == 1100 + after.ledger.realised_pnl
    for each in (after.ledger.cash, after.ledger.cost, after.ledger.realised_pnl, trade.cost):
        assert D(repr(real(each))) == each


def test_what_is_owed_makes_the_cents_as_coarse_as_what_is_there():
    """Six billions more were paid than there were: with their cost of as much they are eleven digits, so 1e-4."""
    owing = Position(ledger=Ledger(D(3), D("6000001000"), D("-6000000000"), D(0)))
    after, (trade,) = folded(owing, sold("1", "1"))
    assert (trade.cost, after.ledger.cost) == (D("2000000333.3333"), D("4000000666.6667"))
    assert after.ledger.cash + after.ledger.cost == 1000 + after.ledger.realised_pnl


def test_cash_and_cost_of_a_buy_have_the_same_cents():
    """1000.12345678 less ten billions: what a cent of 1e-4 takes from the cash counts as realised."""
    held = Position(ledger=Ledger(D(3), D(100), D("1000.12345678"), D(0)))
    after, _ = folded(held, bought("1", "100", "10000000000.123456"))
    assert (after.ledger.cash, after.ledger.cost) == (D("-9999999100"), D("10000000200.1235"))
    assert after.ledger.realised_pnl == D("0.00004322")


def test_what_is_held_may_have_cost_more_than_the_cash_and_the_sale():
    """A third of 100000000.01 is released for 1: cents of 1e-6 have room for it."""
    held = Position(ledger=Ledger(D(3), D("100000000.01"), D(1), D(0)))
    after, (trade,) = folded(held, sold("1", "1"))
    assert (trade.cost, after.ledger.cost) == (D("33333333.336667"), D("66666666.673333"))
    assert trade.pnl == D("-33333332.336667")


def test_the_mean_price_of_what_was_filled():
    """1 at 100 and 3 at 102; of one execution it is the price, to the last digit."""
    assert mean_price([bought("1", "100"), bought("3", "102")]) == D("101.5")
    one = bought("0.33333333333333331", "64321.123456789012345")
    assert mean_price([one]) == one.price


def digits(low, high):
    """A number as an exchange may write it, with up to 25 digits, from 10 ** low to 10 ** high."""
    return some.tuples(some.integers(1, 10**25 - 1), some.integers(low, high)).map(
        lambda each: str(D(each[0]).scaleb(each[1] - D(each[0]).adjusted()))
    )


fees = some.one_of(some.just("0"), digits(-20, 2), digits(-6, 0).map(lambda text: f"-{text}"))
currencies = some.sampled_from(["USDT", "BTC", "BNB"])
events = some.lists(
    some.tuples(some.booleans(), digits(-9, 4), digits(-6, 5), fees, currencies), min_size=1, max_size=12
)
RICH = D(10) ** 12  # quote currency: beyond, 15 digits have no room for the cents of a capital


LOST = [  # more than there was is paid and lost: what was realised has a digit more than the cash
    *[(False, "1", "1", "0", "USDT")] * 3,
    (True, "33.134738308", "3.021E+5", "0", "USDT"),
    (False, "1E+2", "1E+2", "0", "USDT"),
    (False, "1", "0.00001442720604999769", "0", "USDT"),
]


PAID = [(True, "1E-8", "1", "1", "USDT"), (False, "0.1", "1", "-1", "BTC")]  # more coins are paid than were sold


@example(LOST, D("2.89"))
@example(PAID, D("2.00"))
@given(events, some.integers(100, 10**8).map(lambda n: D(n).scaleb(-2)))
def test_whatever_is_reported_is_folded_and_adds_up(reports, capital):
    """Sales of more than is held, buys of more than there is, fees above the worth: cash + cost = capital + realised
    pnl to the last digit after every fold, and each number can be stored.
    """
    position = Position(ledger=Ledger.opened(capital))
    for number_, (buys, qty, price, fee, currency) in enumerate(reports, 1):
        make = bought if buys else sold
        execution = make(qty, price, fee, currency, exchange_trade_id=str(number_))
        wanted = replace(execution.order, round_trip=number_)
        position, trade = position.after(replace(execution, order=wanted), MARKET)
        ledger = position.ledger
        assume(abs(ledger.cash) + abs(ledger.cost) < RICH)
        assert ledger.cash + ledger.cost == capital + ledger.realised_pnl
        assert ledger.qty >= 0
        stored = [ledger.qty, ledger.cost, ledger.cash, ledger.realised_pnl, trade.cost, trade.pnl, trade.pnl_percent]
        stored += [execution.price, execution.qty, execution.fee, execution.fee_quote, execution.slippage]
        for each in stored:
            assert each is None or D(repr(real(each))) == each
