"""What a trader does when a person has changed the controls: within one look at the file, whatever the timeframe."""

from collections.abc import Mapping

import structlog

from db import controls, trading
from db.controls import Control, Level
from db.trading import Moment, Outcome
from runtime import clock
from trader.acting import context, settle, turn_of
from trader.desk import Desk
from trader.look import look
from trader.seat import Seat
from trader.turn import Conditions, closing

log = structlog.get_logger()


def obey(desk: Desk, now_ms: int) -> None:
    """Bar entries, sell what is to be sold now, and let go of what is stopped and flat; `now_ms` is candle time."""
    found = controls.load(desk.db)
    orders = {each: order for each in desk.wanted if (order := found.get(controls.exit_scope(each)))}
    desk.barred, desk.stopped, desk.selling = barred(found), stopped(found), orders.keys()
    for strategy_id in orders.keys() & desk.seats.keys():
        _sell(desk, desk.seats[strategy_id], orders[strategy_id], now_ms)
    flat = {each for each, seat in desk.seats.items() if seat.state.holding is None}
    idle = {each for each, seat in desk.seats.items() if not seat.active}
    desk.let_go(flat & (desk.stopped | desk.leaving | idle))


def barred(found: Mapping[str, Control]) -> dict[str, str]:
    """The strategies that may not enter, with the reason in words."""
    return {scope: control.text for scope, control in found.items() if control.level in {Level.PAUSE, Level.STOP}}


def stopped(found: Mapping[str, Control]) -> frozenset[str]:
    """The strategies that are to be released once they are flat."""
    return frozenset(scope for scope, control in found.items() if control.level is Level.STOP)


def _sell(desk: Desk, seat: Seat, order: Control, now_ms: int) -> None:
    """Sell a position at the last close, in the bar that is running now; the order is gone with the sale."""
    market = desk.market(seat.settings.series)
    views = look(desk.db, seat.settings.series, 1, None)
    if market is None or not views:
        return
    conditions = Conditions(fleet_id=desk.fleet_id, market=market, now_ms=now_ms)
    step = closing(seat, views[-1].bar, conditions, f"a person: {order.reason}")
    turn = turn_of(desk, seat, (step,))
    outcome = trading.sell(desk.db, turn, Moment(now_ms, clock.now_ms()))
    if outcome is Outcome.RECORDED:
        desk.reseat(seat.strategy_id)
        log.info("sold_by_order", **context(turn, seat.settings.series), reason=order.reason)
    else:
        settle(desk, turn, outcome)
