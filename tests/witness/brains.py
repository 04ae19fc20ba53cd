"""The shipped kinds and some rules, each in the configuration's words and beside them by hand."""

from decimal import Decimal

from tests.witness.seen import Seen
from tests.witness.terms import Brain, Distance, Exits


def _rsi(seen: Seen, level: float) -> bool:
    return seen.rsi(14, 1) <= level < seen.rsi(14)


def _macd(seen: Seen, side: int) -> bool:
    before, now = ([seen.macd(12, 26, 9, output, ago) for output in (0, 1)] for ago in (1, 0))
    return side * before[0] <= side * before[1] and side * now[0] > side * now[1]


RSI = Brain(
    words="strategy: rsi",
    warmup=322,
    enter=lambda seen: _rsi(seen, 30),
    leave=lambda seen: _rsi(seen, 70),
    shown={"rsi_14": lambda seen: seen.rsi(14)},
)
MACD = Brain(
    words="strategy: macd",
    warmup=403,
    enter=lambda seen: _macd(seen, 1),
    leave=lambda seen: _macd(seen, -1),
    shown={"macd": lambda seen: seen.macd(12, 26, 9, 0), "macd_signal": lambda seen: seen.macd(12, 26, 9, 1)},
)
SCALPING = Brain(
    words="strategy: scalping",
    warmup=200,
    enter=lambda seen: seen.price("close") > seen.average("sma", 200) and seen.rsi(2) < 5,
    leave=lambda seen: seen.price("close") > seen.average("sma", 5),
    shown={
        "sma_200": lambda seen: seen.average("sma", 200),
        "sma_5": lambda seen: seen.average("sma", 5),
        "rsi_2": lambda seen: seen.rsi(2),
    },
    exits=Exits(stop=Distance(Decimal("0.02")), max_bars=24),
)
TREND = Brain(
    words="strategy: trend",
    warmup=460,
    enter=lambda seen: seen.price("close") > seen.extreme("highest", 20, "high", 1),
    leave=lambda seen: seen.price("close") < seen.extreme("lowest", 10, "low", 1),
    shown={
        "high_20": lambda seen: seen.extreme("highest", 20, "high", 1),
        "low_10": lambda seen: min(seen.extreme("lowest", 10, "low", 1), seen.extreme("highest", 20, "high", 1)),
    },  # the low is not shown in a window that is too short for the high
    exits=Exits(stop=Distance(Decimal(2), atr=20)),
)
