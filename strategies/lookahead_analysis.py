"""Proofs on real candles: that a strategy does not look ahead, and that its warm-up is long enough.

A signal is asked for three times on the same bar: with all the history up to it, with exactly the warm-up before it,
and with indicators that were computed on all candles and then cut off at the bar. All three must agree, and with the
third what a strategy in columns says of the bar when it sees all candles.
"""

from collections.abc import Callable, Iterable, Mapping
from functools import partial
from math import isclose
from typing import NamedTuple

from domain.strategy import Signal
from domain.units import PRICE, Unit
from strategies.base import ColumnStrategy, Strategy
from strategies.indicators import Indicators
from strategies.smoothing import Column

BARS = 200  # bars that are tried, the newest ones
BEYOND = 50  # candles beyond the warm-up from which on there is something to compare
TOLERANCE = 1e-8  # relative to the value, or to what is large in its unit for values around zero


class TruncatedIndicators(Indicators):
    """The indicators of a whole window as they would look at an earlier bar, had they known the future."""

    def __init__(self, whole: Indicators, index: int) -> None:
        super().__init__(whole.window.ending(index, index + 1), {})
        self._whole, self._end = whole, index + 1

    def column(self, name: str) -> Column:
        """A price column up to the bar."""
        return self._whole.column(name)[: self._end]

    def read(self, name: str) -> Column:
        """A price column up to the bar, as rules compare it."""
        return self._whole.read(name)[: self._end]

    def __call__(self, name: str, *args: float | None, output: str | None = None, source: str | None = None) -> Column:
        """An indicator up to the bar, computed on everything."""
        return self._whole(name, *args, output=output, source=source)[: self._end]


class LookaheadFinding(NamedTuple):
    """What speaks against a strategy on one bar: that it looks ahead, that its warm-up is too short; None: nothing."""

    lookahead: str | None
    short_warmup: str | None


def too_few_candles(stored: int, warmup: int) -> list[str]:
    """That so many candles are too few to prove anything, where they are."""
    needed = warmup + BEYOND
    return [f"not proven: {stored} candles are stored, {needed} are needed"] if stored < needed else []


def bar_checks(strategy: Strategy, whole: Indicators, warmup: int) -> list[Callable[[], LookaheadFinding]]:
    """What is to be asked, bar by bar; whatever the strategy raises comes out of its answer."""
    bars = range(max(warmup, len(whole) - BARS), len(whole) - 1)
    return [partial(_checked_bar, strategy, whole, warmup, index) for index in bars]


def first_findings(found: Iterable[LookaheadFinding]) -> list[str]:
    """The first complaint of each sort."""
    sorts = zip(*found, strict=True)
    return [complaint for sort in sorts if (complaint := next(filter(None, sort), None))]


def _checked_bar(strategy: Strategy, whole: Indicators, warmup: int, index: int) -> LookaheadFinding:
    """Whether knowing the future changes the signal on a bar, and whether more history than the warm-up does."""
    bar, part = whole.window.candles[index], whole.ending(index, warmup)
    large = _Large(bar.close, float(part.column("volume").max()), getattr(strategy, "units", {}))
    full, truncated = (
        strategy.signal(whole.ending(index, index + 1)),
        strategy.signal(TruncatedIndicators(whole, index)),
    )
    ahead = _difference(full, truncated, large) or _difference_in_columns(truncated, strategy, whole, index)
    short = _difference(full, strategy.signal(part), large)
    on = f"on the bar {bar.timestamp}"
    return LookaheadFinding(
        f"looks ahead: {on} later candles change {ahead}" if ahead else None,
        f"the warm-up of {warmup} bars is too short: {on} more history changes {short}" if short else None,
    )


def _difference_in_columns(signal: Signal, strategy: Strategy, whole: Indicators, index: int) -> str | None:
    """Which column says something else of a bar than the signal, None where none does or there is none."""
    if not isinstance(strategy, ColumnStrategy):
        return None
    signals = strategy.signals(whole)
    said = {"entry": (signals.entry, signal.entry), "exit": (signals.exit, signal.exit)}
    return next(
        (f"the column {name}" for name, (mask, word) in said.items() if mask[index] != (word is not None)), None
    )


class _Large(NamedTuple):
    """The price and the largest volume, and the units of values by name: that of a price where it is not known."""

    price: float
    volume: float
    units: Mapping[str, Unit]

    def of(self, name: str) -> float:
        """What is large in the unit of a value."""
        return self.units.get(name, PRICE).of(self.price, self.volume)


def _difference(one: Signal, other: Signal, large: _Large) -> str | None:
    """In what two signals differ, None where they say the same."""
    for name in ("entry", "exit"):
        if (getattr(one, name) is None) != (getattr(other, name) is None):
            return f"the {name} from {getattr(one, name)} to {getattr(other, name)}"
    if one.indicators.keys() != other.indicators.keys():
        return f"what is defined, from {', '.join(one.indicators)} to {', '.join(other.indicators)}"
    for name, value in one.indicators.items():
        if not isclose(value, other.indicators[name], rel_tol=TOLERANCE, abs_tol=TOLERANCE * large.of(name)):
            return f"{name} from {value:.12g} to {other.indicators[name]:.12g}"
    return None
