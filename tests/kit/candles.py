"""Candles: made by number and close, or out of recorded files; and windows of them."""

import csv
import gzip
import math
from collections.abc import Iterable
from pathlib import Path

from domain.candles import Candle, Series, Window
from tests.kit.series import HOUR, HOURLY, START


def bar(
    number: int,
    close: float = 100.0,
    *,
    open_: float | None = None,
    high: float | None = None,
    low: float | None = None,
    spread: float = 0.5,
    volume: float = 5.0,
    length: int = HOUR,
    start: int = START,
) -> Candle:
    """The bar that opens `number` bars of `length` seconds after `start`. Unless told otherwise it opens at its
    close and reaches `spread` beyond.
    """
    open_ = close if open_ is None else open_
    highest = max(open_, close) + spread if high is None else high
    lowest = min(open_, close) - spread if low is None else low
    return Candle(start + number * length, open_, highest, lowest, close, volume)


def bars(*numbers: int, close: float = 100.0) -> list[Candle]:
    """Hourly bars by number, at one price."""
    return [bar(number, close) for number in numbers]


def closes(*values: float, first: int = 0, volume: float = 5.0) -> list[Candle]:
    """Hourly bars with these closes, from the bar number `first` on."""
    return [bar(number, close, volume=volume) for number, close in enumerate(values, first)]


def walk(count: int) -> list[Candle]:
    """Hourly bars that rise and fall like a market, always the same."""
    return closes(*(100 + 9 * math.sin(n / 9) + 5 * math.sin(n / 31) + 2 * math.sin(n * 1.3) for n in range(count)))


def recorded(data: Path, name: str, last: int = 0) -> list[Candle]:
    """The newest `last` candles of a recorded file, or all."""
    with gzip.open(data / "candles" / name, "rt") as file:
        rows = list(csv.reader(file))[1:]
    return [Candle(int(row[0]), *map(float, row[1:6])) for row in rows[-last:]]


def window(candles: Iterable[Candle], series: Series = HOURLY) -> Window:
    """A window without holes."""
    return Window(series, tuple(candles))
