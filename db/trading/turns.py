"""The rows that stand for a turn: decisions, orders, trades, equity, and their totals."""

import json
from collections.abc import Callable, Iterable
from decimal import Decimal
from typing import Any, NamedTuple

from db.database import Row, Transaction
from db.trading import positions
from db.trading.rows import Rows
from db.trading.totals import KnownSums, RunningTotals
from domain import timeframes
from domain.curve import Point
from domain.executions import mean_price
from domain.holding import Holding
from domain.ledger import Trade
from domain.market import Side
from domain.money import cent_for, decimal, kept, real
from domain.orders import Order, OrderState
from domain.totals import Bar
from domain.turns import Step, Turn

POINT = ("run_id", "cash", "qty", "equity")  # a point of the equity curve in which none of these has changed is none
_encoded = json.JSONEncoder(allow_nan=False).encode


class Right(NamedTuple):
    """A turn that may be written, and what the statement `turn_rights` says of its strategy."""

    turn: Turn
    row: Row


def write_turns(
    tx: Transaction, rights: Iterable[Right], real: Callable[[], int], known: KnownSums | None = None
) -> None:
    """The decisions of some turns and what follows from them, table by table; with the totals the high-water marks
    move. The decisions come last, each with the moment on the clock `real` (Unix ms) right before the commit.
    """
    turns, rows = list(rights), Rows()
    strategies = tx.read_each("totals_of_strategy", [{"strategy_id": each.turn.strategy_id} for each in turns])
    runs = tx.read_each("totals_of_run", [{"run_id": each.turn.run_id} for each in turns])
    totals = [RunningTotals(tx, row, known) for row in strategies]
    for running, run, right in zip(totals, runs, turns, strict=True):
        running.run(run)
        _turn(tx, rows, right, running)
    rows.write(tx)
    for running, right in zip(totals, turns, strict=True):
        for round_trip in _sold(right.turn):
            running.closed(round_trip)
        running.save(rows)
    rows.write(tx)
    _write_decisions(tx, turns, real)


def write_sale(tx: Transaction, right: Right, step: Step) -> None:
    """The order and its execution, as far as there was enough to sell, and what the strategy has after it. Where it is
    what was left of a round trip that is closed already, that is another one now: all of them are counted anew.
    """
    turn, row = right
    rows = Rows()
    rows.add("positions_save", positions.columns(turn.strategy_id, turn.position))
    if step.trades and step.equity is not None:
        capital, seconds = decimal(row["capital"]), timeframes.seconds(row["timeframe"])
        running = RunningTotals.of(tx, turn.strategy_id)
        rows.add("equity_correct", _point(turn, step, step.equity, capital))
        _executed(tx, rows, turn, step, running)
        rows.write(tx)
        running.correct(step.bar.timestamp + seconds, _profit(step.equity, capital), seconds)
        trip = step.trades[-1].execution.order.round_trip
        running.closed(trip) if row["entry_timestamp"] is not None else running.recount()
        running.worth(turn.position.ledger, step.equity)
        running.save(rows)
    rows.write(tx)


def _turn(tx: Transaction, rows: Rows, right: Right, running: RunningTotals) -> None:
    """The rows of one turn but its totals, which follow it."""
    turn, row = right
    seconds, capital = timeframes.seconds(row["timeframe"]), decimal(row["capital"])
    last = tuple(row[f"point_{name}"] for name in POINT)
    for step in turn.steps:
        _executed(tx, rows, turn, step, running)
        moved = step.equity
        if step.equity is not None:
            now = _figures(turn, step, step.equity)
            if now == last and not running.begins(turn.run_id):
                moved = None
            else:
                rows.add("equity_insert", _point(turn, step, step.equity, capital))
                last = now
        running.bar(turn.run_id, _bar(step, seconds, moved, capital), capital)
    if turn.position != turn.before:
        rows.add("positions_save", positions.columns(turn.strategy_id, turn.position))
    newest, ledger = turn.steps[-1], turn.position.ledger
    running.decided(newest.bar.timestamp, newest.decision, newest.decided_ms, turn.run_id)
    equity = newest.equity
    running.worth(ledger, ledger.equity(newest.bar.close, cent_for(capital)) if equity is None else equity)


def _write_decisions(tx: Transaction, rights: Iterable[Right], real: Callable[[], int]) -> None:
    """The rows of all decisions but of those that did nothing where these leave none."""
    rows = [
        _decision(right, step, tx.transaction_id)
        for right in rights
        for step in right.turn.steps
        if not (right.turn.brief and step.idle)
    ]
    now_ms = real()
    tx.run_many("decisions_insert", (row | {"recorded_ms": row["seen_ms"] and now_ms} for row in rows))


def _executed(tx: Transaction, rows: Rows, turn: Turn, step: Step, running: RunningTotals) -> None:
    """The orders of a step and what was filled of them."""
    for order in step.decision.orders:
        rows.add("orders_insert", _order(turn, step, order))
    for trade in step.trades:
        rows.add("trades_insert", _trade(turn, step, trade, tx.transaction_id))
        running.trade(trade)


def _sold(turn: Turn) -> list[int]:
    """The round trips of which something was sold."""
    orders = (trade.execution.order for step in turn.steps for trade in step.trades)
    return list(dict.fromkeys(order.round_trip for order in orders if order.side is Side.SELL))


def _bar(step: Step, seconds: int, moved: Decimal | None, capital: Decimal) -> Bar:
    """A decided bar as the totals count it; `moved` is the equity where a point of the curve was written."""
    closed, decision = step.bar.timestamp + seconds, step.decision
    return Bar(
        opened=step.bar.timestamp,
        closed=closed,
        close=step.bar.close,
        held=step.position.holding is not None,
        code=decision.code.value,
        point=None if moved is None else Point(closed, _profit(moved, capital), capital),
    )


def _decision(right: Right, step: Step, transaction_id: int) -> dict[str, Any]:
    """The one decision on a candle. Nobody has waited for the first one of a strategy."""
    turn, waited = right.turn, right.row["decided_timestamp"] is not None
    return {
        "strategy_id": turn.strategy_id,
        "timestamp": step.bar.timestamp,
        "action": step.decision.action.value,
        "code": step.decision.code.value,
        "reason": step.decision.reason,
        "indicators": _encoded(dict(step.decision.indicators)),
        "run_id": turn.run_id,
        "epoch": turn.epoch,
        "decided_ms": step.decided_ms,
        "stored_ms": step.stored_ms,
        "seen_ms": step.seen_ms if waited else None,
        "late": int(step.late),
        "held": int(step.position.holding is not None),
        "transaction_id": transaction_id,
    }


def _order(turn: Turn, step: Step, order: Order) -> dict[str, Any]:
    """An order, at the mean price of what was filled of it."""
    found = [trade.execution for trade in step.trades if trade.execution.order == order]
    filled = bool(found) and found[-1].filled >= order.qty
    state = OrderState.FILLED if filled else OrderState.OPEN if found else OrderState.NEW
    return {
        "strategy_id": turn.strategy_id,
        "run_id": turn.run_id,
        "epoch": turn.epoch,
        "client_order_id": order.client_order_id,
        "decided": order.timestamp,
        "decided_ms": step.decided_ms,
        "purpose": order.purpose,
        "side": order.side.value,
        "price": real(mean_price(found) if found else order.price),
        "qty": real(order.qty),
        "status": state.value,
        "code": order.code.value,
        "reason": order.reason,
        "filled_ms": found[-1].filled_ms if filled else None,
    }


def _trade(turn: Turn, step: Step, trade: Trade, transaction_id: int) -> dict[str, Any]:
    """One execution of an order."""
    execution, order = trade.execution, trade.execution.order
    return {
        "strategy_id": turn.strategy_id,
        "run_id": turn.run_id,
        "epoch": turn.epoch,
        "client_order_id": order.client_order_id,
        "exchange_trade_id": execution.exchange_trade_id,
        "side": order.side.value,
        "price": real(execution.price),
        "qty": real(execution.qty),
        "fee": real(execution.fee),
        "fee_currency": execution.fee_currency,
        "fee_quote": real(execution.fee_quote),
        "pnl": None if trade.pnl is None else real(trade.pnl),
        "pnl_percent": None if trade.pnl_percent is None else real(trade.pnl_percent),
        "timestamp": order.timestamp,
        "filled_ms": execution.filled_ms,
        "round_trip": order.round_trip,
        "entry_run_id": order.entry_run_id,
        "slippage": real(execution.slippage),
        "late": int(order.late),
        "cost": real(trade.cost),
        "transaction_id": transaction_id,
        **_levels(step.position.holding if order.side is Side.BUY else None),
    }


def _levels(holding: Holding | None) -> dict[str, float | None]:
    """Where an entry has put its stop and target and how far below the high its trailing stop; None of other fills."""
    names = {"stop": "stop", "target": "target", "trailing_distance": "trailing"}
    levels = {column: getattr(holding, name, None) for column, name in names.items()}
    return {name: None if value is None else real(value) for name, value in levels.items()}


def _figures(turn: Turn, step: Step, equity: Decimal) -> tuple[Any, ...]:
    """What the columns `POINT` of a step would be."""
    ledger = step.position.ledger
    return turn.run_id, float(ledger.cash), float(ledger.qty), float(equity)


def _point(turn: Turn, step: Step, equity: Decimal, capital: Decimal) -> dict[str, Any]:
    """One point of the equity curve as it is stored."""
    ledger = step.position.ledger
    return {
        "strategy_id": turn.strategy_id,
        "timestamp": step.bar.timestamp,
        "run_id": turn.run_id,
        "cash": real(ledger.cash),
        "qty": real(ledger.qty),
        "close": step.bar.close,
        "equity": real(equity),
        "profit": float(_profit(equity, capital)),
    }


def _profit(equity: Decimal, capital: Decimal) -> Decimal:
    """What was won, in the digits that are stored: who remembers it and who reads it know the same."""
    return kept(equity - capital)
