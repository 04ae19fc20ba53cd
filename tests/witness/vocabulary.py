"""Prices and indicators that rules of the witness are made of."""

import math

from tests.witness.expressions import Term, leaf
from tests.witness.seen import Seen


def price(name: str) -> Term:
    """A column of the candles."""
    return leaf(name, lambda seen, ago: seen.price(name, ago), 1)


close, open_, high, low, volume = (price(name) for name in ("close", "open", "high", "low", "volume"))


def rsi(length: int) -> Term:
    """Wilder's relative strength."""
    return leaf(f"rsi({length})", lambda seen, ago: seen.rsi(length, ago), 23 * length, recurs=True)


def sma(length: int, source: str = "close") -> Term:
    """The simple average of a column."""
    return leaf(_of("sma", length, source), lambda seen, ago: seen.average("sma", length, source, ago), length)


def ema(length: int, source: str = "close") -> Term:
    """The exponential average of a column."""
    value = lambda seen, ago: seen.average("ema", length, source, ago)  # noqa: E731
    return leaf(_of("ema", length, source), value, math.ceil(11.5 * length), recurs=True)


def extreme(kind: str, length: int, source: str) -> Term:
    """The `highest` or `lowest` of a column."""
    return leaf(_of(kind, length, source), lambda seen, ago: seen.extreme(kind, length, source, ago), length)


def _of(name: str, length: int, source: str) -> str:
    return f"{name}({length})" if source == "close" else f"{name}({source}, {length})"


def atr(length: int) -> Term:
    """Wilder's average true range."""
    return leaf(f"atr({length})", lambda seen, ago: seen.ranged("atr", length, ago=ago), 23 * length, recurs=True)


def macd(fast: int, slow: int, signal: int, output: str) -> Term:
    """MACD, its signal, or what lies between them."""

    def value(seen: Seen, ago: int) -> float:
        return seen.macd(fast, slow, signal, ("macd", "signal", "histogram").index(output), ago)

    return leaf(
        f"macd({fast}, {slow}, {signal}).{output}",
        value,
        math.ceil(11.5 * slow) + math.ceil(11.5 * signal),
        recurs=True,
    )


def donchian(length: int, output: str) -> Term:
    """The highest high (`upper`) or lowest low (`lower`) of so many bars."""
    kind, column = ("highest", "high") if output == "upper" else ("lowest", "low")
    words = f"donchian({length}, {length}).{output}"
    return leaf(words, lambda seen, ago: seen.extreme(kind, length, column, ago), length)


def stoch(length: int, slowing: int, signal: int, output: str) -> Term:
    """The stochastic oscillator."""

    def value(seen: Seen, ago: int) -> float:
        return seen.ranged("stoch", length, slowing, signal, output="kd".index(output), ago=ago)

    return leaf(f"stoch({length}, {slowing}, {signal}).{output}", value, length + slowing + signal - 2)


def bbands(length: int, width: int, output: str) -> Term:
    """Bollinger's bands."""
    output_place = ("lower", "upper").index(output)
    words = f"bbands({length}, {width}).{output}"
    return leaf(words, lambda seen, ago: seen.band(length, width, output_place, ago), length)


def willr(length: int) -> Term:
    """Williams' %R."""
    return leaf(f"willr({length})", lambda seen, ago: seen.ranged("willr", length, ago=ago), length)


def adx(length: int, output: str) -> Term:
    """Wilder's directional movement."""
    place = ("adx", "plus", "minus").index(output)
    words = f"adx({length}).{output}"
    return leaf(words, lambda seen, ago: seen.ranged("adx", length, output=place, ago=ago), 46 * length, recurs=True)


def roc(length: int) -> Term:
    """The change over so many bars, in per cent."""
    return leaf(f"roc({length})", lambda seen, ago: seen.change(length, ago, percent=True), length + 1)


def mom(length: int) -> Term:
    """The change over so many bars."""
    return leaf(f"mom({length})", lambda seen, ago: seen.change(length, ago, percent=False), length + 1)
