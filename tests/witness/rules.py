"""A dozen rules that trade often, of every part of the language."""

from tests.witness.expressions import brain, crosses_above, crosses_below
from tests.witness.vocabulary import (
    atr,
    bbands,
    close,
    donchian,
    ema,
    extreme,
    high,
    low,
    macd,
    mom,
    open_,
    roc,
    rsi,
    sma,
    stoch,
    volume,
    willr,
)  # fmt: skip

RULES = {
    "oversold": brain((rsi(14) < 35) & (close > sma(50) * 0.98), rsi(14) > 55),
    "averages": brain(crosses_above(ema(10), ema(20)), crosses_below(ema(10), ema(20))),
    "channel": brain(close > donchian(10, "upper")[1], close < donchian(5, "lower")[1]),
    "stochastic": brain((stoch(14, 3, 3, "k") < 25) & (close > ema(20) * 0.97), stoch(14, 3, 3, "d") > 70),
    "candle": brain(((close - low) / (high - low) > 0.8) & (close > open_), close < low[1]),
    "either": brain((willr(14) < -90) | (close < sma(20) * 0.98), willr(14) > -20),
    "unless": brain((roc(10) > 1) & ~(rsi(7) > 80), mom(5) < 0),
    "before": brain((rsi(2)[1] < 60) & (close > close[1]) & (rsi(2)[1] > 20), close < close[1]),
    "momentum": brain(
        (macd(4, 9, 3, "macd") > macd(4, 9, 3, "signal")) & (macd(4, 9, 3, "histogram") > 0),
        macd(4, 9, 3, "histogram") < 0,
    ),
    "range": brain(high - low > atr(14) * 1.5, close > close[2]),
    "bands": brain(
        crosses_above(close, bbands(20, 2, "lower")) & (volume > volume[1] * 1.2), close > bbands(20, 2, "upper")
    ),
    "simple": brain(close > open_, close < close[3]),
    "loud": brain((volume > sma(20, "volume")[1] * 1.5) & (close > ema(10, "hl2")), close < ema(10, "hl2")),
    "breakout": brain(close >= extreme("highest", 20, "high")[1], close <= extreme("lowest", 10, "low")[1]),
    "always": brain(close > 0, close > close[1]),
}
