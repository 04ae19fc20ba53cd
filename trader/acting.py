"""The turn of all strategies of a desk that are on one series: decided, recorded, and what the database made of it."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import structlog

from db import trading
from db.trading import Moment, Outcome, Step, Turn
from domain.candles import Candle, Series
from domain.decide import Verdict
from domain.errors import Rejected
from domain.gaps import Cause
from domain.strategy import Action
from runtime import clock
from trader.desk import OTHER_RUN, Desk
from trader.leasing import LOST
from trader.look import View, look
from trader.seat import Seat, window_size
from trader.turn import Conditions, closing, walk

log = structlog.get_logger()
BATCH = 50  # strategies of one series that share a write transaction
REMOVED = "removed from the configuration: exits only"
HALTED = "kill switch: no entries until it is taken back"


@dataclass(frozen=True, slots=True, kw_only=True)
class Bell:
    """What rings for a turn: a series has advanced.

    `now_ms` is candle time, `stored_ms` when its newest candle came in. With `upto` the series ends there (replay).
    """

    series: Series
    now_ms: int
    stored_ms: int | None = None
    upto: int | None = None


def take_turn(desk: Desk, bell: Bell) -> list[Turn]:
    """Decide every bar that is not decided yet for all seats of a series; the turns that were recorded."""
    seats = [seat for seat in desk.seats.values() if seat.settings.series == bell.series and seat.active]
    market = desk.market(bell.series)
    if not seats or market is None:
        return []
    known = [seat.decided for seat in seats if seat.decided is not None]
    views = look(desk.db, bell.series, window_size(seats), min(known, default=None), bell.upto)
    if not views and len(known) < len(seats):  # a new one decides the newest bar, as the others have
        views = look(desk.db, bell.series, window_size(seats), None, bell.upto)
    conditions = Conditions(fleet_id=desk.fleet_id, market=market, now_ms=bell.now_ms, stored_ms=bell.stored_ms)
    groups = [seats[start : start + BATCH] for start in range(0, len(seats), BATCH)]
    return [turn for group in groups for turn in _together(desk, group, views, conditions)]


def sell_off(desk: Desk, bell: Bell, state: str) -> list[Turn]:
    """Sell at the last close what is held of a series that was delisted; the turns that were recorded.

    `state` is why the series does not advance. The decision stands on the bar that never came.
    """
    held = [s for s in desk.seats.values() if s.settings.series == bell.series and s.state.holding is not None]
    market = desk.market(bell.series)
    if not held or market is None or not state.startswith(Cause.DELISTED):
        return []
    conditions = Conditions(fleet_id=desk.fleet_id, market=market, now_ms=bell.now_ms)
    last = look(desk.db, bell.series, 1, None)[-1].bar
    turns = [turn_of(desk, seat, (closing(seat, last, conditions, state),)) for seat in held]
    return _recorded(turns, act(desk, turns, bell.now_ms))


def turn_of(desk: Desk, seat: Seat, steps: tuple[Step, ...]) -> Turn:
    """What this process wants recorded for a seat."""
    return Turn(strategy_id=seat.strategy_id, run_id=seat.run_id, holder=desk.holder, epoch=seat.epoch, steps=steps)


def act(desk: Desk, turns: Sequence[Turn], now_ms: int) -> dict[str, Outcome]:
    """Record turns in one transaction, and go on from what the database made of each. Where one of them breaks a rule
    of the schema, that one fails and the others are recorded.
    """
    try:
        outcomes = trading.record(desk.db, turns, Moment(now_ms, clock.now_ms())) if turns else {}
    except (Rejected, TypeError, ValueError) as error:
        if len(turns) > 1:
            return {one: outcome for turn in turns for one, outcome in act(desk, [turn], now_ms).items()}
        log.exception("turn_broken", strategy_id=turns[0].strategy_id, epoch=turns[0].epoch)
        _failed(desk, desk.seats[turns[0].strategy_id], turns[0].steps[0].bar, error, now_ms)
        return {turns[0].strategy_id: Outcome.BROKEN}
    for turn in turns:
        settle(desk, turn, outcomes[turn.strategy_id])
    return outcomes


def settle(desk: Desk, turn: Turn, outcome: Outcome) -> None:
    """Go on from what the database made of a turn."""
    one = turn.strategy_id
    if outcome is Outcome.RECORDED:
        _tell(turn, desk.seats[one])
        desk.seats[one] = desk.seats[one].advanced(turn)
    elif outcome is Outcome.ALREADY:
        desk.reseat(one)
    elif outcome is Outcome.LEASE_LOST:
        desk.drop(one, "fenced", f"its write was refused: {LOST}")
    elif outcome is Outcome.RUN_ENDED:
        desk.let_go({one}, f"its write was refused: {OTHER_RUN}")


def _together(desk: Desk, seats: Sequence[Seat], views: Sequence[View], conditions: Conditions) -> list[Turn]:
    """Decide and record for some seats at once; once more without entries where the fleet is halted."""
    turns = [turn for seat in seats if (turn := decided(desk, seat, views, conditions))]
    outcomes = act(desk, turns, conditions.now_ms)
    halted = [desk.seats[one] for one, outcome in outcomes.items() if outcome is Outcome.HALTED]
    again = _together(desk, halted, views, replace(conditions, halted=HALTED)) if halted else []
    return _recorded(turns, outcomes) + again


def _recorded(turns: Sequence[Turn], outcomes: dict[str, Outcome]) -> list[Turn]:
    return [turn for turn in turns if outcomes[turn.strategy_id] is Outcome.RECORDED]


def decided(desk: Desk, seat: Seat, views: Sequence[View], conditions: Conditions) -> Turn | None:
    """The turn of one seat; None where nothing is to be decided or its strategy raised."""
    due = [view for view in views if _undecided(view, seat.decided)]
    if not due:
        return None
    try:
        gone = REMOVED if seat.strategy_id in desk.leaving else None
        barred = gone or desk.barred.get(seat.strategy_id)
        return turn_of(desk, seat, walk(seat, due, replace(conditions, halted=barred) if barred else conditions))
    except Exception as error:  # a user's strategy may raise anything: it is isolated here, the others go on
        log.exception("strategy_failed", strategy_id=seat.strategy_id, series=str(seat.settings.series))
        _failed(desk, seat, due[0].bar, error, conditions.now_ms)
        return None


def _failed(desk: Desk, seat: Seat, bar: Candle, error: Exception, now_ms: int) -> None:
    """Record that a strategy raised; it is disabled after too many times in a row."""
    text = f"{type(error).__name__}: {error}"
    verdict = Verdict(action=Action.FAILED, reason=text, state=seat.state)
    turn = turn_of(desk, seat, (Step(bar=bar, verdict=verdict, equity=None),))
    limit = desk.settings.supervision.max_failures
    outcome = trading.fail(desk.db, turn, trading.Failure(text, limit), Moment(now_ms, clock.now_ms()))
    if outcome is Outcome.DISABLED:
        log.error("strategy_disabled", strategy_id=seat.strategy_id, epoch=seat.epoch, failures=limit, error=text)
        desk.let_go({seat.strategy_id}, "disabled")
    elif outcome is Outcome.RECORDED:
        desk.reseat(seat.strategy_id)
    else:
        settle(desk, turn, outcome)


def _undecided(view: View, decided: int | None) -> bool:
    """Whether a strategy has still to decide the bar; one that never decided starts with the newest."""
    return view.bar.timestamp > (view.newest.timestamp - 1 if decided is None else decided)


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
