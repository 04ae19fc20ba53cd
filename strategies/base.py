"""What a strategy is: a value with a warm-up that turns the indicators of a window into a signal."""

from typing import Protocol

from domain.strategy import Signal
from strategies.indicators import Indicators


class Strategy(Protocol):
    """Pure: the same indicators give the same signal; nothing is remembered between calls."""

    @property
    def warmup(self) -> int:
        """Bars that must be there before the first decision."""

    def signal(self, indicators: Indicators) -> Signal:
        """What it wishes on the newest bar of the window."""
