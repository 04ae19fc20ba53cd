"""What columns over a long stretch say, beside the answer on each bar's own window: over 5,000 bars of real candles on
which now and then nobody trades or nothing moves.
"""

from dataclasses import dataclass

import numpy as np
import pytest

from domain.candles import Candle
from strategies.candidates import candidates
from strategies.indicators import Indicators
from strategies.kinds import SHIPPED, build
from tests.kit.candles import recorded, window

BARS = 5_000
STILL, AGAIN = 1_500, 1_900  # bars of which, from the newest back, some stand still
BITCOIN, ETHER, SOLANA, PEPE = (f"binance__{name}.csv.gz" for name in (
    "BTC-USDT__1h", "ETH-USDT__5m", "SOL-USDT__15m", "PEPE-USDT__1h"))  # fmt: skip
CASES = [
    (BITCOIN, "rsi", {}),
    (PEPE, "rsi", {"length": 3}),
    (BITCOIN, "macd", {}),
    (ETHER, "macd", {"fast": 4, "slow": 9, "signal": 3}),
    (ETHER, "scalping", {}),
    (PEPE, "scalping", {"trend_length": 40, "oversold": 25}),
    (BITCOIN, "trend", {}),
    (SOLANA, "trend", {"entry_length": 5, "exit_length": 12}),
    (BITCOIN, "crosses_above(ema(5), ema(12))", "crosses_below(ema(5), ema(12))"),
    (PEPE, "close < bbands(20, 2).lower or rsi(2) < 10", "close > bbands(20, 2).mid"),
    (SOLANA, "close > highest(high, 20)[1] and adx(14).adx > 15", "close <= lowest(low, 10)"),
    (ETHER, "(close - low) / (high - low) > 0.6", "not close >= close[2]"),
    (BITCOIN, "mom(5) > 0 and volume > 1.5 * sma(volume, 20)[1]", "roc(10) < -1"),
    (PEPE, "30 < rsi(hlc3, 14) < 45 and not close[1] == close", "crosses_above(rsi(14)[1], 60)"),
    (SOLANA, "close == close[1] or close == sma(3)", "close != close[1] and close != ema(4)"),
    (ETHER, "stoch(14, 3, 3).k < 25 and close > ema(hl2, 20) * 0.97", "stoch(14, 3, 3).d > 70 or cmf(20) > 0.2"),
    (BITCOIN, "crosses_above(macd(4, 9, 3).histogram, 0)", "not (crosses_below(close, sma(50)) or rsi(14) > 50)"),
    (PEPE, "atr(14) / close > 0.01 and close - open > 0.5 * (high - low)", "willr(14) > -20"),
    (SOLANA, "crosses_above(close, sma(20) + 2 * atr(10))", "crosses_below(-mom(3), volume - volume[1])"),
    (BITCOIN, "supertrend(7, 3).trend < close and mfi(14) < 60", "increasing(3) == 0 and kama(10) > close[3]"),
]


def told(case):
    """A case in a word."""
    return f"{case[0].partition('__')[2].partition('-')[0]} {case[1]}"


@dataclass(frozen=True)
class Compared:
    """Of each of 5,000 bars what was said on its own window, by the columns over the stretch, and as candidates; and
    whether the price moved.
    """

    own: dict[str, np.ndarray]
    columns: dict[str, np.ndarray]
    candidates: dict[str, np.ndarray]
    moved: np.ndarray


def broken_up(candles):
    """The same where nothing moves for 300 bars, on 200 of which nobody trades, and each 97th bar is empty."""
    found = list(candles)
    for place in range(1, len(found)):
        back, before = len(found) - place, found[place - 1].close
        still, silent = AGAIN < back <= AGAIN + 200 or STILL < back <= STILL + 100, AGAIN < back <= AGAIN + 200
        if still or back % 97 == 0:
            volume = found[place].volume if still and not silent else 0.0
            found[place] = Candle(found[place].timestamp, *[before] * 4, volume)
    return found


@pytest.fixture(params=CASES, ids=told)
def compared(request, data):
    """A case over its candles."""
    name, kind, params = request.param
    if kind in SHIPPED:
        defaults = {key: param.default for key, param in SHIPPED[kind].params.items()}
        params = defaults | params
    else:
        kind, params = "rules", {"entry": kind, "exit": params}
    strategy, warmup = build(kind, params), SHIPPED[kind].warmup(params)
    stretch = Indicators(window(broken_up(recorded(data, name, warmup - 1 + BARS))))
    said = [strategy.signal(stretch.ending(index, warmup)) for index in range(warmup - 1, len(stretch))]
    own = {key: np.array([getattr(each, key) is not None for each in said]) for key in ("entry", "exit")}
    masks, found = strategy.signals(stretch), candidates(strategy, stretch, warmup)
    assert not found.entry[: warmup - 1].any()
    return Compared(
        own | {"undefined": np.array([each.undefined for each in said])},
        {key: getattr(masks, key)[warmup - 1 :] for key in ("entry", "exit", "undefined")},
        {key: getattr(found, key)[warmup - 1 :] for key in ("entry", "exit")},
        (stretch.column("high") > stretch.column("low"))[warmup - 1 :],
    )


def test_columns_over_a_stretch_find_every_bar_on_which_a_strategy_acts(compared):
    """Where all is defined they say the same of each bar as its own window; where something is undefined, or a digit
    might turn it, the bar is a candidate. Of the others on which the price moves at most one in ten is, where prices of
    few digits are often equal to their average.
    """
    own, columns = compared.own, compared.columns
    unknown = own["undefined"] | columns["undefined"]
    assert np.count_nonzero(own["undefined"] != columns["undefined"]) <= 8
    for key, found in compared.candidates.items():
        assert np.flatnonzero((own[key] != columns[key]) & ~unknown).tolist() == []
        assert np.flatnonzero(own[key] & ~found).tolist() == []
        assert np.count_nonzero(found & ~own[key] & ~unknown & compared.moved) <= BARS // 10
    assert own["entry"].any()
    assert own["exit"].any()
