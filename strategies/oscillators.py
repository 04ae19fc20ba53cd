"""Formulas of oscillators over one column, or over the prices; what each is, is said in `domain/indicators.txt`."""

from collections.abc import Mapping
from math import log
from types import MappingProxyType

import numpy as np

from strategies.averages import Formula, endpoint, mean, triangle, typical, wma
from strategies.inputs import Inputs
from strategies.light_talib import talib
from strategies.smoothing import (
    Column,
    before,
    change,
    ema,
    flag,
    highest,
    lowest,
    mad,
    moving,
    ratio,
    rma,
    sign,
    sma,
    stdev,
    total,
    weighted,
    where,
)  # fmt: skip


def true_range(bars: Inputs) -> Column:
    """The range of a bar and the close before it, undefined on the first one."""
    found: Column = talib.TRANGE(bars.high, bars.low, bars.close)
    return found


def atr(bars: Inputs, length: int) -> Column:
    """Wilder's smoothing of the true range."""
    return rma(true_range(bars), length)


def place_within(values: Column, low: Column, high: Column, largest: float) -> Column:
    """How far from `low` to `high` the values lie, in per cent."""
    return 100 * ratio(values - low, high - low, largest)


def rsi(values: Column, length: int, largest: float) -> Column:
    """The gains as per cent of all changes, by Wilder's smoothing."""
    moves = change(values)
    return 100 * ratio(rma(np.maximum(moves, 0), length), rma(np.abs(moves), length), largest)


def roc(values: Column, length: int, largest: float) -> Column:
    """The change over `length` bars in per cent."""
    return 100 * ratio(change(values, length), before(values, length), largest)


def _macd(bars: Inputs, fast: int, slow: int, signal: int) -> tuple[Column, Column, Column]:
    """Both averages start at the same bar, as TA-Lib has it."""
    line, signal_line, histogram = talib.MACD(bars.source, min(fast, slow), max(fast, slow), signal)
    return line, histogram, signal_line


def _parted(fast: Column, slow: Column, signal: int, largest: float) -> tuple[Column, Column, Column]:
    """The distance of two averages in per cent, its distance from its own average, and that."""
    apart = 100 * ratio(fast - slow, slow, largest)
    line = ema(apart, signal)
    return apart, apart - line, line


def _ppo(bars: Inputs, fast: int, slow: int, signal: int) -> tuple[Column, ...]:
    quick, calm = (sma(bars.source, length) for length in sorted((fast, slow)))
    return _parted(quick, calm, signal, bars.size)


def _pvo(bars: Inputs, fast: int, slow: int, signal: int) -> tuple[Column, ...]:
    quick, calm = (ema(bars.source, length) for length in sorted((fast, slow)))
    return _parted(quick, calm, signal, bars.size)


def _apo(bars: Inputs, fast: int, slow: int) -> Column:
    return sma(bars.source, min(fast, slow)) - sma(bars.source, max(fast, slow))


def _trix(bars: Inputs, length: int, signal: int) -> tuple[Column, ...]:
    thrice = ema(ema(ema(bars.source, length), length), length)
    found = roc(thrice, 1, bars.size)
    return found, sma(found, signal)


def _strength(bars: Inputs, fast: int, slow: int, signal: int) -> tuple[Column, Column]:
    """Blau's true strength as a fraction, and its average."""
    moves = change(bars.source)
    found = ratio(ema(ema(moves, slow), fast), ema(ema(np.abs(moves), slow), fast), bars.size)
    return found, ema(found, signal)


def _tsi(bars: Inputs, fast: int, slow: int, signal: int) -> tuple[Column, ...]:
    found, line = _strength(bars, fast, slow, signal)
    return 100 * found, 100 * line


def _smi(bars: Inputs, fast: int, slow: int, signal: int) -> tuple[Column, ...]:
    found, line = _strength(bars, min(fast, slow), max(fast, slow), signal)
    return found, line, found - line


def _kst(bars: Inputs, *lengths: int) -> tuple[Column, ...]:
    rates, means, signal = lengths[:4], lengths[4:8], lengths[8]
    parts = [sma(roc(bars.source, rate, bars.size), length) for rate, length in zip(rates, means, strict=True)]
    found = 100 * (parts[0] + 2 * parts[1] + 3 * parts[2] + 4 * parts[3])
    return found, sma(found, signal)


def _cti(bars: Inputs, length: int) -> Column:
    places = np.arange(length) - (length - 1) / 2
    along = weighted(bars.source, places / (length * places.std()))
    return ratio(along, stdev(bars.source, length), bars.size)


def _psl(bars: Inputs, length: int) -> Column:
    moves = sign(change(bars.source), bars.size)
    return 100 * sma(flag(moves > 0, moves), length)


def _rvi(bars: Inputs, length: int) -> Column:
    moves, spread = sign(change(bars.source), bars.size), stdev(bars.source, length)
    rising, moved = where(moves > 0, spread), where(moves != 0, spread)
    return 100 * ratio(ema(rising, length), ema(moved, length), bars.size)


def _stochrsi(bars: Inputs, length: int, rsi_length: int, k: int, d: int) -> tuple[Column, ...]:
    strength = rsi(bars.source, rsi_length, bars.size)
    found = sma(place_within(strength, lowest(strength, length), highest(strength, length), 100), k)
    return found, sma(found, d)


def _ui(bars: Inputs, length: int) -> Column:
    top = highest(bars.source, length)
    falls = 100 * ratio(bars.source - top, top, bars.size)
    return np.sqrt(weighted(falls**2, [1 / length] * length))  # the noise of a running sum would grow under the root


def _amat(bars: Inputs, fast: int, slow: int, lookback: int) -> tuple[Column, ...]:
    quick = sign(change(ema(bars.source, fast), lookback), bars.size)
    calm = sign(change(ema(bars.source, slow), lookback), bars.size)
    return flag((quick > 0) & (calm != 0), quick, calm), flag((quick < 0) & (calm != 0), quick, calm)


def _bbands(bars: Inputs, length: int, std: float) -> tuple[Column, ...]:
    mid, width = sma(bars.source, length), std * stdev(bars.source, length)
    lower, upper = mid - width, mid + width
    bandwidth = 100 * ratio(upper - lower, mid, bars.size)
    return lower, mid, upper, bandwidth, ratio(bars.source - lower, upper - lower, bars.size)


def _cci(bars: Inputs, length: int, c: float) -> Column:
    price = typical(bars)
    return ratio(price - sma(price, length), mad(price, length), bars.price) / c


def _stochastic(bars: Inputs, length: int) -> Column:
    return place_within(bars.close, lowest(bars.low, length), highest(bars.high, length), bars.price)


def _stoch(bars: Inputs, k: int, d: int, smooth_k: int) -> tuple[Column, ...]:
    found = sma(_stochastic(bars, k), smooth_k)
    return found, sma(found, d)


def _kdj(bars: Inputs, length: int, signal: int) -> tuple[Column, ...]:
    k = rma(_stochastic(bars, length), signal)
    d = rma(k, signal)
    return k, d, 3 * k - 2 * d


def _uo(bars: Inputs, *lengths: int) -> Column:
    pressure, ranges = bars.close - np.minimum(bars.low, before(bars.close)), true_range(bars)
    parts = [ratio(total(pressure, length), total(ranges, length), bars.price) for length in lengths]
    return 100 * (4 * parts[0] + 2 * parts[1] + parts[2]) / 7


def _ao(bars: Inputs, fast: int, slow: int) -> Column:
    middle = (bars.high + bars.low) / 2
    return sma(middle, min(fast, slow)) - sma(middle, max(fast, slow))


def _brar(bars: Inputs, length: int) -> tuple[Column, ...]:
    close = before(bars.close)
    up, down = np.maximum(bars.high - close, 0), np.maximum(close - bars.low, 0)
    ar = ratio(total(bars.high - bars.open, length), total(bars.open - bars.low, length), bars.price)
    return 100 * ar, 100 * ratio(total(up, length), total(down, length), bars.price)


def _rvgi(bars: Inputs, length: int, swma_length: int) -> tuple[Column, ...]:
    weights = triangle(swma_length)
    moves, ranges = mean(bars.close - bars.open, weights), mean(bars.high - bars.low, weights)
    found = ratio(total(moves, length), total(ranges, length), bars.price)
    return found, mean(found, weights)


def _fisher(bars: Inputs, length: int, signal: int) -> tuple[Column, ...]:
    middle = (bars.high + bars.low) / 2
    places = place_within(middle, lowest(middle, length), highest(middle, length), bars.price) / 100 - 0.5
    found = moving(_fished, places, 2)
    return found, before(found, signal)


def _fished(places: Column, _length: int) -> Column:
    """Ehlers's transform of places between -0.5 and 0.5."""
    found, smooth, fish = list[float](), 0.0, 0.0
    for place in places.tolist():
        smooth = 0.66 * place + 0.67 * smooth
        smooth = 0.999 if smooth > 0.99 else -0.999 if smooth < -0.99 else smooth
        fish = (log((1 + smooth) / (1 - smooth)) + fish) / 2
        found.append(fish)
    return np.array(found)


def _cmo(bars: Inputs, length: int) -> Column:
    moves = change(bars.source)
    return 100 * ratio(rma(moves, length), rma(np.abs(moves), length), bars.size)


def _risen(bars: Inputs, length: int, direction: int) -> Column:
    moves = sign(change(bars.source, length), bars.size)
    return flag(moves == direction, moves)


FORMULAS: Mapping[str, Formula] = MappingProxyType(
    {
        "rsi": lambda bars, n: rsi(bars.source, n, bars.size),
        "cmo": _cmo,
        "mom": lambda bars, n: change(bars.source, n),
        "roc": lambda bars, n: roc(bars.source, n, bars.size),
        "percent_return": lambda bars, n: ratio(change(bars.source, n), before(bars.source, n), bars.size),
        "log_return": lambda bars, n: np.log1p(ratio(change(bars.source, n), before(bars.source, n), bars.size)),
        "slope": lambda bars, n: change(bars.source, n) / n,
        "increasing": lambda bars, n: _risen(bars, n, 1),
        "decreasing": lambda bars, n: _risen(bars, n, -1),
        "macd": _macd,
        "ppo": _ppo,
        "pvo": _pvo,
        "apo": _apo,
        "trix": _trix,
        "tsi": _tsi,
        "smi": _smi,
        "er": lambda bars, n: ratio(np.abs(change(bars.source, n)), total(np.abs(change(bars.source)), n), bars.size),
        "vhf": lambda bars, n: ratio(
            highest(bars.source, n) - lowest(bars.source, n), total(np.abs(change(bars.source)), n), bars.size
        ),
        "coppock": lambda bars, n, fast, slow: wma(
            roc(bars.source, fast, bars.size) + roc(bars.source, slow, bars.size), n
        ),
        "kst": _kst,
        "cfo": lambda bars, n: 100 * ratio(bars.source - endpoint(bars.source, n), bars.source, bars.size),
        "cg": lambda bars, n: -ratio(weighted(bars.source, range(n, 0, -1)), total(bars.source, n), bars.size),
        "cti": _cti,
        "bias": lambda bars, n: ratio(bars.source - sma(bars.source, n), sma(bars.source, n), bars.size),
        "psl": _psl,
        "rvi": _rvi,
        "inertia": lambda bars, n, rvi_length: endpoint(_rvi(bars, rvi_length), n),
        "stochrsi": _stochrsi,
        "ui": _ui,
        "amat": _amat,
        "bbands": _bbands,
        "cci": _cci,
        "willr": lambda bars, n: _stochastic(bars, n) - 100,
        "stoch": _stoch,
        "kdj": _kdj,
        "uo": _uo,
        "ao": _ao,
        "bop": lambda bars: ratio(bars.close - bars.open, bars.high - bars.low, bars.price),
        "brar": _brar,
        "eri": lambda bars, n: (bars.high - ema(bars.close, n), bars.low - ema(bars.close, n)),
        "pgo": lambda bars, n: ratio(bars.close - sma(bars.close, n), ema(atr(bars, n), n), bars.price),
        "rvgi": _rvgi,
        "fisher": _fisher,
    }
)
