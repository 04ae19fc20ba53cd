"""On how many bars a strategy wished to enter, and to exit: what never or always holds is hardly meant."""

from collections.abc import Callable, Iterable, Iterator
from functools import partial
from typing import NamedTuple

from strategies.base import Strategy
from strategies.indicators import Indicators
from strategies.lookahead_analysis import TruncatedIndicators


class SignalCounts(NamedTuple):
    """How many bars were looked at, and on how many of them it wished to enter, to exit, both, and something that it
    looks at was undefined.
    """

    bars: int
    entries: int
    exits: int
    both: int
    unknown: int = 0


def bar_counts(strategy: Strategy, whole: Indicators, warmup: int) -> list[Callable[[], SignalCounts]]:
    """What is to be asked, bar by bar, the newest first; whatever the strategy raises comes out of its answer."""
    return [partial(_counted_bar, strategy, whole, index) for index in reversed(range(warmup, len(whole)))]


def bars(whole: Indicators, warmup: int) -> Iterator[Indicators]:
    """The bars of a window that have their warm-up before them, each as it was when it was the newest."""
    return (TruncatedIndicators(whole, index) for index in range(warmup, len(whole)))


def total(found: Iterable[SignalCounts]) -> SignalCounts:
    """All bars together."""
    return SignalCounts(*map(sum, zip(*found, strict=True))) if (found := list(found)) else SignalCounts(0, 0, 0, 0)


def _counted_bar(strategy: Strategy, whole: Indicators, index: int) -> SignalCounts:
    """What it wished on one bar."""
    signal = strategy.signal(TruncatedIndicators(whole, index))
    entry, exits = signal.entry is not None, signal.exit is not None
    return SignalCounts(1, entry, exits, entry and exits, signal.undefined)
