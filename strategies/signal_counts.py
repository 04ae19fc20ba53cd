"""On how many bars a strategy wished to enter, and to exit: what never or always holds is hardly meant."""

from collections.abc import Callable, Iterable
from functools import partial
from typing import NamedTuple

import numpy as np

from strategies.base import ColumnStrategy, Strategy
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


def counts(strategy: Strategy, whole: Indicators, warmup: int) -> list[Callable[[], SignalCounts]]:
    """What is to be asked to count the signals of all bars that have their warm-up before them: once where the strategy
    says all of them at once, else bar by bar, the newest first. Whatever it raises comes out of its answer.
    """
    if isinstance(strategy, ColumnStrategy):
        return [partial(_counted, strategy, whole, warmup)]
    return [partial(_counted_bar, strategy, whole, index) for index in reversed(range(warmup, len(whole)))]


def total(found: Iterable[SignalCounts]) -> SignalCounts:
    """All bars together."""
    return SignalCounts(*map(sum, zip(*found, strict=True))) if (found := list(found)) else SignalCounts(0, 0, 0, 0)


def _counted(strategy: ColumnStrategy, whole: Indicators, warmup: int) -> SignalCounts:
    """What it wished on all bars."""
    signals = strategy.signals(whole)
    entry, leave = signals.entry[warmup:], signals.exit[warmup:]
    unknown = np.zeros(0, np.bool_) if signals.undefined is None else signals.undefined[warmup:]
    return SignalCounts(len(entry), *(int(mask.sum()) for mask in (entry, leave, entry & leave, unknown)))


def _counted_bar(strategy: Strategy, whole: Indicators, index: int) -> SignalCounts:
    """What it wished on one bar."""
    signal = strategy.signal(TruncatedIndicators(whole, index))
    entry, exits = signal.entry is not None, signal.exit is not None
    return SignalCounts(1, entry, exits, entry and exits, signal.undefined)
