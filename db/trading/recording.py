"""What a trader's turn writes: all of it in one transaction, behind the lease and the high-water mark."""

from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal
from typing import NamedTuple

from db.database import Database, Row, Transaction
from db.fleet import events
from db.fleet.events import Code, Event
from db.trading import strategies
from db.trading.totals import KnownSums
from db.trading.turns import Right, write_sale, write_turns
from domain.money import decimal
from domain.strategy import Action
from domain.turns import Outcome, Step, Turn

Rights = Mapping[str, Row]  # by strategy
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


def record(db: Database, turns: Sequence[Turn], moment: Clocks, known: KnownSums | None = None) -> dict[str, Outcome]:
    """Write the turns of up to 125 strategies in one transaction; what became of each, by strategy. `known` are sums
    from earlier calls, which need not be worked out again.

    Each stands behind its own check of lease and high-water mark. Raises Rejected, TypeError or ValueError where a turn
    breaks a rule of the schema: then nothing is written.
    """
    with db.write() as tx:
        halted, rights = db.halted(), _rights(tx, turns)
        outcomes = {turn.strategy_id: _outcome(rights, turn, moment, halted=halted) for turn in turns}
        recorded = [turn for turn in turns if outcomes[turn.strategy_id] is Outcome.RECORDED]
        write_turns(tx, [Right(turn, rights[turn.strategy_id]) for turn in recorded], moment.real, known)
        well = [turn.strategy_id for turn in recorded if rights[turn.strategy_id]["failed_before"]]
        tx.run_many("strategies_went_well", [{"strategy_id": each} for each in well])
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
        rights = _rights(tx, [turn])
        outcome = _right(rights, turn, moment)
        _note(tx, turn, outcome, moment)
        if outcome is not Outcome.RECORDED:
            return outcome
        right = Right(turn, rights[turn.strategy_id])
        sold = any(_held_before(step) != decimal(right.row["qty"]) for step in turn.steps)
        if sold or right.row["decided_timestamp"] != decided:
            return Outcome.ALREADY
        if ordered and not tx.run("exit_orders_delete", strategy_id=turn.strategy_id):
            return Outcome.ALREADY
        for step in turn.steps:
            write_sale(tx, right, step)
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
        rights = _rights(tx, [turn])
        outcome = _undecided(rights, turn, moment)
        _note(tx, turn, outcome, moment)
        if outcome is not Outcome.RECORDED:
            return outcome
        write_turns(tx, [Right(turn, rights[turn.strategy_id])], moment.real)
        who = {"strategy_id": turn.strategy_id}
        tx.run("strategies_failed", **who, error=failure.error)
        reason = f"disabled after {failure.limit} failures in a row: {failure.error}"
        if not tx.run("strategies_disable", **who, limit=failure.limit, reason=reason):
            return outcome
        strategies.changed(tx)
        return Outcome.DISABLED


def _outcome(rights: Rights, turn: Turn, moment: Clocks, *, halted: bool) -> Outcome:
    """What is to become of one strategy's turn."""
    outcome = _undecided(rights, turn, moment)
    entries = [step for step in turn.steps if step.decision.action is Action.ENTER]
    if outcome is not Outcome.RECORDED or not entries:
        return outcome
    if halted:
        return Outcome.HALTED
    return Outcome.STALE if any(moment.elapsed() > step.spare_ms for step in entries) else Outcome.RECORDED


def _note(tx: Transaction, turn: Turn, outcome: Outcome, moment: Clocks) -> None:
    """An event where a turn was refused."""
    if outcome in REFUSED:
        code, text = REFUSED[outcome]
        events.note(tx, Event(moment.real(), code, turn.strategy_id, text, holder=turn.holder, epoch=turn.epoch))


def _rights(tx: Transaction, turns: Sequence[Turn]) -> Rights:
    """Where each strategy stands: looked up in the transaction that writes."""
    found = tx.read_each("turn_rights", [{"strategy_id": turn.strategy_id} for turn in turns])
    return {row["strategy_id"]: row for row in found}


def _undecided(rights: Rights, turn: Turn, moment: Clocks) -> Outcome:
    """Whether the holder may write this turn, and nobody has decided its bars."""
    outcome = _right(rights, turn, moment)
    if outcome is Outcome.RECORDED:
        decided = rights[turn.strategy_id]["decided_timestamp"]
        if decided is not None and decided >= turn.steps[0].bar.timestamp:
            return Outcome.ALREADY
    return outcome


def _right(rights: Rights, turn: Turn, moment: Clocks) -> Outcome:
    """Whether the lease is the holder's, whose life goes on, and the run the current one."""
    row = rights.get(turn.strategy_id)
    if row is None:  # it was given another id after that life had run out
        return Outcome.LEASE_LOST
    held = row["holder"] == turn.holder and row["epoch"] == turn.epoch
    if not held or row["expires_ms"] is None or row["expires_ms"] <= moment.real():
        return Outcome.LEASE_LOST
    if row["run_id"] != turn.run_id:
        return Outcome.RUN_ENDED
    return Outcome.RECORDED
