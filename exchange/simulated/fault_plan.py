"""What the faults make of one request."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace

import numpy as np

from exchange.simulated.bars import Frame, Rows
from exchange.simulated.candle_faults import ANSWER_FAULTS, BAR_FAULTS, CandleFault, FaultContext, chosen
from exchange.simulated.dialect import Call
from exchange.simulated.disturbances import DISTURBANCES, Disturbance
from exchange.simulated.faults import Active, Fault, Faults
from exchange.simulated.listings import Listing
from exchange.simulated.venue import TICKS

SKEW = 60.0  # seconds


class Symbols:
    """Those that some faults of one kind name; a fault that names none means all."""

    def __init__(self, faults: Iterable[Fault]) -> None:
        self._named = {each.symbol for each in faults}

    def __contains__(self, symbol: object) -> bool:
        return None in self._named or symbol in self._named


@dataclass(slots=True)
class FaultPlan:
    """The faults that touch one request; `count_hits` counts it once for each that has changed a candle of it."""

    disturbance: Disturbance | None
    skew_ms: int
    vanished: Symbols
    halted: Symbols
    odd: Mapping[str, str]
    renamed: Mapping[str, Fault]
    candle_faults: tuple[Active, ...]
    touched: set[int] = field(default_factory=set)

    def change(self, listing: Listing, frame: Frame, rows: Rows, now_ms: int) -> Rows:
        """Whole bars as the exchange believes them to be."""
        return self._apply(BAR_FAULTS, rows, (listing, frame, now_ms))

    def mangle(self, listing: Listing, frame: Frame, rows: Rows, now_ms: int) -> Rows:
        """Bars as they leave the exchange."""
        return self._apply(ANSWER_FAULTS, rows, (listing, frame, now_ms))

    def listing(self, listing: Listing) -> Listing | None:
        """A market as it is listed now, None where it is gone."""
        if listing.symbol in self.vanished:
            return None
        fault = self.renamed.get(listing.symbol)
        if fault is None or fault.word is None:
            return listing
        decimals = listing.amount_decimals if fault.amount is None else int(fault.amount)
        return replace(listing, symbol=fault.word, amount_decimals=decimals)

    def count_hits(self) -> None:
        """The request is answered: count it for the faults that changed a candle of it."""
        for active in self.candle_faults:
            active.hits += active.number in self.touched

    def _apply(self, table: Mapping[str, CandleFault], rows: Rows, about: tuple[Listing, Frame, int]) -> Rows:
        listing, frame, now_ms = about
        for active in self.candle_faults:
            fault = active.fault
            if fault.name in table:
                mask = chosen(rows, fault.first, fault.last, fault.share, active.seed)
                context = FaultContext(frame, now_ms, listing.price_decimals, fault.amount, fault.word)
                changed = table[fault.name](rows, mask, context)
                if not np.array_equal(changed, rows, equal_nan=True):
                    self.touched.add(active.number)
                rows = changed
        return rows


def fault_plan(faults: Faults, exchange: str, call: Call) -> FaultPlan:
    """Look up what touches a request. Disturbances that strike are counted here, at most one per request."""
    struck = next((active for active in faults.concerning(exchange, call, DISTURBANCES) if active.strikes()), None)
    skews = (SKEW if fault.amount is None else fault.amount for fault in faults.states(exchange, "skewed"))
    return FaultPlan(
        disturbance=None if struck is None else DISTURBANCES[struck.fault.name](struck.fault.amount),
        skew_ms=round(sum(skews) * 1000),
        vanished=Symbols(faults.states(exchange, "vanished")),
        halted=Symbols(faults.states(exchange, "halted")),
        odd={each.symbol or "": each.word or next(iter(TICKS)) for each in faults.states(exchange, "odd")},
        renamed={each.symbol or "": each for each in faults.states(exchange, "renamed")},
        candle_faults=tuple(_candle_faults(faults, exchange, call)),
    )


def _candle_faults(faults: Faults, exchange: str, call: Call) -> Iterator[Active]:
    if call.timeframe is not None:
        yield from faults.concerning(exchange, call, {**BAR_FAULTS, **ANSWER_FAULTS})
