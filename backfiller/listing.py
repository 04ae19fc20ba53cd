"""What an exchange lists: read at start and once a day, kept for traders, asked anew when a market seems to be gone."""

from dataclasses import dataclass, field

from backfiller.supply import Supply
from db import markets
from domain.candles import Series
from domain.errors import NotListed
from runtime.clock import Leaps, now_ms

REFRESH = 86_400_000  # candle milliseconds between two readings


@dataclass
class Listing:
    """The markets of one exchange. `symbols`: those that traders need to know."""

    supply: Supply
    symbols: frozenset[str]
    _read_ms: float | None = None
    _leaps: Leaps = field(default_factory=Leaps)
    _active: frozenset[str] = frozenset()

    def refresh(self, *, now: bool = False) -> None:
        """Read the markets if they are a day old, or `now`; learn the exchange's clock with them.

        Also when the machine's clock has leapt: what the exchange's is ahead of it has changed.
        """
        candle_ms = self.supply.clock.now_ms()
        if self._leaps.leapt():
            self._read_ms = None  # until the exchange has answered
        if not now and self._read_ms is not None and candle_ms - self._read_ms < REFRESH:
            return
        found = self.supply.exchange.markets()
        self._active = frozenset(symbol for symbol, market in found.items() if market.active)
        markets.save(self.supply.db, [found[symbol] for symbol in self.symbols & found.keys()], now_ms())
        self.supply.set_clock()
        self._read_ms = candle_ms

    def require(self, series: Series) -> None:
        """Raise NotListed for a market that the exchange does not list, or no longer trades."""
        if series.symbol not in self._active:
            raise NotListed(f"{series.exchange} does not list {series.symbol}")
