"""What an open position remembers."""

from dataclasses import dataclass, replace
from decimal import Decimal

from domain.codes import Why
from domain.money import quoted


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
        price = quoted(high)
        return replace(self, high_water=price) if price > self.high_water else self

    def waiting(self, why: Why) -> "Holding":
        """The same holding with an exit that cannot fill yet."""
        return replace(self, due=why)
