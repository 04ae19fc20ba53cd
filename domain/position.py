"""The position of a strategy: its ledger and what is held, a fold over the executions of its orders."""

from dataclasses import dataclass, replace
from decimal import Decimal

from domain import sizing
from domain.executions import Execution
from domain.exits import opened
from domain.holding import Holding
from domain.ledger import Ledger, Trade
from domain.market import Market, Side
from domain.money import CENT, kept


@dataclass(frozen=True, slots=True, kw_only=True)
class Position:
    """What a strategy has. `holding` is None while it is flat; `round_trips` counts those that were opened so far."""

    ledger: Ledger
    holding: Holding | None = None
    round_trips: int = 0

    def after(self, execution: Execution, market: Market, cent: Decimal = CENT) -> tuple["Position", Trade]:
        """The position after an execution, and the trade that it is; amounts are rounded to `cent` or coarser.

        It is flat again once a sale leaves too little for the market, at its price: that stays in the ledger, and goes
        out with the next exit (TRADING.md section 3).
        """
        ledger, trade = self.ledger.applied(execution, cent)
        order = execution.order
        if order.side is Side.BUY:
            trips = max(self.round_trips, order.round_trip)
            return Position(ledger=ledger, holding=_entered(self.holding, execution, market), round_trips=trips), trade
        flat = sizing.is_flat(ledger.qty, execution.price, market)
        return replace(self, ledger=ledger, holding=None if flat else self.holding), trade


def _entered(holding: Holding | None, execution: Execution, market: Market) -> Holding:
    """What is held after a buy. The entry price of an order that fills in parts is their mean, weighted by quantity;
    its levels follow from that.
    """
    if holding is None:
        return opened(execution.order, execution.price, market)
    before = execution.filled - execution.qty
    price = kept((holding.entry_price * before + execution.price * execution.qty) / execution.filled)
    highest = max(holding.high_water, execution.price)
    return replace(opened(execution.order, price, market), high_water=highest, due=holding.due)
