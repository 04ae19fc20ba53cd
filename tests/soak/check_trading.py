"""Is every decision the right one, and every trade and position what follows from it? Worked out anew from the bars.

All strategies of a soak hold while the bar before closed higher than it opened: enter where close > open, leave where
close < open, some with a stop; they spend all their cash.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from decimal import ROUND_CEILING, ROUND_FLOOR, ROUND_HALF_EVEN, Decimal
from typing import Any

from tests.definition import Definition, differing
from tests.soak.facts import Bar, Facts, exact

CENT, SLIPPAGE, CAPITAL = Decimal("1e-8"), Decimal("0.0005"), Decimal(1000)
ZERO = Decimal(0)


def cents(value: Decimal) -> Decimal:
    """Half to even."""
    return value.quantize(CENT, ROUND_HALF_EVEN)


def multiple(value: Decimal, step: Decimal, rounding: str) -> Decimal:
    """A multiple of a step."""
    return (value / step).quantize(Decimal(1), rounding) * step


@dataclass
class Book:
    """What a strategy has, folded from its own decisions."""

    market: dict[str, Decimal]
    stop: Decimal | None
    qty: Decimal = ZERO
    cost: Decimal = ZERO
    cash: Decimal = CAPITAL
    realised: Decimal = ZERO
    entered: int | None = None
    level: Decimal | None = None
    overdue: bool = False  # an exit is decided that could not fill yet

    def leaves(self, opened: int, bar: Bar) -> bool:
        """Whether the bar must close the position."""
        below = self.level is not None and exact(bar[3]) <= self.level
        return self.entered is not None and opened > self.entered and (bar[3] < bar[0] or below)

    def sellable(self, close: Decimal) -> bool:
        """Whether what is held can be sold."""
        return self.qty >= self.market["amount_step"] and self.qty * close >= self.market["min_cost"]

    def buy(self, opened: int, close: Decimal) -> dict[str, Decimal]:
        """Spend the cash; what the trade must say."""
        price = multiple(close * (1 + SLIPPAGE), self.market["price_tick"], ROUND_CEILING)
        taker, step = self.market["taker"], self.market["amount_step"]
        qty = multiple(self.cash / (price * (1 + taker)), step, ROUND_FLOOR)
        in_coin = bool(self.market["fee_in_base"])
        fee = cents(qty * taker) if in_coin else cents(price * qty * taker)
        paid = cents(price * qty) + (ZERO if in_coin else fee)
        self.qty, self.cost, self.cash = self.qty + qty - (fee if in_coin else 0), self.cost + paid, self.cash - paid
        self.entered = opened
        if self.stop is not None:
            self.level = multiple(price * (1 - self.stop), self.market["price_tick"], ROUND_CEILING)
        return {"price": price, "qty": qty, "fee": fee}

    def sell(self, close: Decimal) -> dict[str, Decimal]:
        """Sell what the step allows; what the trade must say."""
        tick = self.market["price_tick"]
        price = max(multiple(close * (1 - SLIPPAGE), tick, ROUND_FLOOR), tick)
        qty = multiple(self.qty, self.market["amount_step"], ROUND_FLOOR)
        fee = cents(price * qty * self.market["taker"])
        released = self.cost if qty == self.qty else cents(self.cost * qty / self.qty)
        proceeds = cents(price * qty) - fee
        self.qty, self.cost, self.cash = self.qty - qty, self.cost - released, self.cash + proceeds
        self.realised += proceeds - released
        self.flatten()
        return {"price": price, "qty": qty, "fee": fee, "pnl": proceeds - released}

    def flatten(self) -> None:
        """No position is left."""
        self.entered, self.level, self.overdue = None, None, False


class History:
    """What one strategy decided and traded."""

    def __init__(self, facts: Facts, strategy: dict[str, Any]) -> None:
        self.facts, self.strategy = facts, strategy
        self.one, self.bars = strategy["strategy_id"], facts.seen(strategy["series"])
        mine = f"where strategy_id = '{self.one}'"
        self.decisions = {row["timestamp"]: row for row in facts.rows(f"select * from decisions {mine}")}
        self.trades = {row["client_order_id"]: row for row in facts.rows(f"select * from trades {mine}")}
        orders = facts.rows(f"select * from orders {mine}")
        self.orders = {(row["timestamp"], row["purpose"]): row for row in orders}
        market = facts.rows(
            f"select * from markets where exchange = '{strategy['exchange']}' and symbol = '{strategy['symbol']}'"
        )[0]
        names = ("price_tick", "amount_step", "min_cost", "taker", "fee_in_base")
        stop = facts.stops.get(facts.names(self.one)[-1])
        self.book = Book({name: exact(market[name]) for name in names}, None if stop is None else Decimal(stop))

    def wrong(self) -> Iterator[str]:
        """Every decision and trade that is not what follows from the bars and from what was held."""
        for opened in sorted(self.decisions):
            bar = self.bars.get(opened)
            if bar is None:
                yield f"{self.one} decided {opened}, which is no bar"
                continue
            yield from self._decided(opened, bar, self.decisions[opened])
            for purpose in self._sold_beside(opened):
                yield from self._compared(opened, purpose, self.book.sell(exact(bar[3])))
        unknown = [key for key in self.orders if key[0] not in self.decisions]
        yield from (f"{self.one}: order on {opened} ({purpose}) without its decision" for opened, purpose in unknown)
        if len(self.orders) != len(self.trades):
            yield f"{self.one}: {len(self.orders)} orders, {len(self.trades)} trades"

    def _sold_beside(self, opened: int) -> Iterator[str]:
        """The sales on a bar that its decision did not ask for: a person did, or the market was gone."""
        if (opened, "manual") in self.orders:
            yield "manual"
        order = self.orders.get((opened, "exit"))
        if order and order["reason"].startswith("delisted: ") and self.decisions[opened]["action"] != "exit":
            yield "exit"

    def _decided(self, opened: int, bar: Bar, decision: dict[str, Any]) -> Iterator[str]:
        action, holding = decision["action"], self.book.entered is not None
        due = self.book.leaves(opened, bar)
        if self.book.overdue:
            yield from self._overdue(opened, bar, decision)
        elif action == "enter" and not holding and bar[3] > bar[0]:
            yield from self._compared(opened, "entry", self.book.buy(opened, exact(bar[3])))
        elif action == "exit" and due and not self._ordered(opened) and self._closed_to_us(bar, decision):
            self.book.overdue = True
        elif action == "exit" and due:
            yield from self._compared(opened, "exit", self.book.sell(exact(bar[3])))
        elif action == "hold" and due and not self.book.sellable(exact(bar[3])):
            self.book.flatten()
        elif action not in self._allowed(bar, holding=holding, due=due):
            yield f"{self.one} on {opened}: {action} ({decision['reason']}), holding: {holding}, bar {bar}"

    def _overdue(self, opened: int, bar: Bar, decision: dict[str, Any]) -> Iterator[str]:
        """An exit that was decided on an earlier bar fills at the first close at which it can."""
        if self._ordered(opened):
            yield from self._compared(opened, "exit", self.book.sell(exact(bar[3])))
        elif decision["action"] == "hold" and not self.book.sellable(exact(bar[3])):
            self.book.flatten()
        elif decision["action"] != "blocked" or not self._closed_to_us(bar, decision):
            yield f"{self.one} on {opened}: {decision['action']} ({decision['reason']}), though its exit is overdue"

    def _closed_to_us(self, bar: Bar, decision: dict[str, Any]) -> bool:
        """Whether nothing could fill at the close of a bar: it was missed, or nobody traded in it."""
        return bool(decision["late"]) or not bar[4]

    def _ordered(self, opened: int) -> bool:
        """Whether an exit that was decided is ordered on a bar."""
        order = self.orders.get((opened, "exit"))
        return order is not None and not order["reason"].startswith("delisted: ")

    def _allowed(self, bar: Bar, *, holding: bool, due: bool) -> tuple[str, ...]:
        if holding:
            return () if due else ("hold",)
        return ("blocked", "stale") if bar[3] > bar[0] and bar[4] > 0 else ("hold", "blocked", "stale")

    def _trade(self, opened: int, purpose: str) -> dict[str, Any] | None:
        order = self.orders.get((opened, purpose))
        return None if order is None else self.trades.get(order["client_order_id"])

    def _compared(self, opened: int, purpose: str, must: dict[str, Decimal]) -> Iterator[str]:
        """The trade against what it must say."""
        trade = self._trade(opened, purpose)
        if trade is None:
            yield f"{self.one} on {opened}: {purpose} without its trade"
            return
        for name, value in must.items():
            if exact(trade[name]) != value:
                yield f"{self.one} on {opened}: {purpose} {name} {trade[name]}, must be {value}"

    def missing(self) -> Iterator[str]:
        """Bars that were there when a later one was decided and that nobody decided."""
        decided = sorted(self.decisions)
        names = self.facts.names(self.one)
        for opened in sorted(set(self.bars) - set(decided)):
            later = next((each for each in decided if each > opened), None)
            if not decided or opened < decided[0] or later is None:
                continue
            moments = [self.facts.decided_at[one, later] for one in names if (one, later) in self.facts.decided_at]
            there = self.facts.first_stored.get((self.strategy["series"], opened))
            if there is not None and moments and there < min(moments):
                yield f"{self.one}: {opened} was never decided"


def decisions_are_right(facts: Facts) -> Iterator[str]:
    """Every decision and trade, worked out anew; and every position is what they come to."""
    for strategy in facts.strategies:
        history = History(facts, strategy)
        yield from history.wrong()
        yield from _position(facts, history)


def _position(facts: Facts, history: History) -> Iterator[str]:
    book = history.book
    row = facts.rows(f"select * from positions where strategy_id = '{history.one}'")[0]
    must = {"qty": book.qty, "cost": book.cost, "cash": book.cash, "realised_pnl": book.realised}
    for name, value in must.items():
        if exact(row[name]) != value:
            yield f"{history.one}: position {name} {row[name]}, must be {value}"
    last = facts.rows(f"select * from equity where strategy_id = '{history.one}' order by timestamp desc limit 1")
    if last and exact(last[0]["equity"]) != exact(last[0]["cash"]) + cents(
        exact(last[0]["qty"]) * exact(last[0]["close"])
    ):
        yield f"{history.one}: equity {last[0]} does not add up"


def every_bar_is_decided(facts: Facts) -> Iterator[str]:
    """Once each, by whoever held the strategy."""
    for strategy in facts.strategies:
        yield from History(facts, strategy).missing()


def nothing_is_traded_twice(facts: Facts) -> Iterator[str]:
    """One order for a strategy, a bar and a purpose, under whatever id."""
    told: dict[tuple[str, int, str], str] = {}
    for row in facts.rows("select o.*, t.trade_id from orders o left join trades t using (client_order_id)"):
        key = (facts.names(row["strategy_id"])[-1], row["timestamp"], row["purpose"])
        if key in told:
            yield f"{row['strategy_id']} on {row['timestamp']}: {row['purpose']} twice"
        if row["trade_id"] is None:
            yield f"{row['client_order_id']}: an order without a trade"
        told[key] = row["client_order_id"]


def totals_are_what_the_rows_say(facts: Facts) -> Iterator[str]:
    """Every column of both reports, which read the totals that turns have kept, worked out anew from the rows."""
    rows = Definition(facts.database)
    for row in facts.rows("select * from strategy_performance"):
        yield from _differing(row["strategy_id"], row, rows.strategy)
    for row in facts.rows("select * from run_performance"):
        yield from _differing(row["run_id"], row, rows.run)


def _differing(owner: str, row: dict[str, Any], definition: Callable[[str], dict[str, Any]]) -> Iterator[str]:
    try:
        must = definition(owner)
    except (KeyError, ArithmeticError) as error:  # such as a round trip without its entry
        yield f"{owner}: a row is missing, {error!r}"
        return
    for name, (value, right) in differing(row, must).items():
        yield f"{owner}: {name} is {value}, the rows say {right}"


CHECKS = (decisions_are_right, every_bar_is_decided, nothing_is_traded_twice, totals_are_what_the_rows_say)
