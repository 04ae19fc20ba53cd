"""Every indicator that rules offer against a reference from elsewhere, over real candles."""

import numpy as np
import pytest
import talib

from domain import catalogue
from domain.candles import Candle
from strategies.indicators import Indicators
from tests import plain_indicators
from tests.kit.candles import closes, recorded, walk, window

BARS, SHOWN = 1_300, 200  # candles, and the newest of them that are compared
SETS = ("binance__BTC-USDT__1h.csv.gz", "binance__PEPE-USDT__1h.csv.gz", "coinbase__BTC-USD__1d.csv.gz")


def steep():
    """Made-up candles of what real ones seldom do: thirty bars of rises, thirty of falls, closes that do not change."""
    found, close = [], 100.0
    for bar in range(BARS):
        place, opened = bar % 100, close
        move = 1.01 if place < 30 else 0.99 if place < 60 else 1 if place < 80 and bar % 4 else 0.997 + place % 2 / 200
        close = round(opened * move, 4)
        high, low = max(opened, close) * (1 + bar % 3 / 500), min(opened, close) * (1 - bar % 4 / 300)
        found.append(Candle(bar * 3600, opened, high, low, close, 10.0 + bar % 7))
    return found


@pytest.fixture(scope="module")
def candles(data):
    """Indicators over recorded candles, and over those that are made up."""
    return [Indicators(window(each)) for each in (*(recorded(data, name, BARS) for name in SETS), steep())]


def largest(indicators, entry, source):
    """The magnitude of what an indicator reads, in powers of its price and volume."""
    reads = entry.reads or (source or entry.source,)
    price = max([indicators.column(name).max() for name in reads if name != "volume"], default=1)
    return price, indicators.column("volume").max() if "volume" in reads else 1


def differences(indicators, name, expected, args=(), source=None):
    """Of each output the largest difference from what is expected on the newest bars: 1 is what ten digits allow."""
    entry = catalogue.entry(name)
    for output, reference in zip(entry.outputs, expected, strict=True):
        ours = indicators(name, *args, output=output, source=source)[-SHOWN:]
        theirs = np.array(reference, dtype=float)[-SHOWN:]
        assert (np.isnan(ours) == np.isnan(theirs)).all(), f"{name}.{output} is not defined where it should be"
        unit = entry.unit(output, source).of(*largest(indicators, entry, source))
        allowed = 1e-9 * np.abs(theirs) + 1e-10 * np.fmax.reduce(np.abs(theirs), initial=unit)
        yield np.fmax.reduce(np.abs(ours - theirs) / allowed, initial=0.0)


def columns(indicators, entry, source=None):
    """What an indicator reads, as lists."""
    return [indicators.column(name).tolist() for name in entry.reads or (source or entry.source,)]


def tupled(found):
    """The outputs of a formula."""
    return found if isinstance(found, tuple) else (found,)


def other_arguments(entry):
    """Arguments that are not the defaults, and of which no two are alike."""
    for place, argument in enumerate(entry.arguments, 1):
        value = argument.default if not isinstance(argument.default, str) else 9
        yield min(value + place, argument.high) if argument.whole else value * 0.9


@pytest.mark.parametrize("name", catalogue.names())
def test_an_indicator_is_what_its_definition_says(name, candles):
    """By plain loops over the published formula, whatever the price of the coin and whatever the arguments."""
    entry = catalogue.entry(name)
    others = tuple(other_arguments(entry))
    for indicators, args in ((candles[0], ()), (candles[1], ()), (candles[2], others), (candles[3], ())):
        formula = plain_indicators.FORMULAS[name]
        expected = tupled(formula(*columns(indicators, entry), *entry.complete(args)))
        assert max(differences(indicators, name, expected, args)) < 1, args


def bars(*names):
    """The columns that a function of TA-Lib takes."""
    return lambda indicators: [indicators.column(name) for name in names]


CLOSE, BAR = bars("close"), bars("high", "low", "close")
RANGE, TRADED = bars("high", "low"), bars("high", "low", "close", "volume")
TALIB = {
    "sma": (CLOSE, talib.SMA, (20,)),
    "ema": (CLOSE, talib.EMA, (20,)),
    "wma": (CLOSE, talib.WMA, (20,)),
    "dema": (CLOSE, talib.DEMA, (20,)),
    "tema": (CLOSE, talib.TEMA, (20,)),
    "trima": (CLOSE, talib.TRIMA, (21,)),
    "hma": (CLOSE, talib.HMA, (16,)),
    "kama": (CLOSE, talib.KAMA, (10,)),
    "linreg": (CLOSE, talib.LINEARREG, (14,)),
    "midpoint": (CLOSE, talib.MIDPOINT, (14,)),
    "rsi": (CLOSE, talib.RSI, (14,)),
    "cmo": (CLOSE, talib.CMO, (14,)),
    "mom": (CLOSE, talib.MOM, (10,)),
    "roc": (CLOSE, talib.ROC, (10,)),
    "percent_return": (CLOSE, talib.ROCP, (10,)),
    "er": (CLOSE, talib.ER, (10,)),
    "vhf": (CLOSE, talib.VHF, (28,)),
    "coppock": (CLOSE, talib.COPPOCK, (10, 11, 14)),
    "apo": (CLOSE, lambda close, *args: talib.APO(close, *args, 0), (12, 26)),
    "zlma": (CLOSE, talib.ZLEMA, (21,)),
    "stdev": (CLOSE, talib.STDDEV, (20,)),
    "variance": (CLOSE, talib.VAR, (20,)),
    "atr": (BAR, talib.ATR, (14,)),
    "natr": (BAR, talib.NATR, (14,)),
    "cci": (BAR, talib.CCI, (20,)),
    "willr": (BAR, talib.WILLR, (14,)),
    "uo": (BAR, talib.ULTOSC, (7, 14, 28)),
    "kdj": (BAR, lambda *bar: talib.KDJ(*bar[:3], 9, 3, 13, 3, 13), (9, 3)),
    "eri": (BAR, talib.ERI, (13,)),
    "vortex": (BAR, talib.VORTEX, (14,)),
    "accbands": (BAR, lambda *bar: talib.ACCBANDS(*bar)[::-1], (20,)),
    "stoch": (BAR, lambda *bar: talib.STOCH(*bar[:3], 14, 5, 0, 3, 0), (14, 3, 5)),
    "ao": (RANGE, talib.AO, (5, 34)),
    "midprice": (RANGE, talib.MIDPRICE, (14,)),
    "massi": (RANGE, talib.MASSI, (9, 25)),
    "aroon": (RANGE, lambda *bar: (*talib.AROON(*bar), talib.AROONOSC(*bar)), (14,)),
    "mfi": (TRADED, talib.MFI, (14,)),
    "cmf": (TRADED, talib.CMF, (20,)),
    "adosc": (TRADED, talib.ADOSC, (3, 10)),
    "efi": (bars("close", "volume"), talib.EFI, (13,)),
    "vwma": (bars("close", "volume"), talib.VWMA, (20,)),
    "qstick": (bars("open", "close"), talib.QSTICK, (10,)),
}


@pytest.mark.parametrize("name", TALIB)
def test_an_indicator_is_what_talib_says(name, candles):
    """Where TA-Lib has it by the same definition."""
    columns_of, function, args = TALIB[name]
    expected = tupled(function(*columns_of(candles[0]), *args))
    assert max(differences(candles[0], name, expected, args)) < 1


@pytest.mark.parametrize(("args", "output", "function"), [
    ((14, 14), "adx", talib.ADX), ((14, 14), "plus", talib.PLUS_DI), ((14, 14), "minus", talib.MINUS_DI),
    ((7, 3), "direction", lambda *bar: talib.SUPERTREND(*bar, 3.0)[1]),
])  # fmt: skip
def test_one_output_is_what_talib_says(candles, args, output, function):
    """Of those of which TA-Lib has one at a time."""
    name = "supertrend" if output == "direction" else "adx"
    ours = candles[0](name, *args, output=output)[-SHOWN:]
    assert ours == pytest.approx(function(*BAR(candles[0]), args[0])[-SHOWN:], rel=1e-9)


def test_kama_goes_after_a_price_that_stands_still_as_after_one_that_runs():
    """Nothing moved in its ten bars: it comes nearer by the square of 2 / 3 a bar, as TA-Lib has it."""
    still = Indicators(window(closes(*(bar.close for bar in walk(100)), *[117.0] * 20)))
    ours, close = still("kama", 10), still.column("close")
    assert ours[-9:] == pytest.approx(talib.KAMA(close, 10)[-9:], rel=1e-9)
    assert (117 - ours[-8:]) / (117 - ours[-9:-1]) == pytest.approx(5 / 9, rel=1e-4)
