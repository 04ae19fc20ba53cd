"""On how many bars a strategy wished to enter, and to exit: what never or always holds is hardly meant."""

from collections.abc import Callable, Iterable, Iterator
from functools import partial
from typing import NamedTuple

from strategies.base import Strategy
from strategies.check import Cut
from strategies.indicators import Indicators


class Held(NamedTuple):
    """How many bars were looked at, and on how many of them it wished to enter, to exit, both, and something that it
    looks at was undefined.
    """

    bars: int
    entries: int
    exits: int
    both: int
    unknown: int = 0


def questions(strategy: Strategy, whole: Indicators, warmup: int) -> list[Callable[[], Held]]:
    """What is to be asked, bar by bar, the newest first; whatever the strategy raises comes out of its answer."""
    return [partial(_held, strategy, whole, index) for index in reversed(range(warmup, len(whole)))]


def bars(whole: Indicators, warmup: int) -> Iterator[Indicators]:
    """The bars of a window that have their warm-up before them, each as it was when it was the newest."""
    return (Cut(whole, index) for index in range(warmup, len(whole)))


def total(found: Iterable[Held]) -> Held:
    """All bars together."""
    return Held(*map(sum, zip(*found, strict=True))) if (found := list(found)) else Held(0, 0, 0, 0)


def _held(strategy: Strategy, whole: Indicators, index: int) -> Held:
    """What it wished on one bar."""
    signal = strategy.signal(Cut(whole, index))
    entry, leave = signal.entry is not None, signal.exit is not None
    return Held(1, entry, leave, entry and leave, signal.undefined)
