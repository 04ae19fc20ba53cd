"""The ledger in any order of buys, sales and deposits, beside a model in fractions; its row comes back from a file."""

from dataclasses import replace
from decimal import Decimal
from fractions import Fraction
from math import ceil, floor

from hypothesis import assume, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from domain.executions import on_paper
from domain.ledger import Ledger
from domain.market import Side
from domain.position import Position
from tests.db_files import fresh
from tests.kit.rows import change, rows
from tests.unit.test_domain_ledger import market, order, terms

D = Decimal
STEP, TICK, TAKER, MAKER = Fraction(1, 10**5), Fraction(1, 100), Fraction(1, 1000), Fraction(1, 2000)
CENT = Fraction(1, 10**8)
prices = st.integers(100, 10**6).map(lambda n: D(n).scaleb(-2))
amounts = st.integers(1, 10**7).map(lambda n: D(n).scaleb(-5))


def slipped(price, side, resting):
    """Five basis points against us, rounded against us to the tick; nothing for an order that rested."""
    if resting:
        return Fraction(price)
    sign, whole = (1, ceil) if side is Side.BUY else (-1, floor)
    return whole(Fraction(price) * (1 + sign * Fraction(5, 10_000)) / TICK) * TICK


class Ledgers(RuleBasedStateMachine):
    """A strategy's money under TRADING.md, section 5, and what fractions say it has."""

    db = None  # one file for all lives of the machine

    @initialize(capital=st.integers(1_000, 10**6))
    def begin(self, capital):
        """A capital."""
        self.position = Position(ledger=Ledger.opened(D(capital)))
        self.capital = self.cash = Fraction(capital)
        self.qty = self.cost = self.pnl = Fraction(0)
        self.steps, self.close = 0, D(100)

    @rule(price=prices, qty=amounts, in_base=st.booleans(), resting=st.booleans())
    def buy(self, price, qty, in_base, resting):
        """The fee is taken from the cash, or from the coins received."""
        paid = slipped(price, Side.BUY, resting) * Fraction(qty)
        fee = MAKER if resting else TAKER
        assume(paid * (1 + fee) <= self.cash - 1)
        self._fill(order(Side.BUY, price, qty, resting=resting, round_trip=self.position.round_trips + 1), in_base)
        self.qty += Fraction(qty) * (1 - fee if in_base else 1)
        self.cash -= paid * (1 if in_base else 1 + fee)
        self.cost += paid * (1 if in_base else 1 + fee)

    @precondition(lambda self: hasattr(self, "qty") and self.position.ledger.qty >= D("0.00001"))
    @rule(price=prices, tenths=st.integers(1, 10), resting=st.booleans())
    def sell(self, price, tenths, resting):
        """A part or all of it, to the amount step; the cost is released in proportion."""
        before, was_flat = Fraction(self.position.ledger.qty), self.position.holding is None
        sold = floor(before * tenths / 10 / STEP) * STEP
        assume(sold > 0)
        fee, worth = MAKER if resting else TAKER, slipped(price, Side.SELL, resting) * sold
        trade = self._fill(order(Side.SELL, price, D(str(float(sold))), resting=resting), in_base=False)
        released = self.cost if sold == before else self.cost * sold / before
        pnl = worth * (1 - fee) - released
        assert abs(Fraction(trade.pnl) - pnl) <= self._near()
        self.qty, self.cost, self.cash = self.qty - sold, self.cost - released, self.cash + worth * (1 - fee)
        left = self.position.ledger.qty
        flat = left < D("0.00001") or left * trade.execution.price < 5
        assert (self.position.holding is None) == (was_flat or flat)

    @rule(amount=st.integers(-500, 5_000))
    def pay_in(self, amount):
        """A changed capital is paid in, or taken out."""
        assume(self.cash + amount > 0)
        ledger = self.position.ledger
        self.position = replace(self.position, ledger=replace(ledger, cash=ledger.cash + amount))
        self.capital, self.cash = self.capital + amount, self.cash + amount

    @precondition(lambda self: hasattr(self, "qty"))
    @invariant()
    def it_adds_up(self):
        """To the last digit among themselves; to a cent for each step beside the fractions."""
        ledger = self.position.ledger
        assert ledger.cash + ledger.cost == D(int(self.capital)) + ledger.realised_pnl
        assert Fraction(ledger.realised_pnl) == self.pnl
        open_pnl = ledger.equity(float(self.close)) - ledger.cash - ledger.cost
        assert ledger.equity(float(self.close)) == D(int(self.capital)) + ledger.realised_pnl + open_pnl
        assert abs(Fraction(ledger.equity(float(self.close))) - self.cash - self.qty * Fraction(self.close)) <= (
            self._near() * (1 + Fraction(self.close))
        )
        for ours, theirs in ((self.qty, ledger.qty), (self.cash, ledger.cash), (self.cost, ledger.cost)):
            assert abs(ours - Fraction(theirs)) <= self._near()
        assert ledger.qty > 0 or ledger.cost == 0

    @precondition(lambda self: hasattr(self, "qty"))
    @invariant()
    def its_row_comes_back(self):
        """Every digit of it, from the table's REAL columns."""
        ledger = self.position.ledger
        row = (ledger.qty, ledger.cost, ledger.cash, ledger.realised_pnl)
        change(self.db, "update positions set qty = ?, cost = ?, cash = ?, realised_pnl = ?", tuple(map(float, row)))
        (stored,) = rows(self.db, "select qty, cost, cash, realised_pnl from positions")
        assert tuple(D(repr(value)) for value in stored) == row

    def _fill(self, each, in_base):
        """The order on paper: one execution of all of it."""
        on = market(fee_in_base=in_base, maker=D("0.0005"), taker=D("0.001"))
        (execution,) = on_paper(each, on, terms("5"))
        self.position, trade = self.position.after(execution, on)
        self.steps, self.close = self.steps + 1, execution.price
        self.pnl += Fraction(trade.pnl or 0)
        return trade

    def _near(self):
        """A cent for each step until now, of coins and of money (whose price may be 10,000)."""
        return 3 * (self.steps + 1) * CENT * max(1, Fraction(self.close))


def test_the_ledger_is_the_fold_of_its_trades_in_any_order(tmp_path):
    """equity = capital + total_pnl + open_pnl after every buy, sale, residue and deposit."""
    with fresh(tmp_path) as db:
        change(
            db,
            "insert into strategies (strategy_id, exchange, symbol, timeframe, mode, kind, quote, capital)"
            " values ('one', 'binance', 'BTC/USDT', '1h', 'paper', 'rsi', 'USDT', 1000)",
        )
        columns = "strategy_id, qty, cost, cash, realised_pnl, round_trip"
        change(db, f"insert into positions ({columns}) values ('one', 0, 0, 0, 0, 0)")
        machine = type("LedgersOnFile", (Ledgers,), {"db": db})
        machine.TestCase.settings = settings(max_examples=30, stateful_step_count=25, deadline=None)
        machine.TestCase().runTest()
