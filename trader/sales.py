"""Sales beside the decisions: what a person has ordered to be sold, and what is held of a market that is gone.

Each takes its place after the bars that are due: an order and a trade on the newest decided bar, and no decision.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial

import structlog

from db import candles, trading
from db.trading import Moment, Outcome
from db.turns import Step
from domain.decide import EXIT, MANUAL
from domain.errors import Rejected, StaleData
from runtime import clock
from trader.acting import context, settle, turn_of
from trader.desk import Desk
from trader.look import newest
from trader.part import part_ms
from trader.seat import Seat
from trader.turn import Conditions, SaleOrder, sale
from trader.walking import Bell

log = structlog.get_logger()


@dataclass(frozen=True, slots=True, kw_only=True)
class Demand:
    """Why something is to be sold; `now_ms` is candle time.

    `control`: the scope of a person's order, which is gone with the sale; None where the market is gone.
    """

    reason: str
    now_ms: int
    control: str | None = None

    @property
    def purpose(self) -> str:
        """What the order of the sale is for."""
        return EXIT if self.control is None else MANUAL


def sell(desk: Desk, seat: Seat, demand: Demand) -> None:
    """Sell what a strategy holds at its newest decided close; nothing happens while bars are due.

    A person's order that finds nothing is gone as well. A sale that the database cannot hold would fail at every look:
    it is given up, and the log says why. Where the series cannot be read, or the market does not take it now, the order
    waits.
    """
    selling = partial(_sell, desk, seat, demand)
    desk.failed_series.attempt(seat.settings.series, f"{seat.strategy_id} cannot be sold", selling)


def _sell(desk: Desk, seat: Seat, demand: Demand) -> None:
    """One try."""
    if _bars_due(desk, seat):
        return
    if seat.state.ledger.qty == 0:
        _give_up(desk, seat, demand, "nothing is held")
    elif step := _worked_out(desk, seat, demand):
        if step.verdict.fill is None and step.verdict.state.holding is not None:
            raise StaleData(step.verdict.reason)
        try:
            _carry_out(desk, seat, demand, step)
        except (Rejected, ValueError) as error:
            desk.unsold[seat.strategy_id] = seat.decided
            log.exception("sale_failed", **_context(desk, seat, demand))
            _give_up(desk, seat, demand, f"{type(error).__name__}: {error}")


def sell_delisted(desk: Desk, gone: Mapping[Bell, str]) -> bool:
    """Sell what is held of series whose markets are gone, with why, unless it is to be kept; whether that was all.

    Like a part of a walk it takes at most a third of the lease: the rest is for the next call.
    """
    until_ms, seats = clock.steady_ms() + part_ms(desk.leasing.length_ms), desk.by_series() if gone else {}
    for bell, reason in gone.items():
        told = desk.settings.exchanges.get(bell.series.exchange)
        if told is not None and told.delisted.then == "hold":
            continue
        for seat in seats.get(bell.series, []):
            if seat.state.holding is None or desk.unsold.get(seat.strategy_id) == seat.decided:
                continue
            sell(desk, seat, Demand(reason=reason, now_ms=bell.now_ms))
            if clock.steady_ms() >= until_ms:
                return False
    return True


def _bars_due(desk: Desk, seat: Seat) -> bool:
    """Whether a bar has come that the strategy has still to decide."""
    return seat.decided is not None and candles.following(desk.db, seat.settings.series, seat.decided) is not None


def _worked_out(desk: Desk, seat: Seat, demand: Demand) -> Step | None:
    """The sale on the newest decided bar; None where the market is not known."""
    series = seat.settings.series
    market, bar = desk.market(series), newest(desk.db, series, seat.decided)
    if market is None or bar is None:
        return None
    conditions = Conditions(fleet_id=desk.fleet_id, market=market, now_ms=demand.now_ms)
    attempt = 1 + trading.attempts(desk.db, seat.strategy_id, bar.timestamp, demand.purpose)
    run_id = trading.opened_under(desk.db, seat.strategy_id, seat.state.round_trips) or seat.run_id
    return sale(seat, bar, conditions, SaleOrder(demand.reason, demand.purpose, attempt, run_id))


def _carry_out(desk: Desk, seat: Seat, demand: Demand, step: Step) -> None:
    """Record the sale and tell of it; what is too little to sell counts as flat."""
    if not _recorded(desk, seat, demand, step):
        return
    fill = step.verdict.fill
    if fill is None:
        log.warning("order_given_up", **_context(desk, seat, demand), reason=step.verdict.reason)
    else:
        told = {"timestamp": fill.timestamp, "price": str(fill.price), "reason": fill.reason}
        log.info("sold", **_context(desk, seat, demand), **told)


def _recorded(desk: Desk, seat: Seat, demand: Demand, *steps: Step) -> bool:
    """Record the sale, or without one that a person's order is gone; go on from what the database made of it."""
    turn = turn_of(desk, seat, steps)
    outcome = trading.sell(desk.db, turn, seat.decided, Moment(clock.now_ms), demand.control)
    if outcome is not Outcome.RECORDED:
        settle(desk, turn, outcome)
        return False
    desk.reseat(seat.strategy_id)
    return True


def _give_up(desk: Desk, seat: Seat, demand: Demand, reason: str) -> None:
    """Nothing is sold, and a person's order is gone."""
    if demand.control is not None and _recorded(desk, seat, demand):
        log.warning("order_given_up", **_context(desk, seat, demand), reason=reason)


def _context(desk: Desk, seat: Seat, demand: Demand) -> dict[str, object]:
    """What every line of the log about a sale names."""
    return {**context(turn_of(desk, seat, ()), seat.settings.series), "purpose": demand.purpose}
