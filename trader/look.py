"""Look: which bars are to be decided, and the window that was to be seen when each closed."""

from collections.abc import Iterator
from dataclasses import dataclass

from db import candles, windows
from db.connection import Database
from domain.candles import Candle, Series, Window, fault
from domain.errors import StaleData
from strategies.indicators import Indicators

STRETCH = 500  # missed bars that are read at once


@dataclass(frozen=True, slots=True)
class View:
    """One bar to decide: the window that ends with it, and its indicators, shared by all strategies of the series.

    `newest` is the newest candle there is, at whose close a missed exit can still be filled.
    """

    window: Window
    indicators: Indicators
    newest: Candle

    @property
    def bar(self) -> Candle:
        """The bar to decide."""
        return self.window.last

    def require_candles(self) -> None:
        """Raise StaleData where a row of the window is no candle: whatever a strategy made of it is not its fault."""
        for candle in self.window.candles:
            require_candle(self.window.series, candle)


def require_candle(series: Series, candle: Candle) -> None:
    """Raise StaleData where a stored row is no candle of the series."""
    reason = fault(candle, series.seconds)
    if reason is not None:
        raise StaleData(f"the stored row of {series} at {candle.timestamp} is no candle ({reason})")


def newest(db: Database, series: Series, upto: int | None = None) -> Candle | None:
    """The newest candle that opens at or before `upto`, None where nothing is stored."""
    found = candles.newest(db, series, 1, upto)
    return found[0] if found else None


def look(db: Database, series: Series, size: int, since: int, upto: int | None = None) -> Iterator[View]:
    """The bars that opened after `since`, oldest first, each with its window of `size` bars, however many there are:
    one view is in memory at a time, and one stretch of candles. With `upto` the series ends there, as if nothing newer
    had come yet. Raises StaleData for a row that is no candle.
    """
    last, done = newest(db, series, upto), since
    while last is not None and done < last.timestamp:
        end = min(done + STRETCH * series.seconds, last.timestamp)
        end = max(end, candles.following(db, series, done) or end)  # a hole is known from behind it
        window = windows.window(db, series, size + (end - done) // series.seconds, end)
        for index, candle in enumerate(window.candles):
            if candle.timestamp > done:
                require_candle(series, candle)
                part = window.ending(index, size)
                yield View(part, Indicators(part), last)
        done = window.last.timestamp
