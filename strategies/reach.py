"""How far back an indicator looks, and which ones a rule may not use.

Measured on 3,000 real candles: the bars after which the start of the data weighs less than 1e-9, as a multiple of the
indicator's lengths. What is smoothed exponentially forgets in 11.5 times its length, Wilder's smoothing in 23.
"""

import re
from collections.abc import Mapping
from functools import cache
from math import ceil
from types import MappingProxyType

import numpy as np

from strategies.library import Indicator, indicator, outputs, pd

START = "depends on where the data starts: it would say something else after every restart"
AHEAD = "looks ahead"
OTHERS = "is made of other indicators: compare them in the rule itself"
BROKEN = "does not work in the installed pandas_ta"
REFUSED: Mapping[str, str] = MappingProxyType(
    dict.fromkeys(("ad", "obv", "aobv", "nvi", "pvi", "pvt", "ha", "hwc", "psar", "td_seq", "tos_stdevall"), START)
    | {"vwap": f"has no anchor here and {START}"}
    | dict.fromkeys(("dpo", "ichimoku"), AHEAD)
    | dict.fromkeys(("long_run", "short_run", "tsignals", "xsignals"), OTHERS)
    | dict.fromkeys(("mcgd", "vidya"), BROKEN)
    | {"cdl_pattern": "takes a name, not numbers", "cdl_z": "has one output for each price: use zscore"}
)
_FACTORS = {
    1.0: (
        "accbands alma amat ao apo aroon bbands bias bop brar cci cfo cg chop cmf coppock cti decay decreasing donchian"
        " eom er fwma hilo hl2 hlc3 hma increasing kst kurtosis linreg log_return mad median mfi midpoint midprice mom"
        " ohlc4 pdist percent_return psl pvol pvr pwma qstick quantile roc rvgi sinwma skew slope sma squeeze"
        " squeeze_pro stdev stoch swma trima true_range ttm_trend uo variance vhf vortex vwma wcp willr wma zscore"
    ),
    2.2: "ebsw entropy ui",
    11.5: "adosc dema ema eri fisher inertia kama kc kdj kvo macd massi ppo pvo smi ssf stc tema trix tsi zlma",
    46.0: "adx cmo",
    75.0: "jma",
}
FACTORS: Mapping[str, float] = MappingProxyType(
    {name: factor for factor, names in _FACTORS.items() for name in names.split()}
)
WILDER = 23.0  # of those that are not named above
MARGIN = 5  # bars
LENGTHS = re.compile(r"_(\d+(?:\.\d+)?)")
LONGEST = 10_000  # larger numbers in a column's name are no lengths

SLOW = frozenset(
    ["cci", "cfo", "cg", "cti", "ebsw", "fisher", "fwma", "hilo", "inertia", "jma", "kama", "linreg", "mad", "pwma",
     "qqe", "rsx", "rvgi", "sinwma", "ssf", "stc", "supertrend", "swma", "ttm_trend"]
)  # fmt: skip  # walk bar by bar or window by window: with lengths of 10,000 they took up to minutes
SLOW_BARS = 1_000  # their lengths together


def refused(name: str, args: tuple[float | None, ...]) -> str | None:
    """Why a rule may not use an indicator so, None where it may."""
    if name in SLOW and sum(value for value in args if value) > SLOW_BARS:
        return f"takes too long for more than {SLOW_BARS} bars: use smaller lengths"
    return REFUSED.get(name)


def reach(name: str, args: tuple[float | None, ...]) -> int:
    """Bars that must be there before the indicator's newest value is what it always will be."""
    lengths = [number for number in map(float, LENGTHS.findall(_columns(name, args)[0])) if number <= LONGEST]
    return ceil(FACTORS.get(name, WILDER) * sum(lengths)) + MARGIN


def names_of_outputs(name: str, args: tuple[float | None, ...]) -> tuple[str, ...]:
    """What the indicator's columns are called, the one that counts without a name first."""
    return outputs(name, _columns(name, args))


@cache
def _columns(name: str, args: tuple[float | None, ...]) -> tuple[str, ...]:
    """The columns that pandas_ta makes, learned from a dry run: their names carry the lengths, defaults included."""
    spec = indicator(name)
    size = 300 + 4 * ceil(sum(value for value in args if value and value <= LONGEST))
    found = spec.function(**_candles(spec, size), **dict(zip(spec.arguments, args, strict=False)))
    if found is None:
        raise ValueError("cannot be computed with these arguments")
    return tuple(map(str, found.columns)) if isinstance(found, pd.DataFrame) else (str(found.name),)


def _candles(spec: Indicator, size: int) -> dict[str, "pd.Series[float]"]:
    """Made-up prices for a dry run, rising and falling."""
    close = 100 + 10 * np.sin(np.arange(size) / 5) + 3 * np.sin(np.arange(size) * 1.7)
    values = {"open": np.roll(close, 1), "high": close + 4, "low": close - 4, "close": close, "volume": close * 7}
    return {argument: pd.Series(values[column]) for argument, column in spec.columns}
