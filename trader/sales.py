"""Sales beside the decisions: what a person has ordered to be sold, and what is held of a market that is gone.

Each takes its place after the bars that are due: an order and a trade on the newest decided bar, and no decision.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial

import structlog

from db.market_data import candles
from db.trading import recording
from db.trading.recording import Clocks
from domain.decide import EXIT, MANUAL
from domain.errors import Rejected, StaleData
from domain.turns import Outcome, Step
from runtime import clock
from trader.active_strategy import ActiveStrategy
from trader.assignments import Assignments
from trader.deciding import SeriesAdvance
from trader.strategy_turn import Conditions, SaleOrder, sale
from trader.time_slice import part_ms
from trader.turn import context, settle, turn_of
from trader.undecided import newest

log = structlog.get_logger()


@dataclass(frozen=True, slots=True, kw_only=True)
class SaleRequest:
    """Why something is to be sold; `now_ms` is candle time.

    `ordered`: a person has, whose order is gone with the sale; else the market is gone.
    """

    reason: str
    now_ms: int
    ordered: bool = False

    @property
    def purpose(self) -> str:
        """What the order of the sale is for."""
        return MANUAL if self.ordered else EXIT


def sell(assignments: Assignments, active: ActiveStrategy, demand: SaleRequest) -> None:
    """Sell what a strategy holds at its newest decided close; nothing happens while bars are due.

    A person's order that finds nothing is gone as well. A sale that the database cannot hold would fail at every look:
    it is given up, and the log says why. Where the series cannot be read, or the market does not take it now, the order
    waits.
    """
    selling = partial(_sell, assignments, active, demand)
    assignments.failed_series.attempt(active.settings.series, f"{active.strategy_id} cannot be sold", selling)


def _sell(assignments: Assignments, active: ActiveStrategy, demand: SaleRequest) -> None:
    """One try."""
    if _bars_due(assignments, active):
        return
    if active.position.ledger.qty == 0:
        _give_up(assignments, active, demand, "nothing is held")
    elif step := _worked_out(assignments, active, demand):
        if not step.trades and step.position.holding is not None:
            raise StaleData(step.decision.reason)
        try:
            _carry_out(assignments, active, demand, step)
        except (Rejected, ValueError) as error:
            assignments.unsold[active.strategy_id] = active.decided
            log.exception("sale_failed", **_context(assignments, active, demand))
            _give_up(assignments, active, demand, f"{type(error).__name__}: {error}")


def sell_delisted(assignments: Assignments, gone: Mapping[SeriesAdvance, str]) -> bool:
    """Sell what is held of series whose markets are gone, with why, unless it is to be kept; whether that was all.

    Like a part of a walk it takes at most a third of the lease: the rest is for the next call.
    """
    until_ms = clock.steady_ms() + part_ms(assignments.leasing.length_ms)
    for advance, reason in gone.items():
        exchange = assignments.settings.exchanges.get(advance.series.exchange)
        if exchange is not None and exchange.delisted.then == "hold":
            continue
        for active in list(assignments.active.of(advance.series)):
            if active.position.holding is None or assignments.unsold.get(active.strategy_id) == active.decided:
                continue
            sell(assignments, active, SaleRequest(reason=reason, now_ms=advance.now_ms))
            if clock.steady_ms() >= until_ms:
                return False
    return True


def _bars_due(assignments: Assignments, active: ActiveStrategy) -> bool:
    """Whether a bar has come that the strategy has still to decide."""
    return (
        active.decided is not None
        and candles.following(assignments.db, active.settings.series, active.decided) is not None
    )


def _worked_out(assignments: Assignments, active: ActiveStrategy, demand: SaleRequest) -> Step | None:
    """The sale on the newest decided bar; None where the market is not known."""
    series = active.settings.series
    market, bar = assignments.market(series), newest(assignments.db, series, active.decided)
    if market is None or bar is None:
        return None
    conditions = Conditions(fleet_id=assignments.fleet_id, market=market)
    attempt = 1 + recording.attempts(assignments.db, active.strategy_id, bar.timestamp, demand.purpose)
    run_id = recording.opened_under(assignments.db, active.strategy_id, active.position.round_trips) or active.run_id
    return sale(active, bar, conditions, SaleOrder(demand.reason, demand.purpose, attempt, run_id, demand.now_ms))


def _carry_out(assignments: Assignments, active: ActiveStrategy, demand: SaleRequest, step: Step) -> None:
    """Record the sale and tell of it; what is too little to sell counts as flat."""
    if not _recorded(assignments, active, demand, step):
        return
    if not step.trades:
        log.warning("order_given_up", **_context(assignments, active, demand), reason=step.decision.reason)
    for trade in step.trades:
        figures = {
            "timestamp": trade.execution.order.timestamp,
            "price": str(trade.execution.price),
            "reason": trade.execution.order.reason,
        }
        log.info("sold", **_context(assignments, active, demand), **figures)


def _recorded(assignments: Assignments, active: ActiveStrategy, demand: SaleRequest, *steps: Step) -> bool:
    """Record the sale, or without one that a person's order is gone; go on from what the database made of it."""
    turn = turn_of(assignments, active, steps)
    outcome = recording.sell(assignments.db, turn, active.decided, Clocks(clock.now_ms), ordered=demand.ordered)
    if outcome is not Outcome.RECORDED:
        settle(assignments, turn, outcome)
        return False
    assignments.reload(active.strategy_id)
    return True


def _give_up(assignments: Assignments, active: ActiveStrategy, demand: SaleRequest, reason: str) -> None:
    """Nothing is sold, and a person's order is gone."""
    if demand.ordered and _recorded(assignments, active, demand):
        log.warning("order_given_up", **_context(assignments, active, demand), reason=reason)


def _context(assignments: Assignments, active: ActiveStrategy, demand: SaleRequest) -> dict[str, object]:
    """What every line of the log about a sale names."""
    return {**context(turn_of(assignments, active, ()), active.settings.series), "purpose": demand.purpose}
