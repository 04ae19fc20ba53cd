"""The strategies of the golden file: every shipped kind, rules of every sort, and one of a user that fails."""

HEAD = """\
strategy_id: {name}
exchange: {exchange}
symbol: {symbol}
timeframe: {timeframe}
capital: 1000
{rest}
"""
BITCOIN = {"exchange": "binance", "symbol": "BTC/USDT", "timeframe": "1h"}
ETHER = {"exchange": "kraken", "symbol": "ETH/USD", "timeframe": "15m"}
OWN = '''"""A user's kind that buys after a rise, and raises now and then."""

from domain.kinds import Kind, Param
from domain.strategy import Signal


class Flaky:
    warmup = 3

    def signal(self, indicators):
        close = indicators.column("close")
        if round(close[-1] * 100) % 97 == 0:
            raise ValueError("a close that it does not like")
        return Signal(
            entry="risen" if close[-1] > close[-2] > close[-3] else None,
            exit="fallen" if close[-1] < close[-2] else None,
            indicators={"rise": close[-1] - close[-2]},
        )


KIND = Kind(
    name="flaky",
    doc="raises now and then",
    params={"unused": Param(int, 1, "nothing", 1, 9)},
    build=lambda params: Flaky(),
    warmup=lambda params: 3,
)
'''
ON_BITCOIN = {
    "rsi": "strategy: rsi",
    "rsi-orders": "strategy: rsi\nparams: { length: 7 }\nexits: { stop: 0.02, target: 0.03, check: intrabar }",
    "macd": "strategy: macd\nstake: { fixed: 250 }",
    "macd-trailing": "strategy: macd\nparams: { fast: 4, slow: 9, signal: 3 }\nexits: { trailing: 0.015 }\nwarmup: 60",
    "scalping": "strategy: scalping\nparams: { trend_length: 40, oversold: 25 }",
    "trend": "strategy: trend\nstake: { risk: 0.02 }",
    "trend-orders": """\
strategy: trend
stake: { risk: 0.01 }
exits: { trailing: 3 atr(20), check: intrabar }
warmup: 90""",
    "averages": """\
strategy: rules
params: { entry: "crosses_above(ema(5), ema(12))", exit: "crosses_below(ema(5), ema(12))" }
stake: { fraction: 0.3 }""",
    "bands": """\
strategy: rules
params: { entry: "close < bbands(20, 2).lower or rsi(2) < 10", exit: "close > bbands(20, 2).mid" }
exits: { stop: 2 atr(14), target: 3 atr(14), max_bars: 30 }""",
    "channel": """\
strategy: rules
params: { entry: "close > highest(high, 20)[1] and adx(14).adx > 15", exit: "close < lowest(low, 10)[1]" }
exits: { stop: 0.03, check: intrabar }""",
    "flaky": "strategy: flaky\nexits: { stop: 0.02 }",
    "poor": "strategy: rules\nparams: { entry: close > open, exit: close < open }\nstake: { fixed: 6 }",
}
ON_ETHER = {
    "stochastic": """\
strategy: rules
params: { entry: "stoch(14, 3, 3).k < 25 and close > ema(20) * 0.97", exit: "stoch(14, 3, 3).d > 70" }
exits: { trailing: 0.01, max_bars: 40, check: intrabar }""",
    "undefined": """\
strategy: rules
params: { entry: "(close - low) / (high - low) > 0.6", exit: "not close > close[2]" }""",
    "resting": """\
strategy: rules
params: { entry: "mom(5) > 0 and volume > sma(volume, 20)[1]", exit: "roc(10) < -1" }
exits: { stop: 0.008, target: 0.012, trailing: 0.01, check: intrabar }
stake: { fraction: 0.9 }""",
    "timed": """\
strategy: rules
params: { entry: willr(14) < -80 }
exits: { max_bars: 7 }""",
    "risking": """\
strategy: rules
params: { entry: "hlc3 > sma(hl2, 10)", exit: "close < sma(10)" }
exits: { stop: 1.5 atr(10), check: close }
stake: { risk: 0.03 }""",
    "twice": """\
strategy: rules
params: { entry: "30 < rsi(14) < 45 and not close[1] == close", exit: "crosses_above(rsi(14), 60)" }
exits: { target: 0.02 }""",
    "still": """\
strategy: rules
params: { entry: "close == close[1]", exit: "close != close[1]" }
stake: { fixed: 100 }""",
    "macd-eth": "strategy: macd\nparams: { fast: 8, slow: 21, signal: 5 }\nexits: { stop: 0.02, check: intrabar }",
}


def files() -> list[str]:
    """Every strategy's file."""
    named = [(BITCOIN, ON_BITCOIN), (ETHER, ON_ETHER)]
    return [HEAD.format(name=name, rest=rest, **series) for series, found in named for name, rest in found.items()]
