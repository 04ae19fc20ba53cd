"""Look: which bars are to be decided, and the windows that were to be seen when each closed."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from db.database import Database
from db.market_data import candles, windows
from domain.candles import Candle, Series, Window, fault
from domain.errors import StaleData
from strategies.indicators import Indicators

STRETCH = 500  # missed bars that are read at once


class WindowIndicators(NamedTuple):
    """What strategies of one length see of a bar: the window that ends with it, and the indicators that they share."""

    window: Window
    indicators: Indicators

    def require_candles(self) -> None:
        """Raise StaleData where a row of the window is no candle: whatever a strategy made of it is not its fault."""
        for candle in self.window.candles:
            require_candle(self.window.series, candle)


@dataclass(frozen=True, slots=True)
class UndecidedBar:
    """One bar to decide, which each strategy sees in a window of its own length (TRADING.md section 2).

    `stretch` are the bars around it, of whose columns every window is a slice; `place` is where in it the bar stands.
    `newest` is the newest candle there is, at whose close a missed exit can still be filled. `now_ms`: when the bar is
    decided, candle time.
    """

    stretch: Indicators
    place: int
    newest: Candle
    now_ms: int
    _seen: dict[int, WindowIndicators] = field(default_factory=dict)

    @property
    def bar(self) -> Candle:
        """The bar to decide."""
        return self.stretch.window.candles[self.place]

    def seen_by(self, size: int) -> WindowIndicators:
        """The bar in the window of `size` bars that ends with it."""
        found = self._seen.get(size)
        if found is None:
            seen = self.stretch.ending(self.place, size)
            found = self._seen[size] = WindowIndicators(seen.window, seen)
        return found


def require_candle(series: Series, candle: Candle) -> None:
    """Raise StaleData where a stored row is no candle of the series."""
    reason = fault(candle, series.seconds)
    if reason is not None:
        raise StaleData(f"the stored row of {series} at {candle.timestamp} is no candle ({reason})")


def newest(db: Database, series: Series, upto: int | None = None) -> Candle | None:
    """The newest candle that opens at or before `upto`, None where nothing is stored."""
    found = candles.newest(db, series, 1, upto)
    return found[0] if found else None


def undecided_bars(
    db: Database, series: Series, size: int, since: int, upto: int | None = None, now_ms: int | None = None
) -> Iterator[UndecidedBar]:
    """The bars that opened after `since`, oldest first, each with windows of up to `size` bars, however many there are:
    one stretch of candles is in memory at a time. With `upto` the series ends there, as if nothing newer had come yet.

    All are decided at `now_ms`, candle time, beside the newest candle. Without it each is decided as soon as it was
    known, beside nothing newer: at its own close, or where nobody traded in it at that of the next candle.
    Raises StaleData for a row that is no candle.
    """
    last, done = newest(db, series, upto), since
    while last is not None and done < last.timestamp:
        end = min(done + STRETCH * series.seconds, last.timestamp)
        end = max(end, candles.following(db, series, done) or end)  # a hole is known from behind it
        window = windows.window(db, series, size + (end - done) // series.seconds, end, done)
        stretch, known = Indicators(window), _known_with(window) if now_ms is None else [last] * len(window)
        for place, (candle, beside) in enumerate(zip(window.candles, known, strict=True)):
            if candle.timestamp > done:
                require_candle(series, candle)
                closed_ms = (beside.timestamp + series.seconds) * 1000
                yield UndecidedBar(stretch, place, beside, closed_ms if now_ms is None else now_ms)
        done = window.last.timestamp


def _known_with(window: Window) -> Sequence[Candle]:
    """The stored candle by which each bar of a window was known: itself, or the next one where nobody traded."""
    found, following = list[Candle](), window.last
    for candle in reversed(window.candles):
        following = following if candle.timestamp in window.flat else candle
        found.append(following)
    return found[::-1]
