"""What the faults make of one request."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace

import numpy as np

from exchange.simulated.bars import Frame, Rows
from exchange.simulated.dialect import Call
from exchange.simulated.disturbances import DISTURBANCES, Disturbance
from exchange.simulated.faults import Active, Fault, Faults
from exchange.simulated.listings import Listing
from exchange.simulated.spoilage import ANSWERS, WHOLE, Spoil, Spoiler, chosen
from exchange.simulated.venue import TICKS

SKEW = 60.0  # seconds


class Symbols:
    """Those that some faults of one kind name; a fault that names none means all."""

    def __init__(self, told: Iterable[Fault]) -> None:
        self._named = {each.symbol for each in told}

    def __contains__(self, symbol: object) -> bool:
        return None in self._named or symbol in self._named


@dataclass(slots=True)
class Plan:
    """The faults that touch one request. The requests that spoilt candles are counted once, by `settle`."""

    disturbance: Disturbance | None
    skew_ms: int
    vanished: Symbols
    halted: Symbols
    odd: Mapping[str, str]
    renamed: Mapping[str, Fault]
    spoilers: tuple[Active, ...]
    touched: set[int] = field(default_factory=set)

    def change(self, listing: Listing, frame: Frame, rows: Rows, now_ms: int) -> Rows:
        """Whole bars as the exchange believes them to be."""
        return self._spoil(WHOLE, rows, (listing, frame, now_ms))

    def mangle(self, listing: Listing, frame: Frame, rows: Rows, now_ms: int) -> Rows:
        """Bars as they leave the exchange."""
        return self._spoil(ANSWERS, rows, (listing, frame, now_ms))

    def listing(self, listing: Listing) -> Listing | None:
        """A market as it is listed now, None where it is gone."""
        if listing.symbol in self.vanished:
            return None
        told = self.renamed.get(listing.symbol)
        if told is None or told.word is None:
            return listing
        decimals = listing.amount_decimals if told.amount is None else int(told.amount)
        return replace(listing, symbol=told.word, amount_decimals=decimals)

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
    skews = (SKEW if told.amount is None else told.amount for told in faults.states(exchange, "skewed"))
    return Plan(
        disturbance=None if struck is None else DISTURBANCES[struck.fault.name](struck.fault.amount),
        skew_ms=round(sum(skews) * 1000),
        vanished=Symbols(faults.states(exchange, "vanished")),
        halted=Symbols(faults.states(exchange, "halted")),
        odd={each.symbol or "": each.word or next(iter(TICKS)) for each in faults.states(exchange, "odd")},
        renamed={each.symbol or "": each for each in faults.states(exchange, "renamed")},
        spoilers=tuple(_spoilers(faults, exchange, call)),
    )


def _spoilers(faults: Faults, exchange: str, call: Call) -> Iterator[Active]:
    if call.timeframe is not None:
        yield from faults.concerning(exchange, call, {**WHOLE, **ANSWERS})
