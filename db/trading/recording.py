"""What a trader's turn writes: all of it in one transaction, behind the lease and the high-water mark."""

from collections.abc import Callable, Sequence
from decimal import Decimal
from typing import NamedTuple

from db.database import Database, Row, Transaction
from db.fleet import events
from db.fleet.events import Code, Event
from db.trading import strategies
from db.trading.turns import write_sale, write_turn
from domain.money import decimal
from domain.strategy import Action
from domain.turns import Outcome, Step, Turn

REFUSED = {
    Outcome.LEASE_LOST: (Code.FENCED, "its write was refused: somebody else acts, or its life ran out"),
    Outcome.RUN_ENDED: (Code.REFUSED, "its write was refused: the strategy trades under another configuration"),
    Outcome.HALTED: (Code.HALTED, "its entry was refused: the kill switch is on"),
}


class Failure(NamedTuple):
    """What a strategy raised, and after how many in a row nobody trades it any more."""

    error: str
    limit: int


def still() -> int:
    """The candle time that passes where none does: in a replay."""
    return 0


class Clocks(NamedTuple):
    """The two clocks that are asked inside the transaction, for the write lock may be waited for: `real`, that of the
    leases (Unix ms), and `elapsed`, candle time since the decisions (ms).
    """

    real: Callable[[], int]
    elapsed: Callable[[], int] = still


def record(db: Database, turns: Sequence[Turn], moment: Clocks) -> dict[str, Outcome]:
    """Write the turns of up to 125 strategies in one transaction; what became of each, by strategy.

    Each stands behind its own savepoint and its own check of lease and high-water mark, so that one does not undo the
    others. Raises Rejected, TypeError or ValueError where a turn breaks a rule of the schema: then nothing is written.
    """
    with db.write() as tx:
        stop = db.halted()
        outcomes = {turn.strategy_id: _record(tx, turn, moment, halt=stop) for turn in turns}
        for turn in turns:
            _note(tx, turn, outcomes[turn.strategy_id], moment)
        return outcomes


def attempts(db: Database, strategy_id: str, timestamp: int, purpose: str) -> int:
    """How many orders of a purpose a strategy has on a candle."""
    return int(db.read("orders_attempts", strategy_id=strategy_id, timestamp=timestamp, purpose=purpose)[0][0])


def opened_under(db: Database, strategy_id: str, round_trip: int) -> str | None:
    """The run that opened a round trip, to which all of it belongs; None where there is none."""
    found = db.read("trades_opened_under", strategy_id=strategy_id, round_trip=round_trip)
    return str(found[0][0]) if found else None


def sell(db: Database, turn: Turn, decided: int | None, moment: Clocks, *, ordered: bool = False) -> Outcome:
    """Record a sale beside the decisions: `turn` holds the one step, on the newest decided bar, or none where nothing
    is held. No candle is decided by it. A sale that a person has `ordered` ends the order.

    `decided` is the newest decided candle that the sale was worked out for: after another one it is not recorded, nor
    where another quantity is held by now or the order is gone. Raises Rejected or ValueError where it breaks a rule of
    the schema.
    """
    with db.write() as tx:
        rights = tx.read("turn_rights", strategy_id=turn.strategy_id)[0]
        outcome = _right(rights, turn, moment)
        _note(tx, turn, outcome, moment)
        if outcome is not Outcome.RECORDED:
            return outcome
        sold = any(_held_before(step) != decimal(rights["qty"]) for step in turn.steps)
        if sold or rights["decided_timestamp"] != decided:
            return Outcome.ALREADY
        if ordered and not tx.run("exit_orders_delete", strategy_id=turn.strategy_id):
            return Outcome.ALREADY
        for step in turn.steps:
            write_sale(tx, turn, step, rights)
        return outcome


def _held_before(step: Step) -> Decimal:
    """What a sale was worked out for, base currency."""
    return step.position.ledger.qty + sum(trade.execution.qty for trade in step.trades)


def fail(db: Database, turn: Turn, failure: Failure, moment: Clocks) -> Outcome:
    """Record that a strategy raised on a bar: `turn` holds the one step, with the action `failed` or the exit that goes
    on without its code. Too many in a row disable it in the same transaction. Raises Rejected or ValueError where the
    step breaks a rule of the schema.
    """
    with db.write() as tx:
        rights, outcome = _rights(tx, turn, moment)
        _note(tx, turn, outcome, moment)
        if outcome is not Outcome.RECORDED:
            return outcome
        write_turn(tx, turn, rights)
        who = {"strategy_id": turn.strategy_id}
        tx.run("strategies_failed", **who, error=failure.error)
        reason = f"disabled after {failure.limit} failures in a row: {failure.error}"
        if not tx.run("strategies_disable", **who, limit=failure.limit, reason=reason):
            return outcome
        strategies.changed(tx)
        return Outcome.DISABLED


def _record(tx: Transaction, turn: Turn, moment: Clocks, *, halt: bool) -> Outcome:
    """One strategy's turn."""
    rights, outcome = _rights(tx, turn, moment)
    if outcome is not Outcome.RECORDED:
        return outcome
    entries = [step for step in turn.steps if step.decision.action is Action.ENTER]
    if entries and halt:
        return Outcome.HALTED
    if any(moment.elapsed() > step.spare_ms for step in entries):
        return Outcome.STALE
    with tx.savepoint():
        write_turn(tx, turn, rights)
        tx.run("strategies_went_well", strategy_id=turn.strategy_id)
    return outcome


def _note(tx: Transaction, turn: Turn, outcome: Outcome, moment: Clocks) -> None:
    """An event where a turn was refused."""
    if outcome in REFUSED:
        code, text = REFUSED[outcome]
        events.note(tx, Event(moment.real(), code, turn.strategy_id, text, holder=turn.holder, epoch=turn.epoch))


def _rights(tx: Transaction, turn: Turn, moment: Clocks) -> tuple[Row, Outcome]:
    """Where a strategy stands, and whether the holder may write this turn: looked up in the transaction that does."""
    rights = tx.read("turn_rights", strategy_id=turn.strategy_id)[0]
    outcome = _right(rights, turn, moment)
    decided = rights["decided_timestamp"]
    if outcome is Outcome.RECORDED and decided is not None and decided >= turn.steps[0].bar.timestamp:
        return rights, Outcome.ALREADY
    return rights, outcome


def _right(rights: Row, turn: Turn, moment: Clocks) -> Outcome:
    """Whether the lease is the holder's, whose life goes on, and the run the current one."""
    held = rights["holder"] == turn.holder and rights["epoch"] == turn.epoch
    if not held or rights["expires_ms"] is None or rights["expires_ms"] <= moment.real():
        return Outcome.LEASE_LOST
    if rights["run_id"] != turn.run_id:
        return Outcome.RUN_ENDED
    return Outcome.RECORDED
