"""One simulated exchange at one moment: which markets it lists, and the candles it would answer with."""

from collections.abc import Callable, Container, Iterable, Mapping
from dataclasses import dataclass, field
from typing import NamedTuple, Protocol

import numpy as np

from domain.timeframes import DAY
from exchange.simulated import bars
from exchange.simulated.bars import Frame, Rows
from exchange.simulated.listings import Listing

HOUR = bars.frame("1h")
TICKS = {"zero": "0.00000000", "huge": "1e30", "nan": "NaN", "digits": "0.12345678901234567", "nameless": None}


class CandleSource(Protocol):
    """Where a market's candles come from."""

    @property
    def first(self) -> int:
        """The open of the oldest bar, Unix seconds."""

    @property
    def end(self) -> int:
        """The close of the newest bar, Unix seconds."""

    def finest(self, frame: Frame) -> Frame:
        """What bars of `frame` are made from."""

    def offers(self, frame: Frame) -> bool:
        """Whether bars of `frame` can be had."""

    def bars(self, frame: Frame, first: int, last: int) -> Rows:
        """The whole bars that open in [first, last], also those of the future."""


class SimulatedMarket(NamedTuple):
    """A listing and its candles."""

    listing: Listing
    source: CandleSource


class Day(NamedTuple):
    """The last 24 hours of a market: prices in quote, volume in base currency."""

    open: float
    high: float
    low: float
    last: float
    volume: float
    turnover: float
    trades: int


class Refusal(Exception):
    """The exchange will not answer this: `kind` is one of market, interval, argument, path, busy; `what` in words."""

    def __init__(self, kind: str, what: str) -> None:
        super().__init__(f"{kind}: {what}")
        self.kind = kind
        self.what = what


Change = Callable[[Listing, Frame, Rows, int], Rows]


def unchanged(_listing: Listing, _frame: Frame, rows: Rows, _now_ms: int) -> Rows:
    """Candles as they are."""
    return rows


@dataclass(frozen=True, slots=True)
class Venue:
    """What one exchange knows at `now_ms` of its own clock. `markets` by every name the exchange accepts for them.

    `omits_empty`: a bar in which nobody traded is left out. `halted`: symbols that are listed but not traded, `odd`:
    those that are described wrongly, with the word of TICKS. `change` is what faults do to whole bars, `mangle` to a
    finished answer.
    """

    markets: Mapping[str, SimulatedMarket]
    now_ms: int
    omits_empty: bool = False
    halted: Container[str] = ()
    odd: Mapping[str, str] = field(default_factory=dict)
    change: Change = unchanged
    mangle: Change = unchanged

    @property
    def now(self) -> int:
        """Whole Unix seconds of the exchange's clock."""
        return self.now_ms // 1000

    def market(self, name: str) -> SimulatedMarket:
        """The market that goes by `name` here. Raises Refusal."""
        market = self.markets.get(name)
        if market is None or market.source.first > self.now:
            raise Refusal("market", name)
        return market

    def tick(self, listing: Listing, usual: str | None) -> str | None:
        """The price tick of a market as it is told."""
        return TICKS.get(self.odd.get(listing.symbol, ""), usual) or usual

    def listed(self) -> Iterable[tuple[str, SimulatedMarket]]:
        """Every market that exists by now once, with the name that counts."""
        seen: dict[str, tuple[str, SimulatedMarket]] = {}
        for name, market in self.markets.items():
            if market.source.first > self.now:
                continue
            seen.setdefault(market.listing.symbol, (name, market))
        return seen.values()

    def bars(self, market: SimulatedMarket, frame: Frame, first: int, last: int) -> Rows:
        """The bars that open in [first, last] and not in the future; the current one as it stands now."""
        if not market.source.offers(frame):
            raise Refusal("interval", frame.name)
        current = frame.floor(self.now)
        rows = self.change(
            market.listing, frame, market.source.bars(frame, first, min(last, current - frame.seconds)), self.now_ms
        )
        if first <= current <= last:
            rows = np.concatenate((rows, self._current(market, frame, current)))
        return rows

    def oldest(self, market: SimulatedMarket, frame: Frame, first: int, last: int, limit: int) -> Rows:
        """The first `limit` bars of [first, last], holes not counted."""
        first, last = max(first, frame.floor(market.source.first)), min(last, self.now)
        rows = bars.EMPTY
        while len(rows) < limit and first <= last:
            until = first + (limit - len(rows) - 1) * frame.seconds
            rows = np.concatenate((rows, self.bars(market, frame, first, min(until, last))))
            first = frame.floor(until) + frame.seconds
        return rows

    def newest(self, market: SimulatedMarket, frame: Frame, last: int, limit: int) -> Rows:
        """The last `limit` bars that open at or before `last`, holes not counted."""
        first, last = frame.floor(market.source.first), frame.floor(min(last, self.now, market.source.end))
        rows = bars.EMPTY
        while len(rows) < limit and first <= last:
            since = last - (limit - len(rows) - 1) * frame.seconds
            rows = np.concatenate((self.bars(market, frame, max(since, first), last), rows))
            last = since - frame.seconds
        return rows

    def answer(self, market: SimulatedMarket, frame: Frame, rows: Rows) -> Rows:
        """`rows` as they leave the exchange."""
        return self.mangle(market.listing, frame, rows, self.now_ms)

    def day(self, market: SimulatedMarket) -> Day:
        """The last 24 hours, out of hours where there are some. Raises Refusal for a market without prices yet."""
        frame = HOUR if market.source.offers(HOUR) else bars.DAILY
        rows = self.newest(market, frame, self.now, DAY // frame.seconds)
        if not len(rows):
            raise Refusal("market", market.listing.symbol)
        volume = float(np.sum(rows[:, bars.VOLUME]))
        turnover = float(np.sum(rows[:, bars.VOLUME] * rows[:, bars.CLOSE]))
        return Day(
            float(rows[0, bars.OPEN]),
            float(np.max(rows[:, bars.HIGH])),
            float(np.min(rows[:, bars.LOW])),
            float(rows[-1, bars.CLOSE]),
            round(volume, bars.VOLUME_DECIMALS),
            round(turnover, bars.VOLUME_DECIMALS),
            sum(trades(*row) for row in rows[:, bars.CLOSE :].tolist()),
        )

    def _current(self, market: SimulatedMarket, frame: Frame, opened: int) -> Rows:
        """The unfinished bar: the finer bars of it that are whole, and the part of the one that is running."""
        fine = market.source.finest(frame)
        made = market.source.bars(fine, opened, self.now)
        if not len(made):
            fine, made = frame, market.source.bars(frame, opened, opened)
        if not len(made):
            return bars.EMPTY
        running = made[-1, 0] + fine.seconds > self.now
        if running:
            part = (self.now_ms / 1000 - made[-1, 0]) / fine.seconds
            last = bars.unfinished(made[-1].tolist(), part, market.listing.price_decimals)
            made = np.concatenate((made[:-1], [last]))
        rows = bars.aggregate(made, frame)
        return rows[rows[:, bars.VOLUME] > 0] if self.omits_empty else rows


def trades(close: float, volume: float) -> int:
    """How many trades a bar is said to hold: one per 2,000 of turnover, none without volume."""
    turnover = volume * close
    return 1 + int(turnover / 2000) if 0 < turnover < np.inf else 0
