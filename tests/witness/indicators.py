"""Indicators over one window, by plain loops as their sources describe them; None where one is not defined yet."""

import math
from collections.abc import Sequence
from itertools import pairwise

from tests.witness.bars import Bar
from tests.witness.numbers import exact

Column = list[float | None]


def sma(values: Sequence[float | None], length: int) -> Column:
    """Simple average of the last `length` values, all of which must be defined."""
    found: Column = []
    for place in range(len(values)):
        seen = [value for value in values[max(0, place + 1 - length) : place + 1] if value is not None]
        found.append(math.fsum(seen) / length if len(seen) == length else None)
    return found


def ema(values: Sequence[float], length: int, first: int = 0) -> Column:
    """Exponential average with weight 2 / (length + 1), begun at `first` with a simple average."""
    found: Column = [None] * len(values)
    begin = first + length - 1
    if begin >= len(values):
        return found
    level = math.fsum(values[first : begin + 1]) / length
    found[begin] = level
    for place in range(begin + 1, len(values)):
        level += (values[place] - level) * 2 / (length + 1)
        found[place] = level
    return found


def smoothed(values: Sequence[float], length: int) -> Column:
    """Wilder's smoothing, weight 1 / length, begun with a simple average."""
    found: Column = [None] * len(values)
    if len(values) < length:
        return found
    level = math.fsum(values[:length]) / length
    found[length - 1] = level
    for place in range(length, len(values)):
        level = (level * (length - 1) + values[place]) / length
        found[place] = level
    return found


def rsi(closes: Sequence[float], length: int) -> Column:
    """Wilder 1978: 100 × gains / (gains + losses), both smoothed; undefined while nothing has changed."""
    changes = [after - before for before, after in pairwise(closes)]
    gains = smoothed([max(change, 0.0) for change in changes], length)
    losses = smoothed([max(-change, 0.0) for change in changes], length)
    found: Column = [None]
    for gain, loss in zip(gains, losses, strict=True):
        undefined = gain is None or loss is None or gain + loss == 0
        found.append(None if undefined else 100 * gain / (gain + loss))  # type: ignore[operator]
    return found


def macd(closes: Sequence[float], fast: int, slow: int, signal: int) -> tuple[Column, Column, Column]:
    """Appel 1979: fast less slow exponential average, begun on one bar; the exponential average of that; the rest."""
    quick, calm = ema(closes, fast, slow - fast), ema(closes, slow)
    line: Column = [None if b is None else a - b for a, b in zip(quick, calm, strict=True)]  # type: ignore[operator]
    known = [value for value in line if value is not None]
    undefined: Column = [None] * (len(line) - len(known))
    average = undefined + ema(known, signal)
    rest: Column = [None if b is None else a - b for a, b in zip(line, average, strict=True)]  # type: ignore[operator]
    return line, average, rest


def atr(bars: Sequence[Bar], length: int) -> Column:
    """Wilder 1978: the true range, smoothed, from the second bar on."""
    ranges = [max(bar.high, before.close) - min(bar.low, before.close) for before, bar in pairwise(bars)]
    return [None, *smoothed(ranges, length)]


def highest(values: Sequence[float], length: int) -> Column:
    """The largest of the last `length` values."""
    return [max(values[n + 1 - length : n + 1]) if n + 1 >= length else None for n in range(len(values))]


def lowest(values: Sequence[float], length: int) -> Column:
    """The smallest of the last `length` values."""
    return [min(values[n + 1 - length : n + 1]) if n + 1 >= length else None for n in range(len(values))]


def stoch(bars: Sequence[Bar], length: int, slowing: int, signal: int) -> tuple[Column, Column]:
    """Lane: where the close lies between the lowest low and the highest high, in per cent; the average of it."""
    highs, lows = highest([bar.high for bar in bars], length), lowest([bar.low for bar in bars], length)
    raw: Column = [
        None if high is None or low is None or high == low else 100 * (bar.close - low) / (high - low)
        for bar, high, low in zip(bars, highs, lows, strict=True)
    ]
    k = sma(raw, slowing)
    return k, sma(k, signal)


def bands(closes: Sequence[float], length: int, width: float) -> tuple[Column, Column]:
    """Bollinger: the simple average less and plus so many standard deviations of the population."""
    lower: Column = []
    upper: Column = []
    for place in range(len(closes)):
        seen = closes[max(0, place + 1 - length) : place + 1]
        mean = math.fsum(seen) / len(seen)
        spread = width * math.sqrt(math.fsum((value - mean) ** 2 for value in seen) / len(seen))
        lower.append(mean - spread if len(seen) == length else None)
        upper.append(mean + spread if len(seen) == length else None)
    return lower, upper


def willr(bars: Sequence[Bar], length: int) -> Column:
    """Williams: -100 × (highest high - close) / (highest high - lowest low)."""
    highs, lows = highest([bar.high for bar in bars], length), lowest([bar.low for bar in bars], length)
    return [
        None if high is None or low is None or high == low else -100 * (high - bar.close) / (high - low)
        for bar, high, low in zip(bars, highs, lows, strict=True)
    ]


def adx(bars: Sequence[Bar], length: int) -> tuple[Column, Column, Column]:
    """Wilder 1978: ADX, +DI and -DI; moves are compared exactly, so that equal ones are equal at any price."""
    moves = [
        (float(exact(bar.high) - exact(before.high)), float(exact(before.low) - exact(bar.low)))
        for before, bar in pairwise(bars)
    ]
    ranges = atr(bars, length)
    plus = _directed([up if up > max(down, 0) else 0.0 for up, down in moves], ranges, length)
    minus = _directed([down if down > max(up, 0) else 0.0 for up, down in moves], ranges, length)
    strength = [
        None if p is None or m is None or p + m == 0 else 100 * abs(p - m) / (p + m)
        for p, m in zip(plus, minus, strict=True)
    ]
    known = [value for value in strength if value is not None]
    return [None] * (len(bars) - len(known)) + smoothed(known, length), plus, minus


def _directed(moves: Sequence[float], ranges: Column, length: int) -> Column:
    return [
        None if move is None or not span else 100 * move / span
        for move, span in zip([None, *smoothed(moves, length)], ranges, strict=True)
    ]
