"""What indicators are made of: moving means, extremes, differences and quotients of columns.

A column is an array of float64, oldest first, NaN while undefined. A value is undefined while an undefined one lies
among the bars that it is made of; what smooths starts anew after it. A mask is an array of booleans, as long.
"""

from collections.abc import Callable, Iterable

import numpy as np
import numpy.typing as npt

from strategies.light_talib import talib

Column = npt.NDArray[np.float64]
Mask = npt.NDArray[np.bool_]
FLOOR = 1e-10  # of the largest magnitude: what is smaller is noise, and no divisor
AT_ONCE = 1_000_000  # values of windows that are in memory at a time


def ratio(numerator: Column, divisor: Column, largest: float) -> Column:
    """A quotient, undefined where the divisor is 0 beside `largest`, the largest magnitude among what it is made of."""
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.where(np.abs(divisor) > FLOOR * largest, numerator / divisor, np.nan)


def before(values: Column, bars: int = 1) -> Column:
    """The values some bars before; 0 bars: themselves."""
    if not bars:
        return values
    found = np.empty(len(values))
    found[:bars] = np.nan
    found[bars:] = values[:-bars]
    return found


def change(values: Column, bars: int = 1) -> Column:
    """The difference to the value some bars before."""
    return values - before(values, bars)


def sign(values: Column, largest: float) -> Column:
    """1 above 0, -1 below, 0 where they are 0 beside `largest`."""
    return np.sign(np.where(np.abs(values) > FLOOR * largest, values, values * 0))


def flag(condition: Mask, *made_of: Column) -> Column:
    """1 where the condition holds, else 0; undefined where what it is made of is."""
    found = condition.astype(np.float64)
    for each in made_of:
        found = found + each * 0
    return found


def where(condition: Mask, values: Column) -> Column:
    """The values where the condition holds, elsewhere 0; undefined where they are."""
    return np.where(condition, values, values * 0)


def sma(values: Column, length: int) -> Column:
    """The mean of the last `length` values."""
    return moving(talib.SMA, values, length)


def total(values: Column, length: int) -> Column:
    """The sum of the last `length` values."""
    return length * sma(values, length)


def ema(values: Column, length: int) -> Column:
    """The exponential average: 2 / (length + 1) of the newest value; it starts with the mean of the first ones."""
    return moving(talib.EMA, values, length)


def rma(values: Column, length: int) -> Column:
    """Wilder's smoothing: 1 / length of the newest value; it starts with the mean of the first ones."""
    return moving(talib.RMA, values, length)


def highest(values: Column, length: int) -> Column:
    """The largest of the last `length` values."""
    return moving(talib.MAX, values, length)


def lowest(values: Column, length: int) -> Column:
    """The smallest of the last `length` values."""
    return moving(talib.MIN, values, length)


def stdev(values: Column, length: int) -> Column:
    """The standard deviation of the last `length` values as the whole population: divided by `length`."""
    return moving(talib.STDDEV, values, length)


def mad(values: Column, length: int) -> Column:
    """The mean distance of the last `length` values from their mean."""
    return moving(talib.AVGDEV, values, length)


def weighted(values: Column, weights: Iterable[float]) -> Column:
    """The last values times these weights, the one of the oldest first, added up."""
    factors = np.array([*weights], dtype=np.float64)
    if len(values) < len(factors):
        return np.full(len(values), np.nan)
    return _padded(np.correlate(values, factors, "valid"), len(values))


def over_windows(function: Callable[[Column], Column], values: Column, length: int) -> Column:
    """`function` of the last `length` values at every bar: it is given windows as the rows of a table."""
    if len(values) < length:
        return np.full(len(values), np.nan)
    rows = np.lib.stride_tricks.sliding_window_view(values, length)
    step = max(1, AT_ONCE // length)
    parts = [function(rows[start : start + step]) for start in range(0, len(rows), step)]
    return _padded(np.concatenate(parts), len(values))


def moving(function: Callable[[Column, int], Column], values: Column, length: int) -> Column:
    """A function of TA-Lib over values with holes: behind each it starts anew, as if the data began there.

    TA-Lib itself never forgets an undefined value. So what is said depends on the bars since the last hole only, not on
    whether a window begins before it.
    """
    if length == 1:
        return values
    defined = np.isfinite(values)
    first = int(defined.argmax())
    if length <= np.count_nonzero(defined) == len(values) - first:  # without a hole
        return _padded(function(values[first:], length), len(values))
    found = np.full(len(values), np.nan)
    for start, end in _runs(defined):
        if end - start >= length:
            found[start:end] = function(values[start:end], length)
    return found


def _runs(defined: Mask) -> list[tuple[int, int]]:
    """Where the stretches without a hole begin and end."""
    ends = np.flatnonzero(np.diff(defined, prepend=False, append=False)).tolist()
    return list(zip(ends[::2], ends[1::2], strict=True))


def _padded(values: Column, size: int) -> Column:
    """The values behind as many undefined ones as make `size`."""
    if len(values) == size:
        return values
    found, first = np.empty(size), size - len(values)
    found[:first] = np.nan
    found[first:] = values
    return found
