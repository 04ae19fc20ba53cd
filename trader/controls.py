"""What a trader does when a person has changed the controls: within one look at the file, whatever the timeframe."""

from collections.abc import Mapping, Set

from db.fleet import controls
from db.fleet.controls import Control, Level
from domain.codes import Code, Why
from trader.assignments import Assignments
from trader.sales import SaleRequest, sell

BARS = {Level.PAUSE: Code.PAUSED, Level.STOP: Code.STOPPED}


def apply_controls(assignments: Assignments, now_ms: int) -> None:
    """Bar entries, sell what is to be sold now, and let go of what is stopped and flat; `now_ms` is candle time.

    An order to sell takes its place after the bars that are due: it waits until they are decided, so that it is looked
    at again after a turn.
    """
    found = controls.load(assignments.db)
    orders = _orders(assignments)
    assignments.barred, assignments.stopped, assignments.selling = barred(found), stopped(found), orders.keys()
    for strategy_id in orders.keys() & assignments.active.keys():
        demand = SaleRequest(reason=orders[strategy_id].reason, now_ms=now_ms, ordered=True)
        sell(assignments, assignments.active[strategy_id], demand)
    if orders:
        assignments.selling = _orders(assignments).keys()
    assignments.reload_all(sorted(assignments.active.disabled))  # somebody may have started them again
    _let_go_of_flat(assignments, assignments.stopped | assignments.draining.keys() | assignments.active.disabled)


def _let_go_of_flat(assignments: Assignments, leaving: Set[str]) -> None:
    """Give back those of our strategies that have nothing left to do."""
    mine = leaving & assignments.active.keys()
    assignments.let_go({each for each in mine if assignments.active[each].position.holding is None})


def _orders(assignments: Assignments) -> dict[str, Control]:
    """The orders to sell that stand, by strategy."""
    found = controls.exit_orders(assignments.db)
    return {each: order for each, order in found.items() if each in assignments.wanted}


def barred(found: Mapping[str, Control]) -> dict[str, Why]:
    """The strategies that may not enter, with the reason."""
    return {each: Why(BARS[control.level], control.text) for each, control in found.items() if control.level in BARS}


def stopped(found: Mapping[str, Control]) -> frozenset[str]:
    """The strategies that are to be released once they are flat."""
    return frozenset(scope for scope, control in found.items() if control.level is Level.STOP)
