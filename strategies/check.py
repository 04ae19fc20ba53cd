"""Proofs on real candles: that a strategy does not look ahead, and that its warm-up is long enough.

A signal is asked for three times on the same bar: with all the history up to it, with exactly the warm-up before it,
and with indicators that were computed on all candles and then cut off at the bar. All three must agree.
"""

from collections.abc import Iterator
from math import isclose

from domain.candles import Window
from domain.strategy import Signal
from strategies.base import Strategy
from strategies.indicators import Column, Indicators

BARS = 200  # bars that are tried, the newest ones
BEYOND = 50  # candles beyond the warm-up from which on there is something to compare
TOLERANCE = 1e-9  # relative to the value, or to the price for values around zero


class Cut(Indicators):
    """The indicators of a whole window as they would look at an earlier bar, had they known the future."""

    def __init__(self, whole: Indicators, index: int) -> None:
        super().__init__(whole.window.ending(index, index + 1))
        self._whole, self._end = whole, index + 1

    def column(self, name: str) -> Column:
        """A price column up to the bar."""
        return self._whole.column(name)[: self._end]

    def __call__(self, name: str, *args: float | None, output: str | None = None) -> Column:
        """An indicator up to the bar, computed on everything."""
        return self._whole(name, *args, output=output)[: self._end]


def doubts(strategy: Strategy, window: Window, warmup: int) -> list[str]:
    """What speaks against a strategy on these candles, at most one complaint of each sort; empty when both are proven.

    `window` holds as many candles as there are. Too few of them to prove anything is a complaint too.
    """
    needed = warmup + BEYOND
    if len(window) < needed:
        return [f"not proven: {len(window)} candles are stored, {needed} are needed"]
    whole = Indicators(window)
    bars = range(max(warmup, len(window) - BARS), len(window) - 1)
    return [*_first(_ahead(strategy, whole, bars)), *_first(_short(strategy, window, warmup, bars))]


def _first(complaints: Iterator[str]) -> list[str]:
    return [complaint for complaint in [next(complaints, None)] if complaint]


def _ahead(strategy: Strategy, whole: Indicators, bars: range) -> Iterator[str]:
    """Bars on which knowing the future changes the signal."""
    window = whole.window
    for index in bars:
        known = strategy.signal(Indicators(window.ending(index, index + 1)))
        later = strategy.signal(Cut(whole, index))
        difference = _difference(known, later, window.candles[index].close)
        if difference:
            yield f"looks ahead: on the bar {window.candles[index].timestamp} later candles change {difference}"


def _short(strategy: Strategy, window: Window, warmup: int, bars: range) -> Iterator[str]:
    """Bars on which more history than the warm-up changes the signal."""
    for index in bars:
        full = strategy.signal(Indicators(window.ending(index, index + 1)))
        least = strategy.signal(Indicators(window.ending(index, warmup + 1)))
        difference = _difference(full, least, window.candles[index].close)
        if difference:
            bar = window.candles[index].timestamp
            yield f"the warm-up of {warmup} bars is too short: on the bar {bar} more history changes {difference}"


def _difference(one: Signal, other: Signal, price: float) -> str | None:
    """In what two signals differ, None where they say the same."""
    for name in ("entry", "exit"):
        if (getattr(one, name) is None) != (getattr(other, name) is None):
            return f"the {name} from {getattr(one, name)} to {getattr(other, name)}"
    if one.indicators.keys() != other.indicators.keys():
        return f"what is defined, from {', '.join(one.indicators)} to {', '.join(other.indicators)}"
    for name, value in one.indicators.items():
        if not isclose(value, other.indicators[name], rel_tol=TOLERANCE, abs_tol=TOLERANCE * price):
            return f"{name} from {value:.12g} to {other.indicators[name]:.12g}"
    return None
