"""Look: which bars are to be decided, and the window that was to be seen when each closed."""

from collections.abc import Iterator
from dataclasses import dataclass

from db import windows
from db.connection import Database
from domain.candles import Candle, Series, Window
from strategies.indicators import Indicators

WALK = 1_000  # missed bars that are walked in one go


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


def look(db: Database, series: Series, size: int, since: int | None, upto: int | None = None) -> list[View]:
    """The bars that opened after `since`, oldest first, at most 1,000 of them; only the newest where `since` is None.

    Each with its window of `size` bars. With `upto` the series ends there, as if nothing newer had come yet.
    """
    newest = windows.window(db, series, 1, upto)
    if not len(newest) or (since is not None and newest.last.timestamp <= since):
        return []
    start = newest.last.timestamp - series.seconds if since is None else since
    missed = min((newest.last.timestamp - start) // series.seconds, WALK)
    end = start + missed * series.seconds
    window = windows.window(db, series, size + missed, end)
    views = list(_views(window, size, start, newest.last))
    return views if views or end >= newest.last.timestamp else look(db, series, size, end, upto)


def _views(window: Window, size: int, since: int, newest: Candle) -> Iterator[View]:
    """A view for every bar that opened after `since`."""
    for index, candle in enumerate(window.candles):
        if candle.timestamp > since:
            part = window.ending(index, size)
            yield View(part, Indicators(part), newest)
