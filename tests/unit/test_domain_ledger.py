"""The ledger against hand-worked examples and against a fold in exact fractions."""

from decimal import Decimal
from fractions import Fraction

from hypothesis import given
from hypothesis import strategies as st

from domain.codes import Code
from domain.executions import on_paper, slipped
from domain.ledger import Ledger
from domain.market import Market, Side
from domain.orders import Order
from domain.strategy import Exits, Stake, StakeKind, Terms

D = Decimal


def market(**changes):
    """Binance BTC/USDT as it is, with changes."""
    values = {
        "exchange": "binance", "symbol": "BTC/USDT", "market_id": "BTCUSDT", "base": "BTC", "quote": "USDT",
        "amount_step": D("0.00001"), "price_tick": D("0.01"), "min_amount": D("0.00001"), "min_cost": D(5),
        "maker": D("0.001"), "taker": D("0.001"),
    }  # fmt: skip
    return Market(**(values | changes))


def order(side, price, qty, **changes):
    """An order at a price, on the first bar."""
    values = {
        "client_order_id": "t1", "side": side, "purpose": "entry" if side is Side.BUY else "exit", "code": Code.SIGNAL,
        "reason": "",
        "price": D(price), "qty": D(qty), "timestamp": 3600, "expected_ms": 7200_000, "round_trip": 1,
        "entry_run_id": "a.1",
    }  # fmt: skip
    return Order(**(values | changes))


def terms(bps):
    """Terms with this slippage, in basis points."""
    stake = Stake(StakeKind.FRACTION, D("0.5"))
    return Terms(capital=D(1000), stake=stake, exits=Exits(), slippage_bps=D(bps), warmup=10)


def traded(ledger, *orders, on=None, bps="0"):
    """The ledger after the orders, and their trades."""
    trades = []
    for each in orders:
        for execution in on_paper(each, on or market(), terms(bps)):
            ledger, trade = ledger.applied(execution)
            trades.append(trade)
    return ledger, trades


def test_a_round_trip_with_the_fee_in_quote_currency():
    """Buy 0.01 at 50,000 and sell at 51,000 with 0.1 %: 500.50 paid, 509.49 got, 8.99 won."""
    after, (bought, sold) = traded(
        Ledger.opened(D(1000)), order(Side.BUY, 50000, "0.01"), order(Side.SELL, 51000, "0.01")
    )

    assert (bought.execution.fee_quote, bought.pnl) == (D("0.5"), None)
    assert (sold.execution.fee_quote, sold.pnl) == (D("0.51"), D("8.99"))
    assert sold.pnl_percent == (D("8.99") / D("500.5") * 100).quantize(D("1e-8"))
    assert after == Ledger(D(0), D(0), D("1008.99"), D("8.99"))


def test_a_buy_whose_fee_is_taken_from_what_is_received():
    """Buying 0.01 BTC with the fee in BTC yields 0.00999 and costs 500; the residue stays with its cost."""
    on = market(fee_in_base=True, amount_step=D("0.001"))
    held, (bought,) = traded(Ledger.opened(D(1000)), order(Side.BUY, 50000, "0.01"), on=on)

    assert (bought.execution.fee, bought.execution.fee_currency, bought.execution.fee_quote) == (
        D("0.00001"),
        "BTC",
        D("0.5"),
    )
    assert (held.qty, held.cost, held.cash) == (D("0.00999"), D(500), D(500))
    after, (sold,) = traded(held, order(Side.SELL, 51000, "0.009"), on=on)
    assert sold.pnl == D("459") - D("0.459") - D("450.45045045")
    assert after.qty == D("0.00099")
    assert after.cost == D("49.54954955")


def test_slippage_moves_against_us_and_rounds_against_us():
    """Five basis points on 100.01 with a tick of 0.1: 100.2 to buy, 99.9 to sell."""
    assert slipped(D("100.01"), Side.BUY, D(5), D("0.1")) == D("100.1")
    assert slipped(D("100.01"), Side.SELL, D(5), D("0.1")) == D("99.9")
    assert slipped(D("0.0001"), Side.SELL, D(5), D("0.0001")) == D("0.0001")


def test_a_resting_order_pays_the_makers_fee_and_does_not_slip():
    """A limit order that waited fills at its own price."""
    _, (sold,) = traded(
        Ledger(D(1), D(90), D(0), D(0)), order(Side.SELL, 100, 1, resting=True), on=market(maker=D("0.0002")), bps="50"
    )

    assert (sold.execution.price, sold.execution.fee_quote, sold.execution.slippage) == (D(100), D("0.02"), D(0))


amounts = st.integers(1, 10**6).map(lambda n: D(n).scaleb(-5))
prices = st.integers(100, 10**7).map(lambda n: D(n).scaleb(-2))


@given(st.lists(st.tuples(prices, amounts, prices, st.booleans()), min_size=1, max_size=20), st.booleans())
def test_cash_and_cost_always_add_up(trips, in_base):
    """After any sequence of trades cash + cost is capital + realised pnl, which is the sum of the trades'."""
    capital, ledger, pnl = D(10**9), Ledger.opened(D(10**9)), Fraction(0)
    for buy, qty, sell, whole in trips:
        ledger, _ = traded(ledger, order(Side.BUY, buy, qty), on=market(fee_in_base=in_base))
        part = ledger.qty if whole else ledger.qty / 2
        ledger, (sold,) = traded(ledger, order(Side.SELL, sell, part), on=market(fee_in_base=in_base))
        pnl += Fraction(sold.pnl)

        assert ledger.cash + ledger.cost == capital + ledger.realised_pnl
        assert Fraction(ledger.realised_pnl) == pnl
        assert (ledger.cost == 0) == (ledger.qty == 0)
