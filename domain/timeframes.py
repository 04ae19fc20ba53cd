"""Timeframes: how long a bar is, where bars start, and when one is closed."""

import re
from functools import lru_cache

UNITS = {"m": 60, "h": 3_600, "d": 86_400, "w": 604_800}
WEEK_START = 345_600  # Monday 1970-01-05 00:00 UTC: exchanges open their weekly bars on Mondays
NAME = re.compile(r"([1-9]\d{0,3})([mhdw])", re.ASCII)
DAY = UNITS["d"]


HOW = "use a number and m, h, d or w, such as 15m, 1h or 1d"


@lru_cache
def seconds(timeframe: str) -> int:
    """Length of a bar in seconds: ``seconds("15m") == 900``.

    Raises ValueError for anything but a whole number of minutes, hours, days or weeks.
    """
    match = NAME.fullmatch(timeframe)
    if match is None:
        raise ValueError(f"timeframe {timeframe!r}: {HOW}")
    return int(match[1]) * UNITS[match[2]]


def name(length: int) -> str:
    """A length as a timeframe says it, in its longest unit: ``name(3600) == "1h"``; in seconds where none fits."""
    unit = next((each for each in ("w", "d", "h", "m") if length % UNITS[each] == 0), None)
    return f"{length} s" if unit is None else f"{length // UNITS[unit]}{unit}"


def anchor(length: int) -> int:
    """A moment at which a bar of `length` seconds opens: the epoch, or a Monday for whole weeks."""
    return WEEK_START if length % UNITS["w"] == 0 else 0


def aligned(timestamp: int, length: int) -> bool:
    """Whether a bar of `length` seconds opens at `timestamp`."""
    return (timestamp - anchor(length)) % length == 0


def floor(timestamp: int, length: int) -> int:
    """The open of the bar of `length` seconds that holds `timestamp`."""
    return timestamp - (timestamp - anchor(length)) % length


def ceil(timestamp: int, length: int) -> int:
    """The first open of a bar of `length` seconds at or after `timestamp`."""
    return floor(timestamp + length - 1, length)


def last_closed(now_ms: int, length: int, settle: float) -> int:
    """The open of the newest bar that is closed at `now_ms` on the exchange's clock.

    A bar is closed when the clock has passed ``open + length + settle`` (`settle` in seconds; TRADING.md section 2).
    """
    settled = (now_ms - round(settle * 1000) - 1) // 1000
    return floor(settled, length) - length
