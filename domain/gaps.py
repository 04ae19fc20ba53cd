"""Gaps: candles that should exist and do not, with the cause once it is known; and windows made whole around them."""

from collections.abc import Iterable, Sequence
from enum import StrEnum
from itertools import pairwise
from typing import NamedTuple

from domain.candles import Candle, Series, Window, flat_bar


class Cause(StrEnum):
    """Why bars are missing (TRADING.md section 2)."""

    NOT_FETCHED = "not_fetched"
    NO_TRADES = "no_trades"
    OUTAGE = "outage"
    NOT_OFFERED = "not_offered"
    BEFORE_LISTING = "before_listing"
    DELISTED = "delisted"
    REJECTED = "rejected"

    @classmethod
    def _missing_(cls, _value: object) -> "Cause":
        """What another release has found out explains nothing here."""
        return cls.NOT_FETCHED


ENTRY_BLOCKING = (Cause.NOT_FETCHED, Cause.OUTAGE, Cause.REJECTED)


class Gap(NamedTuple):
    """A range of missing bars; both ends are opens of missing bars, Unix seconds."""

    first_timestamp: int
    last_timestamp: int
    cause: Cause

    def bars(self, length: int) -> int:
        """How many bars of `length` seconds are missing."""
        return (self.last_timestamp - self.first_timestamp) // length + 1


def holes(timestamps: Sequence[int], length: int) -> list[tuple[int, int]]:
    """First and last missing open of every hole between ascending `timestamps`."""
    return [(a + length, b - length) for a, b in pairwise(timestamps) if b - a > length]


def assemble(
    series: Series, candles: Sequence[Candle], gaps: Iterable[Gap], size: int, since: int | None = None
) -> Window:
    """The last `size` bars of `candles` (ascending) as a window; every hole in it is closed or named.

    Bars proven to be without trades enter flat at the close before them. A hole that may be mended or was an outage
    becomes a break of the window, which blocks entries while a strategy's warm-up reaches over it. Across any other
    hole the past is not to be had: the window starts after it. With `since` it ends before it, where there are bars
    before it that opened after `since`: they are to be seen first.
    """
    if candles and candles[-1].timestamp - candles[0].timestamp == (len(candles) - 1) * series.seconds:
        return Window(series, tuple(candles[-size:]))
    known = list(gaps)
    bars: list[Candle] = []
    flat: set[int] = set()
    breaks: list[tuple[int, str]] = []
    for candle in candles:
        missing = range(bars[-1].timestamp + series.seconds, candle.timestamp, series.seconds) if bars else range(0)
        cause = _worst(known, missing)
        if cause is Cause.NO_TRADES:
            flat.update(missing)
            bars.extend(flat_bar(timestamp, bars[-1].close) for timestamp in missing)
        elif cause in ENTRY_BLOCKING:
            breaks.append((candle.timestamp, f"{cause} from {missing[0]} to {missing[-1]}"))
        elif cause is not None and since is not None and bars[-1].timestamp > since:
            break
        elif cause is not None:
            bars, breaks = [], []
        bars.append(candle)
    return Window(series, tuple(bars[-size:]), frozenset(flat), tuple(breaks))


def _worst(gaps: Iterable[Gap], missing: range) -> Cause | None:
    """The cause that decides about a hole: what blocks entries first, no trades last; None where nothing is missing.

    Bars that no range of `gaps` explains count as not fetched.
    """
    if not missing:
        return None
    touching = [gap for gap in gaps if gap.first_timestamp <= missing[-1] and gap.last_timestamp >= missing[0]]
    explained = {t for gap in touching for t in range(gap.first_timestamp, gap.last_timestamp + 1, missing.step)}
    causes = {gap.cause for gap in touching} | (set() if explained.issuperset(missing) else {Cause.NOT_FETCHED})
    return min(causes, key=lambda cause: (cause is Cause.NO_TRADES, cause not in ENTRY_BLOCKING, cause))
