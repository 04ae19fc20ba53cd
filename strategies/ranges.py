"""Formulas of trends, ranges and volume; what each is, is said in `domain/indicators.txt`."""

from collections.abc import Callable, Mapping
from math import log10
from types import MappingProxyType

import numpy as np

from strategies.averages import Formula, typical
from strategies.inputs import Inputs
from strategies.light_talib import talib
from strategies.oscillators import atr, true_range
from strategies.smoothing import (
    FLOOR,
    Column,
    before,
    change,
    ema,
    flag,
    highest,
    lowest,
    moving,
    ratio,
    rma,
    sign,
    sma,
    stdev,
    total,
    where,
)  # fmt: skip


def _above(one: Column, other: Column, largest: float) -> Column:
    """1 where one lies above the other, else 0."""
    apart = sign(one - other, largest)
    return flag(apart > 0, apart)


def _around(middle: Column, width: Column) -> tuple[Column, Column, Column]:
    """A band: its lower end, its middle, its upper end."""
    return middle - width, middle, middle + width


def _squeezes(bars: Inputs, lengths: tuple[int, int], std: float, scalars: tuple[float, ...]) -> list[Column]:
    """1 where the Bollinger bands lie inside of the channel of each width; last, where outside of the first one."""
    bollinger, keltner = lengths
    lower, _, upper = _around(sma(bars.close, bollinger), std * stdev(bars.close, bollinger))
    found = []
    for scalar in scalars:
        low, _, high = _around(sma(bars.close, keltner), scalar * sma(true_range(bars), keltner))
        found.append(_above(lower, low, bars.price) * _above(high, upper, bars.price))
        found.append(_above(low, lower, bars.price) * _above(upper, high, bars.price))
    return [*found[::2], found[1]]


def _squeeze(bars: Inputs, bb_length: int, bb_std: float, kc_length: int, *args: float) -> tuple[Column, ...]:
    *scalars, mom_length, mom_smooth = args
    squeezes = _squeezes(bars, (bb_length, kc_length), bb_std, tuple(scalars))
    momentum = sma(change(bars.close, int(mom_length)), int(mom_smooth))
    return momentum, *squeezes, 1 - squeezes[0] - squeezes[-1]


def _adx(bars: Inputs, length: int, lensig: int) -> tuple[Column, ...]:
    up, down = change(bars.high), -change(bars.low)
    larger = sign(up - down, bars.price)
    plus, minus = rma(where((larger > 0) & (up > 0), up), length), rma(where((larger < 0) & (down > 0), down), length)
    ranges = atr(bars, length)
    moved = 100 * ratio(np.abs(plus - minus), plus + minus, bars.price)
    return rma(moved, lensig), 100 * ratio(plus, ranges, bars.price), 100 * ratio(minus, ranges, bars.price)


def _aroon(bars: Inputs, length: int) -> tuple[Column, ...]:
    down, up = talib.AROON(bars.high, bars.low, length)
    return down, up, up - down


def _vortex(bars: Inputs, length: int) -> tuple[Column, ...]:
    ranges = total(true_range(bars), length)
    plus, minus = np.abs(bars.high - before(bars.low)), np.abs(bars.low - before(bars.high))
    return ratio(total(plus, length), ranges, bars.price), ratio(total(minus, length), ranges, bars.price)


def _chop(bars: Inputs, length: int, atr_length: int) -> Column:
    travelled = total(atr(bars, atr_length), length)
    with np.errstate(divide="ignore"):
        part = np.log10(ratio(travelled, highest(bars.high, length) - lowest(bars.low, length), bars.price))
    return 100 * part / log10(length)


def _cksp(bars: Inputs, p: int, x: float, q: int) -> tuple[Column, ...]:
    away = x * atr(bars, p)
    return highest(highest(bars.high, p) - away, q), lowest(lowest(bars.low, p) + away, q)


def _supertrend(bars: Inputs, length: int, multiplier: float) -> tuple[Column, ...]:
    """It starts anew after bars that stood still, as what smooths does."""

    def followed(output: int) -> Callable[[Column, int], Column]:
        def over(places: Column, _length: int) -> Column:
            part = slice(int(places[0]), int(places[-1]) + 1)
            both = talib.SUPERTREND(bars.high[part], bars.low[part], bars.close[part], length, multiplier)
            found: Column = both[output].astype(np.float64)
            return found

        return over

    still = atr(bars, length) <= FLOOR * bars.price
    places = np.where(still, np.nan, np.arange(len(still)))
    level, direction = moving(followed(0), places, length), moving(followed(1), places, length)
    return level, direction, np.where(direction > 0, level, np.nan), np.where(direction < 0, level, np.nan)


def _ttm_trend(bars: Inputs, length: int) -> Column:
    return 2 * _above(bars.close, sma((bars.high + bars.low) / 2, length), bars.price) - 1


def _aberration(bars: Inputs, length: int, atr_length: int) -> tuple[Column, ...]:
    middle, width = sma(typical(bars), length), atr(bars, atr_length)
    return middle, middle + width, middle - width, width


def _accbands(bars: Inputs, length: int, c: float) -> tuple[Column, ...]:
    width = c * ratio(bars.high - bars.low, bars.high + bars.low, bars.price)
    return sma(bars.low * (1 - width), length), sma(bars.close, length), sma(bars.high * (1 + width), length)


def _donchian(bars: Inputs, lower_length: int, upper_length: int) -> tuple[Column, ...]:
    lower, upper = lowest(bars.low, lower_length), highest(bars.high, upper_length)
    return lower, (lower + upper) / 2, upper


def _massi(bars: Inputs, fast: int, slow: int) -> Column:
    ranges = ema(bars.high - bars.low, fast)
    return total(ratio(ranges, ema(ranges, fast), bars.price), slow)


def _pdist(bars: Inputs) -> Column:
    return 2 * (bars.high - bars.low) + np.abs(bars.open - before(bars.close)) - np.abs(bars.close - bars.open)


def _thermo(bars: Inputs, length: int, long: float, short: float) -> tuple[Column, ...]:
    move = np.maximum(np.abs(change(bars.low)), np.abs(change(bars.high)))
    usual = ema(move, length)
    return move, usual, _above(usual * long, move, bars.price), _above(move, usual * short, bars.price)


def _flow(bars: Inputs) -> Column:
    """Volume times where the close lies between low and high, from -1 to 1; 0 where there is nothing between them."""
    part = ratio((bars.close - bars.low) - (bars.high - bars.close), bars.high - bars.low, bars.price)
    return np.nan_to_num(part) * bars.volume


def _adosc(bars: Inputs, fast: int, slow: int) -> Column:
    flow = np.cumsum(_flow(bars))
    return ema(flow, min(fast, slow)) - ema(flow, max(fast, slow))


def _kvo(bars: Inputs, fast: int, slow: int, signal: int) -> tuple[Column, ...]:
    signed = bars.volume * sign(change(typical(bars)), bars.price)
    found = ema(signed, fast) - ema(signed, slow)
    return found, ema(found, signal)


def _mfi(bars: Inputs, length: int) -> Column:
    moves, money = sign(change(typical(bars)), bars.price), typical(bars) * bars.volume
    rising, moved = where(moves > 0, money + moves * 0), where(moves != 0, money + moves * 0)
    return 100 * ratio(total(rising, length), total(moved, length), bars.price * bars.traded)


def _pvr(bars: Inputs) -> Column:
    price, volume = change(bars.close), change(bars.volume)
    return 1 + flag(volume < 0, volume) + 2 * flag(price < 0, price)


FORMULAS: Mapping[str, Formula] = MappingProxyType(
    {
        "squeeze": _squeeze,
        "squeeze_pro": _squeeze,
        "adx": _adx,
        "aroon": _aroon,
        "vortex": _vortex,
        "chop": _chop,
        "cksp": _cksp,
        "supertrend": _supertrend,
        "qstick": lambda bars, n: sma(bars.close - bars.open, n),
        "ttm_trend": _ttm_trend,
        "true_range": true_range,
        "atr": atr,
        "natr": lambda bars, n: 100 * ratio(atr(bars, n), bars.close, bars.price),
        "aberration": _aberration,
        "accbands": _accbands,
        "donchian": _donchian,
        "kc": lambda bars, n, scalar: _around(ema(bars.close, n), scalar * ema(true_range(bars), n)),
        "massi": _massi,
        "pdist": _pdist,
        "thermo": _thermo,
        "adosc": _adosc,
        "cmf": lambda bars, n: ratio(total(_flow(bars), n), total(bars.volume, n), bars.traded),
        "efi": lambda bars, n: ema(change(bars.close) * bars.volume, n),
        "kvo": _kvo,
        "mfi": _mfi,
        "pvol": lambda bars: bars.close * bars.volume,
        "pvr": _pvr,
    }
)
