"""Every indicator that rules offer at the edges of numbers: scales, window lengths, flat prices, empty bars."""

import math

import numpy as np
import pytest

from domain import catalogue
from domain.candles import Candle
from strategies.indicators import Indicators
from tests.kit.candles import recorded, window

PEPE = "binance__PEPE-USDT__1h.csv.gz"
NAMES = catalogue.names()


@pytest.fixture(scope="module")
def candles(data):
    """Real candles, with prices and volumes around 1."""
    found = recorded(data, PEPE, 3_000)
    return scaled(found, 1 / found[-1].close, 1 / found[-1].volume)


def scaled(candles, price, volume):
    """The same market in other units."""
    return [Candle(c[0], *(value * price for value in c[1:5]), c[5] * volume) for c in candles]


def flat(candles, bars, volume=1.0):
    """The last bars stand still."""
    kept = candles[:-bars]
    close = kept[-1].close
    return [*kept, *(Candle(c.timestamp, close, close, close, close, volume) for c in candles[-bars:])]


def emptied(candles, back):
    """One bar in which nobody traded, some bars before the newest."""
    place = len(candles) - 1 - back
    before = candles[place - 1].close
    return [*candles[:place], Candle(candles[place].timestamp, *[before] * 4, 0.0), *candles[place + 1 :]]


def values(name, candles):
    """The newest values of all outputs."""
    indicators = Indicators(window(candles))
    return [float(indicators(name, output=output)[-1]) for output in catalogue.entry(name).outputs]


def assert_alike(name, one, other, units):
    """To 1e-9 of the value, or 1e-9 of the largest magnitude that noise is measured by."""
    for output, a, b, unit in zip(catalogue.entry(name).outputs, one, other, units, strict=True):
        assert a == pytest.approx(b, rel=1e-9, abs=1e-9 * unit, nan_ok=True), f"{name}.{output}"


def magnitudes(name, candles):
    """Of each output the largest magnitude among its inputs, in its unit, and its own."""
    entry, indicators = catalogue.entry(name), Indicators(window(candles))
    price, volume = indicators.column("high").max(), indicators.column("volume").max()
    own = [np.fmax.reduce(np.abs(indicators(name, output=output)), initial=0) for output in entry.outputs]
    return [max(entry.unit(output).of(price, volume), size) for output, size in zip(entry.outputs, own, strict=True)]


@pytest.mark.parametrize("name", NAMES)
def test_the_scale_of_prices_and_volumes_changes_nothing(name, candles):
    """Homogeneous in its unit: from prices of 1e-10 to 1e6, from volumes of 1e-6 to 1e12."""
    entry, some = catalogue.entry(name), candles[-entry_bars(name) - 30 :]
    expected, sizes = values(name, some), magnitudes(name, some)
    for price, volume in ((1e-10, 1.0), (1e-6, 1e12), (1e-3, 1e-6), (1e6, 1.0)):
        units = [entry.unit(output).of(price, volume) for output in entry.outputs]
        found = [value / unit for value, unit in zip(values(name, scaled(some, price, volume)), units, strict=True)]
        assert_alike(name, found, expected, sizes)


def entry_bars(name):
    """Its warm-up."""
    return catalogue.entry(name).bars()


def test_a_market_that_hardly_moves_is_none_that_stands_still(candles):
    """Every output is defined where prices move by a millionth; long and short of supertrend one at a time."""
    still = [Candle(c[0], *(1 + (value - 1) * 1e-6 for value in c[1:5]), c[5]) for c in candles]
    for name in NAMES:
        found = [value for value in values(name, still) if math.isnan(value)]
        assert len(found) == (name == "supertrend"), name


MARKETS = {
    "moving": lambda candles, _: candles[:-77],
    "moving before": lambda candles, _: candles[:-600],
    "flat": lambda candles, bars: flat(candles, bars + 60),
    "flat and much traded": lambda candles, bars: scaled(flat(candles, bars + 60), 1.0, 1e12),
    "flat and not traded": lambda candles, bars: flat(candles, bars + 60, 0.0),
    "one empty bar": emptied,
    "one empty bar of late": lambda candles, bars: emptied(candles, bars // 2),
    "still for a while": lambda candles, bars: flat(candles[:-bars], 40) + candles[-bars:],
    "moving again": lambda candles, bars: flat(candles[:-30], bars) + candles[-30:],
}


@pytest.mark.parametrize("market", MARKETS)
@pytest.mark.parametrize("name", NAMES)
def test_the_length_of_the_window_changes_nothing(name, candles, market):
    """From the warm-up on: also on flat prices, and once a bar without trades is older than the warm-up."""
    bars = entry_bars(name)
    found = MARKETS[market](candles, bars)
    least, sizes = values(name, found[-bars:]), magnitudes(name, found[-bars:])
    for more in (1, 50, 1_000):
        assert_alike(name, values(name, found[-bars - more :]), least, sizes)
