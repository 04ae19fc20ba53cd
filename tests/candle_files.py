"""Windows of candles for tests of strategies: made up, or out of recorded files."""

import csv
import gzip
import math

from domain.candles import Candle, Window
from tests.kit.series import HOURLY, at


def recorded(data, name, last=None):
    """The newest `last` candles of a recorded file."""
    with gzip.open(data / "candles" / name, "rt") as file:
        rows = list(csv.reader(file))[1:]
    return [Candle(int(row[0]), *map(float, row[1:6])) for row in rows[-last if last else 0 :]]


def window(candles, series=HOURLY):
    """A window without holes."""
    return Window(series, tuple(candles))


def closes(*values):
    """Hourly candles with these closes and a range of 1 around them."""
    return [Candle(at(n), value, value + 0.5, value - 0.5, value, 5.0) for n, value in enumerate(values)]


def walk(count):
    """Candles that rise and fall like a market, always the same."""
    values = [100 + 9 * math.sin(n / 9) + 5 * math.sin(n / 31) + 2 * math.sin(n * 1.3) for n in range(count)]
    return closes(*values)
