"""The turns of a desk: decided in bounded parts, recorded, and what the database made of each."""

import traceback
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import NamedTuple

import structlog

from db import trading
from db.trading import Moment, Outcome, still
from db.turns import Step, Turn
from domain.candles import Series
from domain.codes import Code, Why
from domain.decide import Verdict, failed
from domain.errors import Rejected
from domain.strategy import Action
from runtime import clock
from trader.desk import OTHER_RUN, Desk
from trader.leasing import LOST
from trader.seat import Seat
from trader.turn import Walk
from trader.walking import Bell, walked

log = structlog.get_logger()
BATCH = 125  # strategies, of whatever series, that share a write transaction
ROWS = 1_000  # decisions after which a transaction takes no further strategy
HALTED = Why(Code.HALTED, "kill switch: no entries until it is taken back")


class Progress(NamedTuple):
    """What came of a part: the turns that were recorded, and whether nothing is left to decide."""

    turns: list[Turn]
    whole: bool


def take_turn(desk: Desk, bell: Bell) -> list[Turn]:
    """Decide every bar that is not decided yet for all seats of a series; the turns that were recorded."""
    made: list[Turn] = []
    whole = False
    while not whole:
        turns, whole = advance(desk, [bell])
        made += turns
    return made


def advance(desk: Desk, bells: Sequence[Bell], elapsed: Callable[[], int] = still) -> Progress:
    """Decide and record as much of what is due as fits into a part of the lease.

    The rest is for the next call: in between leases are renewed and orders obeyed, however many bars were missed.
    `elapsed` tells the candle time (ms) since the bells rang: an entry that comes too late by now is for the next call,
    which refuses it.
    """
    if not bells:
        return Progress([], whole=True)
    part = walked(desk, bells)
    moment = Moment(clock.now_ms, elapsed)
    made, whole = [], part.whole
    for walks in _batches(part.walks):
        turns, smooth = _recorded(desk, walks, moment)
        made += turns
        whole = whole and smooth
    return Progress(made, whole)


def turn_of(desk: Desk, seat: Seat, steps: tuple[Step, ...]) -> Turn:
    """What this process wants recorded for a seat."""
    return Turn(
        strategy_id=seat.strategy_id,
        run_id=seat.run_id,
        holder=desk.holder,
        epoch=seat.epoch,
        steps=steps,
        brief=desk.settings.retention.decisions == 0,
    )


def act(desk: Desk, turns: Sequence[Turn], moment: Moment) -> dict[str, Outcome]:
    """Record turns in one transaction, and go on from what the database made of each. Where one of them breaks a rule
    of the schema, that one fails and the others are recorded.
    """
    try:
        outcomes = trading.record(desk.db, turns, moment) if turns else {}
    except (Rejected, TypeError, ValueError, ArithmeticError) as error:
        if len(turns) > 1:
            return {one: outcome for turn in turns for one, outcome in act(desk, [turn], moment).items()}
        return {turns[0].strategy_id: _broken(desk, turns[0], error, moment)}
    for turn in turns:
        settle(desk, turn, outcomes[turn.strategy_id])
    return outcomes


def settle(desk: Desk, turn: Turn, outcome: Outcome) -> None:
    """Go on from what the database made of a turn."""
    one = turn.strategy_id
    if outcome is Outcome.RECORDED:
        _tell(turn, desk.seats[one])
        desk.seats[one] = desk.seats[one].advanced(turn)
        if not turn.steps[-1].late:
            desk.trust(one)
    elif outcome is Outcome.ALREADY:
        desk.reseat(one)
    elif outcome is Outcome.LEASE_LOST:
        desk.drop(one, "fenced", f"its write was refused: {LOST}")
    elif outcome is Outcome.RUN_ENDED:
        desk.let_go({one}, f"its write was refused: {OTHER_RUN}")


def _batches(walks: Sequence[Walk]) -> Iterator[list[Walk]]:
    """What shares a transaction, in the order of the ids."""
    batch: list[Walk] = []
    for walk in sorted(walks, key=lambda each: each.seat.strategy_id):
        batch.append(walk)
        if len(batch) >= BATCH or sum(len(each.steps) for each in batch) >= ROWS:
            yield batch
            batch = []
    if batch:
        yield batch


def _recorded(desk: Desk, walks: Sequence[Walk], moment: Moment) -> Progress:
    """Record what some have decided, once more without entries where the fleet is halted; then what raised."""
    turns = {one.seat.strategy_id: turn_of(desk, one.seat, tuple(one.steps)) for one in walks if one.steps}
    outcomes = act(desk, list(turns.values()), moment)
    for walk in walks:
        if outcomes.get(walk.seat.strategy_id) is Outcome.HALTED:
            walk.refuse_entry(HALTED)
            turns[walk.seat.strategy_id] = turn_of(desk, walk.seat, tuple(walk.steps))
    halted = [turn for one, turn in turns.items() if outcomes[one] is Outcome.HALTED]
    outcomes |= act(desk, halted, moment)
    made = [turn for one, turn in turns.items() if outcomes[one] is Outcome.RECORDED]
    raised = [(one, walk.failure) for walk in walks if walk.failure and _ours(one := walk.seat.strategy_id, outcomes)]
    for strategy_id, (step, error) in raised:
        _failed(desk, strategy_id, step, error, moment)
    return Progress(made, not raised and not halted and len(made) == len(turns))


def _ours(strategy_id: str, outcomes: Mapping[str, Outcome]) -> bool:
    """Whether what comes before the bar on which a strategy raised, if anything, is recorded."""
    return outcomes.get(strategy_id, Outcome.RECORDED) is Outcome.RECORDED


def _broken(desk: Desk, turn: Turn, error: Exception, moment: Moment) -> Outcome:
    """A turn breaks a rule of the schema: what comes before the bar that does is recorded, and that bar fails."""
    if len(turn.steps) > 1:
        return _one_by_one(desk, turn, moment)
    (step,), seat, why = turn.steps, desk.seats[turn.strategy_id], f"{type(error).__name__}: {error}"
    verdict = failed(step.verdict, seat.state, why)
    entered, without = step.verdict.action is Action.ENTER, seat.state.ledger
    equity = without.equity(step.bar.close, seat.settings.terms.cent) if entered else step.equity
    _failed(desk, turn.strategy_id, replace(step, verdict=verdict, equity=equity), why, moment)
    trace = "".join(traceback.format_exception(error))
    log.error("turn_broken", strategy_id=turn.strategy_id, epoch=turn.epoch, exception=trace)
    return Outcome.BROKEN


def _one_by_one(desk: Desk, turn: Turn, moment: Moment) -> Outcome:
    """Record each step by itself, as far as it goes."""
    outcome = Outcome.RECORDED
    for step in turn.steps:
        outcome = act(desk, [replace(turn, steps=(step,))], moment)[turn.strategy_id]
        if outcome is not Outcome.RECORDED:
            break
    return outcome


def _failed(desk: Desk, strategy_id: str, step: Step, error: str, moment: Moment) -> None:
    """Record what is left of a bar on which a strategy raised; it is disabled after too many times in a row."""
    seat, limit = desk.seats[strategy_id], desk.settings.supervision.max_failures
    turn = turn_of(desk, seat, (step,))
    try:
        outcome = trading.fail(desk.db, turn, trading.Failure(error, limit), moment)
    except (Rejected, ValueError):  # an exit breaks a rule of the schema: without it nothing does
        nothing = Verdict(action=Action.FAILED, code=Code.RAISED, reason=error, state=seat.state)
        turn = turn_of(desk, seat, (replace(step, verdict=nothing, equity=None),))
        outcome = trading.fail(desk.db, turn, trading.Failure(error, limit), moment)
    if outcome is Outcome.DISABLED:
        _tell(turn, seat)
        log.error("strategy_disabled", strategy_id=strategy_id, epoch=seat.epoch, failures=limit, error=error)
        desk.let_go({strategy_id}, "disabled")
    elif outcome is Outcome.RECORDED:
        _tell(turn, seat)
        desk.reseat(strategy_id)
    else:
        settle(desk, turn, outcome)


def context(turn: Turn, series: Series) -> dict[str, object]:
    """What every line of the log about a turn names: strategy, series, and under which right."""
    return {"strategy_id": turn.strategy_id, "series": str(series), "holder": turn.holder, "epoch": turn.epoch}


def _tell(turn: Turn, seat: Seat) -> None:
    """One line for every fill."""
    for step in turn.steps:
        fill = step.verdict.fill
        if fill is not None:
            log.info(
                "trade",
                **context(turn, seat.settings.series),
                timestamp=fill.timestamp,
                side=fill.side.value,
                price=str(fill.price),
                qty=str(fill.qty),
                pnl=None if fill.pnl is None else str(fill.pnl),
                reason=step.verdict.reason,
            )
