"""The ledger of one strategy: a fold over its fills.

``cash + cost == capital + realised_pnl`` holds to the last digit after every fill: `cost` is the cash that the held
quantity cost, fees included, and a reduction releases ``cost × qty / held`` of it, the last one what is left.
"""

from dataclasses import dataclass, replace
from decimal import Decimal

from domain.codes import Code, Why
from domain.market import Side
from domain.money import CENT, ZERO, cents, fitting, held, kept, quoted

HUNDRED = Decimal(100)


@dataclass(frozen=True, slots=True, kw_only=True)
class Fill:
    """One execution. Prices in quote, `qty` in base currency as the exchange counts it, before fees.

    `fee` is in `fee_currency`, `fee_quote` the same in quote currency; `fee_in_base` tells which of them it is.
    `slippage` is what was lost against the decided price, in quote currency. `timestamp` is the open of the bar in
    which it filled, `filled_ms` the moment. `late`: decided after downtime. `pnl` and `pnl_percent` are None on fills
    that open, and on fills that reduce the position they are net of the fees of both sides; `cost` is what a buy has
    paid, its fee included, and what a sale has released of it.
    """

    client_order_id: str
    side: Side
    purpose: str
    code: Code
    reason: str
    price: Decimal
    qty: Decimal
    fee: Decimal
    fee_currency: str
    fee_quote: Decimal
    fee_in_base: bool
    slippage: Decimal
    timestamp: int
    filled_ms: int
    round_trip: int
    entry_run_id: str
    late: bool = False
    cost: Decimal | None = None
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
        that they would not fit.
        """
        return fitting(cent, self.cash + self.cost + worth)

    def applied(self, fill: Fill, cent: Decimal = CENT) -> tuple["Ledger", Fill]:
        """The ledger after the fill, and the fill with its pnl; amounts are rounded to `cent`, coarser where needed.

        The pnl is what cash and cost have gained, so that they add up also where growth makes the cent coarser.
        """
        worth = fill.price * fill.qty
        unit = self.unit(cent, ZERO if fill.side is Side.BUY else worth)
        gross = cents(worth, unit)
        if fill.side is Side.BUY:
            bought = self._bought(fill, gross, unit)
            return bought, replace(fill, cost=kept(self.cash - bought.cash))
        released = self.cost if fill.qty == self.qty else cents(self.cost * fill.qty / self.qty, unit)
        cash, cost = cents(self.cash + gross - fill.fee_quote, unit), cents(self.cost - released, unit)
        gained = cash + cost - self.cash - self.cost
        percent = cents(HUNDRED * gained / released) if released else None
        after = Ledger(self.qty - fill.qty, cost, cash, kept(self.realised_pnl + gained))
        return after, replace(fill, cost=kept(released), pnl=kept(gained), pnl_percent=percent)

    def _bought(self, fill: Fill, gross: Decimal, unit: Decimal) -> "Ledger":
        """The ledger after a buy; a fee in base currency reduces what was received instead of the cash."""
        received = fill.qty - fill.fee if fill.fee_in_base else fill.qty
        paid = gross if fill.fee_in_base else cents(gross + fill.fee_quote, unit)
        return Ledger(held(self.qty + received), self.cost + paid, self.cash - paid, self.realised_pnl)


@dataclass(frozen=True, slots=True, kw_only=True)
class Holding:
    """What an open position remembers; all of it can be rebuilt from candles and trades.

    Prices in quote currency. `trailing` is the distance of the trailing stop, fixed at entry; `high_water` the highest
    price since the entry, from which the stop of the next bar follows. `due`: an exit that was decided and could not
    fill yet, because nobody traded in that bar or it was missed; the first reason wins.
    """

    entry_timestamp: int
    entry_price: Decimal
    run_id: str
    round_trip: int
    stop: Decimal | None = None
    target: Decimal | None = None
    trailing: Decimal | None = None
    high_water: Decimal
    due: Why | None = None

    def stop_level(self) -> Decimal | None:
        """Where the position is sold to limit the loss: the higher of the fixed and the trailing stop."""
        levels = [self.stop, None if self.trailing is None else self.high_water - self.trailing]
        return max((level for level in levels if level is not None), default=None)

    def seen(self, high: float) -> "Holding":
        """The same holding after a bar with this high."""
        return replace(self, high_water=max(self.high_water, quoted(high)))
