"""The ledger of one strategy: a fold over its executions.

``cash + cost == capital + realised_pnl`` holds to the last digit after every execution: `cost` is the cash that the
held quantity cost, fees included, and a reduction releases ``cost × qty / held`` of it, the last one what is left.
"""

from dataclasses import dataclass
from decimal import Decimal

from domain.executions import Execution
from domain.market import Side
from domain.money import CENT, ZERO, cents, fitting, held, kept, quoted

HUNDRED = Decimal(100)


@dataclass(frozen=True, slots=True)
class Trade:
    """An execution in the ledger: a row of `trades`. `cost`: the cash that a buy has paid, its fee included, and what a
    sale has released of it. `pnl` and `pnl_percent` are net of the fees of both sides, None for a buy.
    """

    execution: Execution
    cost: Decimal
    pnl: Decimal | None = None
    pnl_percent: Decimal | None = None


@dataclass(frozen=True, slots=True)
class Ledger:
    """What a strategy has: `qty` in base currency, the rest in quote currency."""

    qty: Decimal
    cost: Decimal
    cash: Decimal
    realised_pnl: Decimal

    @classmethod
    def opened(cls, capital: Decimal) -> "Ledger":
        """The ledger of a strategy that has not traded."""
        return cls(ZERO, ZERO, capital, ZERO)

    def equity(self, close: float, cent: Decimal = CENT) -> Decimal:
        """Cash and position at the last close, before the fee of selling it, rounded to `cent`."""
        worth = self.qty * quoted(close)
        unit = self.unit(cent, worth)
        return cents(self.cash + cents(worth, unit), unit)

    def unit(self, cent: Decimal, worth: Decimal = ZERO) -> Decimal:
        """To what amounts are rounded where `worth` may join what there is: `cent`, coarser where it has grown so much
        that they would not fit. Where more was paid than there was, more than all of it may have been lost.
        """
        cash = self.cash if self.cash >= 0 else max(-self.cash, -self.realised_pnl)
        return fitting(cent, cash + abs(self.cost) + worth)

    def applied(self, execution: Execution, cent: Decimal = CENT) -> tuple["Ledger", Trade]:
        """The ledger after an execution, and the trade that it is; amounts are rounded to `cent`, coarser where needed.

        The pnl is what cash and cost have gained, so that they add up also where growth makes the cent coarser. A fee
        in another currency than the base counts as cash.
        """
        if execution.order.side is Side.BUY:
            return self._bought(execution, cent)
        worth, fee = execution.price * execution.qty, ZERO if execution.fee_in_base else execution.fee_quote
        unit = self.unit(cent, max(worth, abs(worth - fee)))
        gone = execution.qty + execution.fee if execution.fee_in_base else execution.qty
        left = held(max(self.qty - gone, ZERO))  # what is reported may round to more than there is
        sold = max(gone, ZERO)  # coins that an exchange pays for an order have cost nothing
        released = cents(self.cost * sold / self.qty, unit) if left and self.qty else self.cost
        cash, cost = cents(self.cash + cents(worth, unit) - fee, unit), cents(self.cost - released, unit)
        gained = cash + cost - self.cash - self.cost
        percent = cents(HUNDRED * gained / released) if released else None
        after = Ledger(left, cost, cash, kept(self.realised_pnl + gained))
        return after, Trade(execution, kept(released), kept(gained), percent)

    def _bought(self, execution: Execution, cent: Decimal) -> tuple["Ledger", Trade]:
        """After a buy; a fee in base currency reduces what was received instead of the cash. Where it has cost more
        than there was, what a coarser cent takes from the cash counts as realised.
        """
        worth, fee = execution.price * execution.qty, ZERO if execution.fee_in_base else execution.fee_quote
        unit = self.unit(cent, max(worth + fee - self.cash, -worth - fee, ZERO))
        received = execution.qty - execution.fee if execution.fee_in_base else execution.qty
        paid = cents(cents(worth, unit) + fee, unit)
        cash, cost = cents(self.cash - paid, unit), cents(self.cost + paid, unit)
        realised = kept(self.realised_pnl + cash + cost - self.cash - self.cost)
        qty = held(max(self.qty + received, ZERO))
        return Ledger(qty, cost, cash, realised), Trade(execution, kept(self.cash - cash))
