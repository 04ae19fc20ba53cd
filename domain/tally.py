"""What trades and closed round trips brought, as running sums (TRADING.md section 7)."""

from dataclasses import dataclass, replace
from decimal import Decimal
from typing import NamedTuple

from domain.money import ZERO, kept


class Trip(NamedTuple):
    """A closed round trip: net profit in quote currency, the same by its entry's cost, bars from entry to exit."""

    pnl: Decimal
    gain: float
    bars: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Tally:
    """`total_pnl` and `fees` of all trades; the rest below `last_trade_ms` of closed round trips.

    `gains` and `lost` are the sums of what was won and lost, `avg_pnl` the mean with `pnl_squares`, the sum of squared
    deviations from it (Welford 1962), `returns` and `bars` sums. Money in quote currency, moments in Unix milliseconds.
    """

    total_trades: int = 0
    total_pnl: Decimal = ZERO
    fees: Decimal = ZERO
    first_trade_ms: int | None = None
    last_trade_ms: int | None = None
    round_trips: int = 0
    wins: int = 0
    losses: int = 0
    gains: float = 0.0
    lost: float = 0.0
    best_pnl: Decimal | None = None
    worst_pnl: Decimal | None = None
    avg_pnl: float = 0.0
    pnl_squares: float = 0.0
    returns: float = 0.0
    bars: int = 0

    def traded(self, filled_ms: int, fee: Decimal, pnl: Decimal | None) -> "Tally":
        """With one more trade; its fee in quote currency."""
        first, last = self.first_trade_ms, self.last_trade_ms
        return replace(
            self,
            total_trades=self.total_trades + 1,
            total_pnl=kept(self.total_pnl + (pnl or ZERO)),
            fees=kept(self.fees + fee),
            first_trade_ms=filled_ms if first is None else min(first, filled_ms),
            last_trade_ms=filled_ms if last is None else max(last, filled_ms),
        )

    def closed(self, trip: Trip) -> "Tally":
        """With one more round trip."""
        count, pnl = self.round_trips + 1, float(trip.pnl)
        apart = pnl - self.avg_pnl
        mean = self.avg_pnl + apart / count
        won, lost = trip.pnl > 0, trip.pnl < 0
        return replace(
            self,
            round_trips=count,
            wins=self.wins + won,
            losses=self.losses + lost,
            gains=self.gains + (pnl if won else 0.0),
            lost=self.lost - (pnl if lost else 0.0),
            best_pnl=max(self.best_pnl or ZERO, trip.pnl) if won else self.best_pnl,
            worst_pnl=min(self.worst_pnl or ZERO, trip.pnl) if lost else self.worst_pnl,
            avg_pnl=mean,
            pnl_squares=self.pnl_squares + apart * (pnl - mean),
            returns=self.returns + trip.gain,
            bars=self.bars + trip.bars,
        )
