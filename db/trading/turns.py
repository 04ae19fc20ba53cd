"""The rows that stand for a turn: decisions, orders, trades, equity, and their totals."""

import json
from decimal import Decimal

from db.database import Row, Transaction
from db.trading import positions
from db.trading.totals import RunningTotals
from domain import timeframes
from domain.curve import Point
from domain.executions import mean_price
from domain.holding import Holding
from domain.ledger import Trade
from domain.market import Side
from domain.money import cent_for, decimal, kept, real
from domain.orders import OrderState
from domain.totals import Bar
from domain.turns import Step, Turn


def write_turn(tx: Transaction, turn: Turn, rights: Row) -> None:
    """The decisions of a turn and what follows from them; with the totals the high-water mark moves. `rights` is what
    the statement `turn_rights` says of the strategy.
    """
    running = RunningTotals(tx, turn.strategy_id)
    seconds, capital = timeframes.seconds(rights["timeframe"]), decimal(rights["capital"])
    for step in turn.steps:
        if not (turn.brief and step.idle):
            _decision(tx, turn, step)
        _orders(tx, turn, step)
        for trade in step.trades:
            _trade(tx, turn, step, trade)
            running.trade(trade)
        equity = _equity(tx, turn, step, capital, begins=running.begins(turn.run_id))
        running.bar(turn.run_id, _bar(step, seconds, equity, capital), capital)
    positions.save(tx, turn.strategy_id, turn.position)
    orders = (trade.execution.order for step in turn.steps for trade in step.trades)
    for round_trip in dict.fromkeys(order.round_trip for order in orders if order.side is Side.SELL):
        running.closed(round_trip)
    newest = turn.steps[-1]
    running.decided(newest.bar.timestamp, newest.decision, newest.decided_ms, turn.run_id)
    running.worth(turn.position.ledger, newest.bar.close, cent_for(capital))
    running.save()


def write_sale(tx: Transaction, turn: Turn, step: Step, rights: Row) -> None:
    """The order and its execution, as far as there was enough to sell, and what the strategy has after it. Where it is
    what was left of a round trip that is closed already, that is another one now: all of them are counted anew.
    """
    positions.save(tx, turn.strategy_id, turn.position)
    if step.trades and step.equity is not None:
        capital, seconds = decimal(rights["capital"]), timeframes.seconds(rights["timeframe"])
        tx.run("equity_correct", **_point(turn, step, step.equity, capital))
        running = RunningTotals(tx, turn.strategy_id)
        _orders(tx, turn, step)
        for trade in step.trades:
            _trade(tx, turn, step, trade)
            running.trade(trade)
        running.correct(step.bar.timestamp + seconds, step.equity - capital, seconds)
        trip = step.trades[-1].execution.order.round_trip
        running.closed(trip) if rights["entry_timestamp"] is not None else running.recount()
        running.worth(turn.position.ledger, step.bar.close, cent_for(capital))
        running.save()


def _bar(step: Step, seconds: int, equity: Decimal | None, capital: Decimal) -> Bar:
    """A decided bar as the totals count it; `equity` where a point of the curve was written."""
    closed, decision = step.bar.timestamp + seconds, step.decision
    return Bar(
        opened=step.bar.timestamp,
        closed=closed,
        close=step.bar.close,
        held=step.position.holding is not None,
        code=decision.code.value,
        point=None if equity is None else Point(closed, equity - capital, capital),
    )


def _decision(tx: Transaction, turn: Turn, step: Step) -> None:
    tx.run(
        "decisions_insert",
        strategy_id=turn.strategy_id,
        timestamp=step.bar.timestamp,
        action=step.decision.action.value,
        code=step.decision.code.value,
        reason=step.decision.reason,
        indicators=json.dumps(dict(step.decision.indicators), allow_nan=False),
        run_id=turn.run_id,
        epoch=turn.epoch,
        decided_ms=step.decided_ms,
        stored_ms=step.stored_ms,
        late=int(step.late),
        held=int(step.position.holding is not None),
        transaction_id=tx.transaction_id,
    )


def _orders(tx: Transaction, turn: Turn, step: Step) -> None:
    """The orders of a step, each at the mean price of what was filled of it."""
    for order in step.decision.orders:
        found = [trade.execution for trade in step.trades if trade.execution.order == order]
        filled = bool(found) and found[-1].filled >= order.qty
        state = OrderState.FILLED if filled else OrderState.OPEN if found else OrderState.NEW
        tx.run(
            "orders_insert",
            strategy_id=turn.strategy_id,
            run_id=turn.run_id,
            epoch=turn.epoch,
            client_order_id=order.client_order_id,
            decided=order.timestamp,
            decided_ms=step.decided_ms,
            purpose=order.purpose,
            side=order.side.value,
            price=real(mean_price(found) if found else order.price),
            qty=real(order.qty),
            status=state.value,
            code=order.code.value,
            reason=order.reason,
            filled_ms=found[-1].filled_ms if filled else None,
        )


def _trade(tx: Transaction, turn: Turn, step: Step, trade: Trade) -> None:
    """One execution of an order."""
    execution, order = trade.execution, trade.execution.order
    tx.run(
        "trades_insert",
        strategy_id=turn.strategy_id,
        run_id=turn.run_id,
        epoch=turn.epoch,
        client_order_id=order.client_order_id,
        exchange_trade_id=execution.exchange_trade_id,
        side=order.side.value,
        price=real(execution.price),
        qty=real(execution.qty),
        fee=real(execution.fee),
        fee_currency=execution.fee_currency,
        fee_quote=real(execution.fee_quote),
        pnl=None if trade.pnl is None else real(trade.pnl),
        pnl_percent=None if trade.pnl_percent is None else real(trade.pnl_percent),
        timestamp=order.timestamp,
        filled_ms=execution.filled_ms,
        round_trip=order.round_trip,
        entry_run_id=order.entry_run_id,
        slippage=real(execution.slippage),
        late=int(order.late),
        cost=real(trade.cost),
        transaction_id=tx.transaction_id,
        **_levels(step.position.holding if order.side is Side.BUY else None),
    )


def _levels(holding: Holding | None) -> dict[str, float | None]:
    """Where an entry has put its stop and target and how far below the high its trailing stop; None of other fills."""
    names = {"stop": "stop", "target": "target", "trailing_distance": "trailing"}
    levels = {column: getattr(holding, name, None) for column, name in names.items()}
    return {name: None if value is None else real(value) for name, value in levels.items()}


def _equity(tx: Transaction, turn: Turn, step: Step, capital: Decimal, *, begins: bool) -> Decimal | None:
    """A point of the equity curve, where it differs from the last one or begins a run; None where there is none."""
    if step.equity is None:
        return None
    point = _point(turn, step, step.equity, capital)
    last = () if begins else tx.read("equity_last", strategy_id=turn.strategy_id)
    if last and all(last[0][name] == point[name] for name in ("run_id", "cash", "qty", "equity")):
        return None
    tx.run("equity_insert", **point)
    return step.equity


def _point(turn: Turn, step: Step, equity: Decimal, capital: Decimal) -> dict[str, object]:
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
        "profit": float(kept(equity - capital)),
    }
