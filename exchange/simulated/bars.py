"""Rows of candles as arrays, and the exact making of coarser and of unfinished ones.

Rows have the shape (n, 6): open time in Unix seconds, open, high, low, close (quote currency), volume (base currency);
ascending, without duplicates, holes left out.
"""

from collections.abc import Sequence
from decimal import Decimal
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from domain.timeframes import DAY, UNITS, WEEK_START

Rows = NDArray[np.float64]
OPEN, HIGH, LOW, CLOSE, VOLUME = 1, 2, 3, 4, 5
VOLUME_DECIMALS = 8
EMPTY: Rows = np.empty((0, 6))


class Frame(NamedTuple):
    """A timeframe as one exchange draws it: `name` in unified words, length, and a moment at which a bar opens."""

    name: str
    seconds: int
    anchor: int = 0

    def floor(self, timestamp: int) -> int:
        """The open of the bar that holds `timestamp`."""
        return timestamp - (timestamp - self.anchor) % self.seconds

    def ceil(self, timestamp: int) -> int:
        """The first open at or after `timestamp`."""
        return self.floor(timestamp + self.seconds - 1)


def frame(name: str, *, mondays: bool = True) -> Frame:
    """``frame("1h")``. Weeks start on Mondays, or as the epoch did on Thursdays."""
    seconds = int(name[:-1]) * UNITS[name[-1]]
    return Frame(name, seconds, WEEK_START if mondays and name.endswith("w") else 0)


MINUTE = frame("1m")
DAILY = Frame("1d", DAY)


def between(rows: Rows, first: int, last: int) -> Rows:
    """The rows that open in [first, last]."""
    begin, end = np.searchsorted(rows[:, 0], (first, last + 1))
    return rows[begin:end]


def aggregate(rows: Rows, to: Frame) -> Rows:
    """Coarser bars out of finer ones: first open, highest high, lowest low, last close, summed volume. Exact."""
    if not len(rows):
        return EMPTY
    opens = rows[:, 0] - (rows[:, 0] - to.anchor) % to.seconds
    begins = np.flatnonzero(np.diff(opens, prepend=np.nan) != 0)
    ends = np.append(begins[1:], len(rows)) - 1
    columns = (
        opens[begins],
        rows[begins, OPEN],
        np.maximum.reduceat(rows[:, HIGH], begins),
        np.minimum.reduceat(rows[:, LOW], begins),
        rows[ends, CLOSE],
        np.round(np.add.reduceat(rows[:, VOLUME], begins), VOLUME_DECIMALS),
    )
    return np.column_stack(columns)


def unfinished(row: Sequence[float], part: float, decimals: int) -> list[float]:
    """The bar as it stands when `part` of its time (0 to 1) has passed: the price walks from open towards close."""
    timestamp, open_, high, low, close, volume = row
    price = round(open_ + (close - open_) * part, decimals)
    seen = (open_, price, high, low) if part > 0.5 else (open_, price)
    return [timestamp, open_, max(seen), min(seen), price, round(volume * part, VOLUME_DECIMALS)]


def text(value: float, decimals: int = 0) -> str | None:
    """A number as exchanges write it: without exponent, at least `decimals` places, and not one digit lost.

    NaN is written "NaN"; infinity stands for JSON's null in faulty answers.
    """
    if not np.isfinite(value):
        return "NaN" if np.isnan(value) else None
    short = f"{value:.{decimals}f}"
    return short if float(short) == value else format(Decimal(repr(float(value))), "f")
