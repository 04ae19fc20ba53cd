"""What a trader does when a person has changed the controls: within one look at the file, whatever the timeframe."""

from collections.abc import Mapping

import structlog

from db import candles, controls, trading
from db.controls import Control, Level
from db.trading import Moment, Outcome, Step
from domain.decide import MANUAL
from domain.errors import Rejected
from runtime import clock
from trader.acting import context, settle, turn_of
from trader.desk import Desk
from trader.seat import Seat
from trader.turn import Conditions, ordered

log = structlog.get_logger()


def obey(desk: Desk, now_ms: int) -> None:
    """Bar entries, sell what is to be sold now, and let go of what is stopped and flat; `now_ms` is candle time.

    An order to sell takes its place after the bars that are due: it waits until they are decided, so that it is looked
    at again after a turn.
    """
    found = controls.load(desk.db)
    orders = {each: order for each in desk.wanted if (order := found.get(controls.exit_scope(each)))}
    desk.barred, desk.stopped, desk.selling = barred(found), stopped(found), orders.keys()
    for strategy_id in orders.keys() & desk.seats.keys():
        desk.reseat(strategy_id)  # a sale may have been committed unheard
        if strategy_id in desk.seats:
            _sell(desk, desk.seats[strategy_id], orders[strategy_id], now_ms)
    for strategy_id in [each for each, seat in desk.seats.items() if not seat.active]:
        desk.reseat(strategy_id)  # somebody may have started it again
    flat = {each for each, seat in desk.seats.items() if seat.state.holding is None}
    idle = {each for each, seat in desk.seats.items() if not seat.active}
    desk.let_go(flat & (desk.stopped | desk.leaving.keys() | idle))


def barred(found: Mapping[str, Control]) -> dict[str, str]:
    """The strategies that may not enter, with the reason in words."""
    return {scope: control.text for scope, control in found.items() if control.level in {Level.PAUSE, Level.STOP}}


def stopped(found: Mapping[str, Control]) -> frozenset[str]:
    """The strategies that are to be released once they are flat."""
    return frozenset(scope for scope, control in found.items() if control.level is Level.STOP)


def _sell(desk: Desk, seat: Seat, order: Control, now_ms: int) -> None:
    """Sell a position at the newest decided close; the order is gone with the sale, or where nothing is held."""
    series = seat.settings.series
    market, head = desk.market(series), candles.heads(desk.db).get(series)
    if seat.decided is not None and head is not None and head.last_timestamp > seat.decided:
        return
    found = candles.newest(desk.db, series, 1, seat.decided)
    if seat.state.holding is None:
        _record(desk, seat, None, now_ms)
    elif market is not None and found:
        conditions = Conditions(fleet_id=desk.fleet_id, market=market, now_ms=now_ms)
        attempt = 1 + trading.attempts(desk.db, seat.strategy_id, found[0].timestamp, MANUAL)
        _record(desk, seat, ordered(seat, found[0], conditions, order.reason, attempt), now_ms)


def _record(desk: Desk, seat: Seat, sale: Step | None, now_ms: int) -> None:
    """Record the sale, and go on from what the database made of it. One that it cannot hold would fail at every look:
    the order is given up, and the log says why.
    """
    turn = turn_of(desk, seat, () if sale is None else (sale,))
    told = context(turn, seat.settings.series)
    try:
        outcome = trading.sell(desk.db, turn, seat.decided, Moment(now_ms, clock.now_ms))
    except (Rejected, ValueError) as error:
        log.exception("order_given_up", **told, reason=str(error))
        _record(desk, seat, None, now_ms)
        return
    if outcome is not Outcome.RECORDED:
        settle(desk, turn, outcome)
        return
    desk.reseat(seat.strategy_id)
    fill = sale and sale.verdict.fill
    if fill:
        log.info("sold_by_order", **told, timestamp=fill.timestamp, price=str(fill.price), reason=fill.reason)
    else:
        log.warning("order_given_up", **told, reason=sale.verdict.reason if sale else "nothing is held")
