"""Formulas of averages, extremes and statistics; what each is, is said in `domain/indicators.txt`."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from math import comb, cos, exp, floor, log, pi, sin, sqrt
from types import MappingProxyType

import numpy as np

from strategies.inputs import Inputs
from strategies.light_talib import talib
from strategies.smoothing import (
    FLOOR,
    Column,
    before,
    change,
    ema,
    highest,
    lowest,
    mad,
    over_windows,
    ratio,
    rma,
    sma,
    stdev,
    total,
    weighted,
)  # fmt: skip

Formula = Callable[..., Column | tuple[Column, ...]]


def typical(bars: Inputs) -> Column:
    """The mean of high, low and close."""
    return (bars.high + bars.low + bars.close) / 3


def mean(values: Column, weights: Iterable[float]) -> Column:
    """The mean of the last values with these weights, the one of the oldest first."""
    found = [*weights]
    return weighted(values, [weight / sum(found) for weight in found])


def wma(values: Column, length: int) -> Column:
    """The mean of the last values, the oldest weighing 1, the newest `length`."""
    return mean(values, range(1, length + 1))


def triangle(length: int) -> list[int]:
    """Weights that rise by 1 to the middle and fall again."""
    return [min(place + 1, length - place) for place in range(length)]


def endpoint(values: Column, length: int) -> Column:
    """The newest point of the straight line that fits the last `length` values best."""
    places = [place - (length - 1) / 2 for place in range(length)]
    steep = sum(place**2 for place in places)
    return weighted(values, [1 / length + place * places[-1] / steep for place in places])


def _fibonacci(length: int) -> list[int]:
    found = [1, 1]
    while len(found) < length:
        found.append(found[-1] + found[-2])
    return found[:length]


def _alma(bars: Inputs, length: int, sigma: float, distribution_offset: float) -> Column:
    middle, width = distribution_offset * (length - 1), length / sigma
    return mean(bars.source, [exp(-((place - middle) ** 2) / (2 * width**2)) for place in range(length)])


def _hma(bars: Inputs, length: int) -> Column:
    return wma(2 * wma(bars.source, length // 2) - wma(bars.source, length), floor(sqrt(length)))


def _zlma(bars: Inputs, length: int) -> Column:
    return ema(2 * bars.source - before(bars.source, (length - 1) // 2), length)


def _kama(bars: Inputs, length: int, fast: int, slow: int) -> Column:
    moved = total(np.abs(change(bars.source)), length)
    efficiency = ratio(np.abs(change(bars.source, length)), moved, bars.size)
    efficiency = np.where(moved <= FLOOR * bars.size, 1.0, efficiency)
    quick, calm = 2 / (fast + 1), 2 / (slow + 1)
    paces = ((efficiency * (quick - calm) + calm) ** 2).tolist()
    values, found = bars.source.tolist(), [np.nan] * min(length, len(bars.source))
    average = values[length - 1] if len(values) >= length else np.nan
    for value, pace in zip(values[length:], paces[length:], strict=True):
        average += pace * (value - average)
        found.append(average)
    return np.array(found)


def _ssf(bars: Inputs, length: int, poles: int) -> Column:
    """It starts as if the first value had always been there."""
    root = sqrt(poles)
    decay = exp(-pi * (root if poles == 2 else 1) / length)
    turn, square = 2 * decay * cos(pi * root / length), decay**2
    factors = [turn, -square] if poles == 2 else [turn + square, -square * (1 + turn), square**2]
    values = bars.source.tolist()
    past, found = [values[0]] * poles, list[float]()
    for value in values:
        newest = (1 - sum(factors)) * value + sum(a * b for a, b in zip(factors, past, strict=True))
        past = [newest, *past[:-1]]
        found.append(newest)
    return np.array(found)


def _entropy(bars: Inputs, length: int, base: float) -> Column:
    part = ratio(bars.source, total(bars.source, length), bars.size)
    with np.errstate(divide="ignore", invalid="ignore"):
        return total(np.where(part > 0, -part * np.log(part) / log(base), part), length)


def _moment(power: int) -> Callable[[Column], Column]:
    """Of each window the sum of a power of the distances from the mean, measured in standard deviations."""

    def summed(rows: Column) -> Column:
        away = rows - rows.mean(axis=1, keepdims=True)
        with np.errstate(divide="ignore", invalid="ignore"):
            away /= np.sqrt((away**2).mean(axis=1, keepdims=True))
        found: Column = (away**power).sum(axis=1)
        return found

    return summed


def _of_moving(bars: Inputs, length: int, values: Column) -> Column:
    """The values, undefined where the source did not move: it has no spread to be measured in."""
    return np.where(stdev(bars.source, length) > FLOOR * bars.size, values, np.nan)


def _skew(bars: Inputs, n: int) -> Column:
    third = over_windows(_moment(3), bars.source, n)
    return _of_moving(bars, n, third * sqrt((n - 1) / n) / (n - 2))


def _kurtosis(bars: Inputs, n: int) -> Column:
    fourth = over_windows(_moment(4), bars.source, n)
    excess = (n + 1) * (n - 1) / n * fourth / ((n - 2) * (n - 3)) - 3 * (n - 1) ** 2 / ((n - 2) * (n - 3))
    return _of_moving(bars, n, excess)


def _on_source(function: Callable[..., Column]) -> Formula:
    """The formula that is a function of the source and its arguments."""
    return lambda bars, *args: function(bars.source, *args)


def _weighing(weights: Callable[[int], Sequence[float]]) -> Formula:
    """The formula that is a mean with these weights."""
    return lambda bars, length: mean(bars.source, weights(length))


FORMULAS: Mapping[str, Formula] = MappingProxyType(
    {
        **{function.__name__: _on_source(function) for function in (sma, ema, rma, wma, highest, lowest, stdev, mad)},
        **{name: _on_source(getattr(talib, name.upper())) for name in ("dema", "tema", "t3", "trima")},
        "hma": _hma,
        "zlma": _zlma,
        "kama": _kama,
        "ssf": _ssf,
        "alma": _alma,
        "fwma": _weighing(_fibonacci),
        "pwma": _weighing(lambda length: [comb(length - 1, place) for place in range(length)]),
        "sinwma": _weighing(lambda length: [sin(pi * (place + 1) / (length + 1)) for place in range(length)]),
        "swma": _weighing(triangle),
        "linreg": _on_source(endpoint),
        "midpoint": lambda bars, n: (highest(bars.source, n) + lowest(bars.source, n)) / 2,
        "midprice": lambda bars, n: (highest(bars.high, n) + lowest(bars.low, n)) / 2,
        "median": lambda bars, n: over_windows(lambda rows: np.median(rows, axis=1), bars.source, n),
        "quantile": lambda bars, n, q: over_windows(lambda rows: np.quantile(rows, q, axis=1), bars.source, n),
        "vwma": lambda bars, n: ratio(sma(bars.close * bars.volume, n), sma(bars.volume, n), bars.traded),
        "hl2": lambda bars: (bars.high + bars.low) / 2,
        "hlc3": typical,
        "ohlc4": lambda bars: (bars.open + bars.high + bars.low + bars.close) / 4,
        "wcp": lambda bars: (bars.high + bars.low + 2 * bars.close) / 4,
        "variance": lambda bars, n: stdev(bars.source, n) ** 2,
        "zscore": lambda bars, n, std: ratio(bars.source - sma(bars.source, n), stdev(bars.source, n), bars.size) / std,
        "entropy": _entropy,
        "skew": _skew,
        "kurtosis": _kurtosis,
    }
)
