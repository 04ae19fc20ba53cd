"""What the faults make of one request."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

import numpy as np

from exchange.simulated.bars import Frame, Rows
from exchange.simulated.dialect import Call
from exchange.simulated.disturbances import DISTURBANCES, Disturbance
from exchange.simulated.faults import Active, Faults
from exchange.simulated.listings import Listing
from exchange.simulated.spoilage import ANSWERS, WHOLE, Spoil, Spoiler, chosen

SKEW = 60.0  # seconds


@dataclass(slots=True)
class Plan:
    """The faults that touch one request. The requests that spoilt candles are counted once, by `settle`."""

    disturbance: Disturbance | None
    skew_ms: int
    hidden: frozenset[str]
    everything_hidden: bool
    spoilers: tuple[Active, ...]
    touched: set[int] = field(default_factory=set)

    def hides(self, symbol: str) -> bool:
        """Whether a market has vanished."""
        return self.everything_hidden or symbol in self.hidden

    def change(self, listing: Listing, frame: Frame, rows: Rows, now_ms: int) -> Rows:
        """Whole bars as the exchange believes them to be."""
        return self._spoil(WHOLE, rows, (listing, frame, now_ms))

    def mangle(self, listing: Listing, frame: Frame, rows: Rows, now_ms: int) -> Rows:
        """Bars as they leave the exchange."""
        return self._spoil(ANSWERS, rows, (listing, frame, now_ms))

    def settle(self) -> None:
        """The request is answered: count it for the faults that spoilt a candle of it."""
        for active in self.spoilers:
            active.hits += active.number in self.touched

    def _spoil(self, table: Mapping[str, Spoiler], rows: Rows, about: tuple[Listing, Frame, int]) -> Rows:
        listing, frame, now_ms = about
        for active in self.spoilers:
            told = active.fault
            if told.name in table:
                mask = chosen(rows, told.first, told.last, told.share, active.seed)
                spoil = Spoil(frame, now_ms, listing.price_decimals, told.amount, told.word)
                spoilt = table[told.name](rows, mask, spoil)
                if not np.array_equal(spoilt, rows, equal_nan=True):
                    self.touched.add(active.number)
                rows = spoilt
        return rows


def plan(faults: Faults, exchange: str, call: Call) -> Plan:
    """Look up what touches a request. Disturbances that strike are counted here, at most one per request."""
    struck = next((active for active in faults.concerning(exchange, call, DISTURBANCES) if active.strikes()), None)
    vanished = [told.symbol for told in faults.states(exchange, "vanished")]
    skews = (SKEW if told.amount is None else told.amount for told in faults.states(exchange, "skewed"))
    return Plan(
        disturbance=None if struck is None else DISTURBANCES[struck.fault.name](struck.fault.amount),
        skew_ms=round(sum(skews) * 1000),
        hidden=frozenset(symbol for symbol in vanished if symbol),
        everything_hidden=None in vanished,
        spoilers=tuple(_spoilers(faults, exchange, call)),
    )


def _spoilers(faults: Faults, exchange: str, call: Call) -> Iterator[Active]:
    if call.timeframe is not None:
        yield from faults.concerning(exchange, call, {**WHOLE, **ANSWERS})
