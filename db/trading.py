"""What a trader's turn writes: all of it in one transaction, behind the lease and the high-water mark."""

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from typing import NamedTuple

from db import accounts
from db.connection import Database, Row, Transaction
from db.controls import halted
from domain.candles import Candle
from domain.decide import State, Verdict
from domain.ledger import Fill
from domain.market import Side
from domain.money import decimal, real
from domain.strategy import Action


class Outcome(StrEnum):
    """What the database made of a turn."""

    RECORDED = "recorded"
    ALREADY = "already"  # the candle is decided: somebody was faster, or a commit happened unheard
    LEASE_LOST = "lease_lost"  # somebody else acts for the strategy now
    RUN_ENDED = "run_ended"  # the strategy trades under another configuration now
    HALTED = "halted"  # the kill switch is on and the turn would have entered
    STALE = "stale"  # while the write lock was waited for, the entry came too late
    BROKEN = "broken"  # the turn breaks a rule of the schema: it is recorded as failed instead
    DISABLED = "disabled"  # the failure is recorded, and it was one too many


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One decision: the bar and the verdict. `decided_ms`: when, by the clock of the series' exchange (candle time).

    `equity`: at the bar's close, None where a missed exit fills later than this bar. `stored_ms`: when the bar came in.
    `late`: it was missed and walked after downtime. `refused`: an entry was wished, or an exit due, and not made.
    `spare_ms`: how long after the decision an entry is still in time, candle time.
    """

    bar: Candle
    verdict: Verdict
    decided_ms: int
    equity: Decimal | None
    stored_ms: int | None = None
    late: bool = False
    refused: bool = False
    spare_ms: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Turn:
    """The decisions of one strategy on consecutive bars, oldest first. `epoch` is that of the holder's lease."""

    strategy_id: str
    run_id: str
    holder: str
    epoch: int
    steps: tuple[Step, ...]

    @property
    def state(self) -> State:
        """What the strategy has afterwards."""
        return self.steps[-1].verdict.state


class Failure(NamedTuple):
    """What a strategy raised, and after how many in a row nobody trades it any more."""

    error: str
    limit: int


def still() -> int:
    """The candle time that passes where none does: in a replay."""
    return 0


class Moment(NamedTuple):
    """The two clocks that are asked inside the transaction, for the write lock may be waited for: `real`, that of the
    leases (Unix ms), and `elapsed`, candle time since the decisions (ms).
    """

    real: Callable[[], int]
    elapsed: Callable[[], int] = still


def record(db: Database, turns: Sequence[Turn], moment: Moment) -> dict[str, Outcome]:
    """Write the turns of up to 125 strategies in one transaction; what became of each, by strategy.

    Each stands behind its own savepoint and its own check of lease and high-water mark, so that one does not undo the
    others. Raises Rejected, TypeError or ValueError where a turn breaks a rule of the schema: then nothing is written.
    """
    with db.write() as tx:
        stop = halted(db, tx)
        return {turn.strategy_id: _record(tx, turn, moment, halt=stop) for turn in turns}


def attempts(db: Database, strategy_id: str, timestamp: int, purpose: str) -> int:
    """How many orders of a purpose a strategy has on a candle."""
    return int(db.read("orders_attempts", strategy_id=strategy_id, timestamp=timestamp, purpose=purpose)[0][0])


def opened_under(db: Database, strategy_id: str, round_trip: int) -> str | None:
    """The run that opened a round trip, to which all of it belongs; None where there is none."""
    found = db.read("trades_opened_under", strategy_id=strategy_id, round_trip=round_trip)
    return str(found[0][0]) if found else None


def sell(db: Database, turn: Turn, decided: int | None, moment: Moment, control: str | None = None) -> Outcome:
    """Record a sale beside the decisions: `turn` holds the one step, on the newest decided bar, or none where nothing
    is held. No candle is decided by it. `control` is the scope of a person's order, which is gone with it.

    `decided` is the newest decided candle that the sale was worked out for: after another one it is not recorded, nor
    where another quantity is held by now or the order is gone. Raises Rejected or ValueError where it breaks a rule of
    the schema.
    """
    with db.write() as tx:
        rights = tx.read("turn_rights", strategy_id=turn.strategy_id)[0]
        outcome = _right(rights, turn, moment)
        if outcome is not Outcome.RECORDED:
            return outcome
        sold = any(_held_before(step) != decimal(rights["qty"]) for step in turn.steps)
        if sold or rights["decided_timestamp"] != decided:
            return Outcome.ALREADY
        if control is not None and not tx.run("controls_delete", scope=control):
            return Outcome.ALREADY
        for step in turn.steps:
            _sale(tx, turn, step)
        return outcome


def _held_before(step: Step) -> Decimal:
    """What a sale was worked out for, base currency."""
    fill, after = step.verdict.fill, step.verdict.state.ledger.qty
    return after if fill is None else after + fill.qty


def _sale(tx: Transaction, turn: Turn, step: Step) -> None:
    """The order and its execution, as far as there was enough to sell, and what the strategy has after it."""
    if step.verdict.fill is not None and step.equity is not None:
        _trade(tx, turn, step, step.verdict.fill)
        tx.run("equity_correct", **_point(turn, step, step.equity))
    accounts.save(tx, turn.strategy_id, turn.state.ledger, turn.state.holding, turn.state.round_trips)


def fail(db: Database, turn: Turn, failure: Failure, moment: Moment) -> Outcome:
    """Record that a strategy raised on a bar: `turn` holds the one step, with the action `failed` or the exit that goes
    on without its code. Too many in a row disable it in the same transaction. Raises Rejected or ValueError where the
    step breaks a rule of the schema.
    """
    with db.write() as tx:
        outcome = _rights(tx, turn, moment)
        if outcome is not Outcome.RECORDED:
            return outcome
        timestamp, who = _written(tx, turn), {"strategy_id": turn.strategy_id}
        tx.run("strategies_failed", **who, timestamp=timestamp, error=failure.error)
        reason = f"disabled after {failure.limit} failures in a row: {failure.error}"
        return Outcome.DISABLED if tx.run("strategies_disable", **who, limit=failure.limit, reason=reason) else outcome


def _record(tx: Transaction, turn: Turn, moment: Moment, *, halt: bool) -> Outcome:
    """One strategy's turn."""
    outcome = _rights(tx, turn, moment)
    if outcome is not Outcome.RECORDED:
        return outcome
    entries = [step for step in turn.steps if step.verdict.action is Action.ENTER]
    if entries and halt:
        return Outcome.HALTED
    if any(moment.elapsed() > step.spare_ms for step in entries):
        return Outcome.STALE
    with tx.savepoint():
        timestamp = _written(tx, turn)
        tx.run("strategies_decided", strategy_id=turn.strategy_id, timestamp=timestamp)
    return outcome


def _written(tx: Transaction, turn: Turn) -> int:
    """The decisions of a turn and what follows from them; the new high-water mark, which is still to be set."""
    for step in turn.steps:
        _decision(tx, turn, step)
        if step.verdict.fill is not None:
            _trade(tx, turn, step, step.verdict.fill)
        _equity(tx, turn, step)
    held = sum(step.verdict.state.holding is not None for step in turn.steps)
    accounts.save(tx, turn.strategy_id, turn.state.ledger, turn.state.holding, turn.state.round_trips)
    tx.run("decided_count", run_id=turn.run_id, strategy_id=turn.strategy_id, candles=len(turn.steps), held=held)
    return turn.steps[-1].bar.timestamp


def _rights(tx: Transaction, turn: Turn, moment: Moment) -> Outcome:
    """Whether the holder may write this turn: looked up in the transaction that writes it."""
    rights = tx.read("turn_rights", strategy_id=turn.strategy_id)[0]
    outcome = _right(rights, turn, moment)
    decided = rights["decided_timestamp"]
    if outcome is Outcome.RECORDED and decided is not None and decided >= turn.steps[0].bar.timestamp:
        return Outcome.ALREADY
    return outcome


def _right(rights: Row, turn: Turn, moment: Moment) -> Outcome:
    """Whether the lease is the holder's and the run the current one."""
    if (rights["holder"], rights["epoch"]) != (turn.holder, turn.epoch) or rights["expires_ms"] <= moment.real():
        return Outcome.LEASE_LOST
    if rights["run_id"] != turn.run_id:
        return Outcome.RUN_ENDED
    return Outcome.RECORDED


def _decision(tx: Transaction, turn: Turn, step: Step) -> None:
    tx.run(
        "decisions_insert",
        strategy_id=turn.strategy_id,
        timestamp=step.bar.timestamp,
        action=step.verdict.action.value,
        code=step.verdict.code.value,
        reason=step.verdict.reason,
        indicators=json.dumps(dict(step.verdict.indicators), allow_nan=False),
        run_id=turn.run_id,
        epoch=turn.epoch,
        decided_ms=step.decided_ms,
        stored_ms=step.stored_ms,
        late=int(step.late),
        held=int(step.verdict.state.holding is not None),
    )


def _trade(tx: Transaction, turn: Turn, step: Step, fill: Fill) -> None:
    """The order and its execution."""
    common = {
        "strategy_id": turn.strategy_id,
        "run_id": turn.run_id,
        "epoch": turn.epoch,
        "client_order_id": fill.client_order_id,
        "side": fill.side.value,
        "price": real(fill.price),
        "qty": real(fill.qty),
        "filled_ms": fill.filled_ms,
    }
    decided = {"decided": step.bar.timestamp, "decided_ms": step.decided_ms}
    tx.run("orders_insert", **common, **decided, purpose=fill.purpose, code=fill.code.value, reason=fill.reason)
    tx.run(
        "trades_insert",
        **common,
        fee=real(fill.fee),
        fee_currency=fill.fee_currency,
        fee_quote=real(fill.fee_quote),
        pnl=None if fill.pnl is None else real(fill.pnl),
        pnl_percent=None if fill.pnl_percent is None else real(fill.pnl_percent),
        timestamp=fill.timestamp,
        round_trip=fill.round_trip,
        entry_run_id=fill.entry_run_id,
        slippage=real(fill.slippage),
        late=int(fill.late),
        **_levels(step.verdict.state if fill.side is Side.BUY else None),
    )


def _levels(opened: State | None) -> dict[str, float | None]:
    """Where an entry has put its stop and target and how far below the high its trailing stop; None of other fills."""
    holding = None if opened is None else opened.holding
    levels = {name: getattr(holding, name, None) for name in ("stop", "target", "trailing")}
    return {name: None if value is None else real(value) for name, value in levels.items()}


def _equity(tx: Transaction, turn: Turn, step: Step) -> None:
    """A point of the equity curve, where it differs from the last one or begins a run."""
    if step.equity is None:
        return
    point = _point(turn, step, step.equity)
    last = tx.read("equity_last", strategy_id=turn.strategy_id)
    if not last or any(last[0][name] != point[name] for name in ("run_id", "cash", "qty", "equity")):
        tx.run("equity_insert", **point)


def _point(turn: Turn, step: Step, equity: Decimal) -> dict[str, object]:
    """One point of the equity curve as it is stored."""
    ledger = step.verdict.state.ledger
    return {
        "strategy_id": turn.strategy_id,
        "timestamp": step.bar.timestamp,
        "run_id": turn.run_id,
        "cash": real(ledger.cash),
        "qty": real(ledger.qty),
        "close": step.bar.close,
        "equity": real(equity),
    }
