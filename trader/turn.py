"""The turns of a process: decided in bounded slices, recorded, and what the database made of each."""

import traceback
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from operator import attrgetter
from typing import NamedTuple

import structlog

from db.trading import recording
from db.trading.recording import Clocks, still
from domain.candles import Series
from domain.codes import Code, Why
from domain.decide import Decision, failed, stale_after
from domain.errors import Rejected
from domain.strategy import Action
from domain.turns import Outcome, Step, Turn
from runtime import clock
from trader.active_strategy import ActiveStrategy
from trader.assignments import OTHER_RUN, Assignments
from trader.deciding import SeriesAdvance, decide_slice
from trader.leasing import LOST
from trader.strategy_turn import StrategyTurn

log = structlog.get_logger()
BATCH = 125  # strategies, of whatever series, that share a write transaction
ROWS = 1_000  # decisions after which a transaction takes no further strategy
HALTED = Why(Code.HALTED, "kill switch: no entries until it is taken back")


class Progress(NamedTuple):
    """What came of a part: the turns that were recorded, and whether nothing is left to decide."""

    turns: list[Turn]
    whole: bool


def take_turn(assignments: Assignments, advance: SeriesAdvance) -> list[Turn]:
    """Decide every bar that is not decided yet for all strategies of a series; the turns that were recorded."""
    made: list[Turn] = []
    whole = False
    while not whole:
        turns, whole = take_due(assignments, [advance])
        made += turns
    return made


def take_due(
    assignments: Assignments, advances: Sequence[SeriesAdvance], elapsed: Callable[[], int] = still
) -> Progress:
    """Decide and record as much of what is due as fits into a part of the lease.

    The rest is for the next call: in between leases are renewed and orders carried out, however many bars were missed.
    `elapsed` tells the candle time (ms) since the series advanced: an entry that comes too late by now is for the next
    call, which refuses it.
    """
    if not advances:
        return Progress([], whole=True)
    time_slice = decide_slice(assignments, advances)
    clocks = Clocks(clock.now_ms, elapsed)
    made, whole = [], time_slice.whole
    for strategy_turns in _batches(time_slice.strategy_turns):
        turns, smooth = _recorded(assignments, strategy_turns, clocks)
        made += turns
        whole = whole and smooth
    return Progress(made, whole)


def turn_of(assignments: Assignments, active: ActiveStrategy, steps: tuple[Step, ...]) -> Turn:
    """What this process wants recorded for a strategy."""
    return Turn(
        strategy_id=active.strategy_id,
        run_id=active.run_id,
        holder=assignments.holder,
        epoch=active.epoch,
        steps=steps,
        before=active.position,
        brief=assignments.settings.retention.decisions == 0,
    )


def record(assignments: Assignments, turns: Sequence[Turn], clocks: Clocks) -> dict[str, Outcome]:
    """Record turns in one transaction, and go on from what the database made of each. Where one of them breaks a rule
    of the schema, that one fails and the others are recorded.
    """
    try:
        outcomes = recording.record(assignments.db, turns, clocks, assignments.sums) if turns else {}
    except (Rejected, TypeError, ValueError, ArithmeticError) as error:
        if len(turns) > 1:
            return {one: outcome for turn in turns for one, outcome in record(assignments, [turn], clocks).items()}
        return {turns[0].strategy_id: _broken(assignments, turns[0], error, clocks)}
    for turn in turns:
        settle(assignments, turn, outcomes[turn.strategy_id])
    return outcomes


def settle(assignments: Assignments, turn: Turn, outcome: Outcome) -> None:
    """Go on from what the database made of a turn."""
    one = turn.strategy_id
    if outcome is Outcome.RECORDED:
        _tell(turn, assignments.active[one])
        assignments.active[one] = assignments.active[one].advanced(turn)
        if not turn.steps[-1].late:
            assignments.trust(one)
    elif outcome is Outcome.ALREADY:
        assignments.reload(one)
    elif outcome is Outcome.LEASE_LOST:
        assignments.drop(one, "fenced", f"its write was refused: {LOST}")
    elif outcome is Outcome.RUN_ENDED:
        assignments.let_go({one}, f"its write was refused: {OTHER_RUN}")


def _batches(strategy_turns: Sequence[StrategyTurn]) -> Iterator[list[StrategyTurn]]:
    """What shares a transaction: entries that are stale soonest are recorded first; in each in the order of the ids."""
    batch, rows = list[StrategyTurn](), 0
    for strategy_turn in sorted(strategy_turns, key=_stale_soonest):
        batch.append(strategy_turn)
        rows += len(strategy_turn.steps)
        if len(batch) >= BATCH or rows >= ROWS:
            yield sorted(batch, key=attrgetter("strategy_id"))
            batch, rows = [], 0
    if batch:
        yield sorted(batch, key=attrgetter("strategy_id"))


def _stale_soonest(strategy_turn: StrategyTurn) -> tuple[float, str]:
    """How soon after the close of a bar an entry is stale, then the id."""
    return stale_after(strategy_turn.active.settings.series.seconds), strategy_turn.strategy_id


def _recorded(assignments: Assignments, strategy_turns: Sequence[StrategyTurn], clocks: Clocks) -> Progress:
    """Record what some have decided, once more without entries where the fleet is halted; then what raised."""
    turns = {one.strategy_id: turn_of(assignments, one.active, tuple(one.steps)) for one in strategy_turns if one.steps}
    outcomes = record(assignments, list(turns.values()), clocks)
    for strategy_turn in strategy_turns:
        if outcomes.get(strategy_turn.strategy_id) is Outcome.HALTED:
            strategy_turn.refuse_entry(HALTED)
            turns[strategy_turn.strategy_id] = turn_of(assignments, strategy_turn.active, tuple(strategy_turn.steps))
    halted = [turn for one, turn in turns.items() if outcomes[one] is Outcome.HALTED]
    outcomes |= record(assignments, halted, clocks)
    made = [turn for one, turn in turns.items() if outcomes[one] is Outcome.RECORDED]
    raised = [
        (one, strategy_turn.failure)
        for strategy_turn in strategy_turns
        if strategy_turn.failure and _ours(one := strategy_turn.strategy_id, outcomes)
    ]
    for strategy_id, (step, error) in raised:
        _failed(assignments, strategy_id, step, error, clocks)
    return Progress(made, not raised and not halted and len(made) == len(turns))


def _ours(strategy_id: str, outcomes: Mapping[str, Outcome]) -> bool:
    """Whether what comes before the bar on which a strategy raised, if anything, is recorded."""
    return outcomes.get(strategy_id, Outcome.RECORDED) is Outcome.RECORDED


def _broken(assignments: Assignments, turn: Turn, error: Exception, clocks: Clocks) -> Outcome:
    """A turn breaks a rule of the schema: what comes before the bar that does is recorded, and that bar fails."""
    if len(turn.steps) > 1:
        return _one_by_one(assignments, turn, clocks)
    (step,), active, why = turn.steps, assignments.active[turn.strategy_id], f"{type(error).__name__}: {error}"
    step = replace(step, decision=failed(step.decision, active.position, why))
    if step.decision.action is Action.FAILED:
        without = replace(active.position, holding=step.decision.holding)
        equity = without.ledger.equity(step.bar.close, active.settings.terms.cent)
        step = replace(step, position=without, trades=(), equity=equity)
    _failed(assignments, turn.strategy_id, step, why, clocks)
    trace = "".join(traceback.format_exception(error))
    log.error("turn_broken", strategy_id=turn.strategy_id, epoch=turn.epoch, exception=trace)
    return Outcome.BROKEN


def _one_by_one(assignments: Assignments, turn: Turn, clocks: Clocks) -> Outcome:
    """Record each step by itself, as far as it goes."""
    outcome = Outcome.RECORDED
    for step in turn.steps:
        outcome = record(assignments, [replace(turn, steps=(step,), before=None)], clocks)[turn.strategy_id]
        if outcome is not Outcome.RECORDED:
            break
    return outcome


def _failed(assignments: Assignments, strategy_id: str, step: Step, error: str, clocks: Clocks) -> None:
    """Record what is left of a bar on which a strategy raised; it is disabled after too many times in a row."""
    active, limit = assignments.active[strategy_id], assignments.settings.supervision.max_failures
    turn = turn_of(assignments, active, (step,))
    try:
        outcome = recording.fail(assignments.db, turn, recording.Failure(error, limit), clocks)
    except (Rejected, ValueError):  # an exit breaks a rule of the schema: without it nothing does
        before = active.position
        nothing = Decision(action=Action.FAILED, code=Code.RAISED, reason=error, holding=before.holding)
        step = replace(step, decision=nothing, position=before, trades=(), equity=None)
        turn = turn_of(assignments, active, (step,))
        outcome = recording.fail(assignments.db, turn, recording.Failure(error, limit), clocks)
    if outcome is Outcome.DISABLED:
        _tell(turn, active)
        log.error("strategy_disabled", strategy_id=strategy_id, epoch=active.epoch, failures=limit, error=error)
        assignments.let_go({strategy_id}, "disabled")
    elif outcome is Outcome.RECORDED:
        _tell(turn, active)
        assignments.reload(strategy_id)
    else:
        settle(assignments, turn, outcome)


def context(turn: Turn, series: Series) -> dict[str, object]:
    """What every line of the log about a turn names: strategy, series, and under which right."""
    return {"strategy_id": turn.strategy_id, "series": str(series), "holder": turn.holder, "epoch": turn.epoch}


def _tell(turn: Turn, active: ActiveStrategy) -> None:
    """One line for every fill."""
    for step in turn.steps:
        for trade in step.trades:
            log.info(
                "trade",
                **context(turn, active.settings.series),
                timestamp=trade.execution.order.timestamp,
                side=trade.execution.order.side.value,
                price=str(trade.execution.price),
                qty=str(trade.execution.qty),
                pnl=None if trade.pnl is None else str(trade.pnl),
                reason=step.decision.reason,
            )
