"""Candles, the series they belong to, and the window of them that a strategy may see."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import IntEnum, StrEnum
from math import isfinite
from typing import NamedTuple

from domain import timeframes

PRICE_LIMIT = 1e15  # quote currency: prices and volumes beyond are typing errors, not markets
VOLUME_LIMIT = 1e18  # base currency: SHIB and PEPE trade 1e13 a day


class Candle(NamedTuple):
    """One closed bar. `timestamp` is its OPEN in whole Unix seconds UTC; prices in quote, volume in base currency."""

    timestamp: int
    open: float
    high: float
    low: float
    close: float
    volume: float


class Source(IntEnum):
    """Where a stored candle comes from; the smaller number beats the larger one when they disagree."""

    EXCHANGE = 0
    IMPORT = 1
    DERIVED = 2


class SeriesState(StrEnum):
    """Why a series stands still or its market is not traded: the code beside the sentence for people.

    `delisted`: its market is gone. `not_listed`: it is missing, or was never there. `halted`: the exchange has stopped
    its trading for a while. `odd_market`: its market is described wrongly. `refused`: the exchange refuses the request.
    `unreachable`: the exchange cannot be asked. `unwanted`: nobody is on it any more. `failed`: an error of ours.
    """

    DELISTED = "delisted"
    NOT_LISTED = "not_listed"
    HALTED = "halted"
    ODD_MARKET = "odd_market"
    REFUSED = "refused"
    UNREACHABLE = "unreachable"
    UNWANTED = "unwanted"
    FAILED = "failed"

    @classmethod
    def _missing_(cls, _value: object) -> "SeriesState":
        """What another release has written costs no series: the sentence beside it says what it is."""
        return cls.FAILED


@dataclass(frozen=True, slots=True, order=True)
class Series:
    """The identity of a candle stream."""

    exchange: str
    symbol: str
    timeframe: str

    def __str__(self) -> str:
        return f"{self.exchange} {self.symbol} {self.timeframe}"

    @property
    def seconds(self) -> int:
        """Length of one bar in seconds."""
        return timeframes.seconds(self.timeframe)


@dataclass(frozen=True, slots=True)
class Window:
    """The last n closed candles of a series, oldest first: all that a strategy may see.

    `flat` holds the timestamps of bars made on reading because nobody traded in them (docs/metrics.md, "Candles").
    `breaks` names the holes that were left: the first timestamp behind each, and what is missing before it.
    """

    series: Series
    candles: tuple[Candle, ...]
    flat: frozenset[int] = frozenset()
    breaks: tuple[tuple[int, str], ...] = ()

    def __len__(self) -> int:
        return len(self.candles)

    @property
    def last(self) -> Candle:
        """The newest candle."""
        return self.candles[-1]

    @property
    def closed_at(self) -> int:
        """When the newest candle closed, Unix seconds."""
        return self.last.timestamp + self.series.seconds

    def ending(self, index: int, size: int) -> "Window":
        """The `size` bars that end with the one at `index`: the window as it was seen when that bar closed."""
        candles = self.candles[max(0, index + 1 - size) : index + 1]
        if not self.flat and not self.breaks:
            return Window(self.series, candles)
        first, last = candles[0].timestamp, candles[-1].timestamp
        flat = frozenset(timestamp for timestamp in self.flat if first <= timestamp <= last)
        breaks = tuple((timestamp, text) for timestamp, text in self.breaks if first < timestamp <= last)
        return Window(self.series, candles, flat, breaks)

    def broken(self, warmup: int) -> str | None:
        """The newest hole within the last `warmup` bars, in words; None where the window is sound."""
        if not self.breaks or not self.candles:
            return None
        oldest = self.candles[-min(warmup, len(self))].timestamp
        return next(
            (text for timestamp, text in reversed(self.breaks) if oldest < timestamp <= self.last.timestamp), None
        )


def fault(candle: Sequence[float], seconds: int) -> str | None:
    """Why these six numbers are not a candle of bars `seconds` long, None when they are one."""
    if len(candle) != 6 or any(value is None for value in candle):
        return "incomplete row"
    timestamp, open_, high, low, close, volume = candle
    if not all(isfinite(value) for value in candle):
        return "not a number"
    if timestamp != int(timestamp) or not timeframes.aligned(int(timestamp), seconds):
        return f"timestamp {timestamp} is not the open of a bar of {seconds} s"
    if not 0 < low <= min(open_, close) <= max(open_, close) <= high < PRICE_LIMIT:
        return _misplaced(open_, high, low, close)
    if not 0 <= volume < VOLUME_LIMIT:
        return f"volume {volume}" if volume < 0 else f"volume {volume:g}: {VOLUME_LIMIT:g} and more are not stored"
    return None


def _misplaced(open_: float, high: float, low: float, close: float) -> str:
    """Why these are not the prices of a bar."""
    if (highest := max(open_, high, low, close)) >= PRICE_LIMIT:
        return f"price {highest:g}: {PRICE_LIMIT:g} and more are not stored"
    return f"prices out of order: open {open_}, high {high}, low {low}, close {close}"


def flat_bar(timestamp: int, close: float) -> Candle:
    """The bar of a period in which nobody traded, at the close before it."""
    return Candle(timestamp, close, close, close, close, 0.0)
