"""What a strategy is: a value that turns the indicators of a window into a signal, best by whole columns."""

from abc import ABC, abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass
from typing import NamedTuple, Protocol

import numpy as np

from domain.strategy import NOTHING, Signal
from strategies.indicators import Indicators
from strategies.smoothing import Mask


class Strategy(Protocol):
    """Pure: the same indicators give the same signal; nothing is remembered between calls."""

    def signal(self, indicators: Indicators) -> Signal:
        """What it wishes on the newest bar of the window."""


@dataclass(frozen=True, slots=True)
class Signals:
    """What a strategy wishes on every bar of a window, the oldest first: columns of booleans, as long as the window.

    `entry` and `exit` are true where the condition is met, whether or not a position is held. `undefined` is true where
    something that the strategy looks at is undefined; None: nowhere. Raises TypeError for other columns.
    """

    entry: Mask
    exit: Mask
    undefined: Mask | None = None

    def __post_init__(self) -> None:
        size = getattr(self.entry, "shape", None)
        for mask in (self.entry, self.exit) if self.undefined is None else (self.entry, self.exit, self.undefined):
            if not isinstance(mask, np.ndarray) or mask.dtype != np.bool_ or mask.shape != size:
                shape = f"{mask.dtype} of {mask.shape}" if isinstance(mask, np.ndarray) else type(mask).__name__
                raise TypeError(f"entry, exit and undefined of Signals are numpy arrays of booleans; one is {shape}")

    @property
    def newest_undefined(self) -> bool:
        """Whether something that the strategy looks at is undefined on the newest bar."""
        return self.undefined is not None and bool(self.undefined[-1])


class Words(NamedTuple):
    """What a strategy says of the newest bar: why it enters if it does, why it exits if it does, and what it saw
    otherwise; and the values that it looked at, by name, without those that are undefined.
    """

    entry: str = ""
    exit: str = ""
    reason: str = ""
    indicators: Mapping[str, float] = NOTHING


class ColumnStrategy(ABC):
    """A strategy that says where it enters and exits by columns, and why in words.

    The value of a bar must be made of that bar and those before it: a trader reads the last one, on the strategy's own
    window; over a long stretch the columns say which bars are worth asking about (`strategies.candidates`).
    """

    __slots__ = ()

    @abstractmethod
    def signals(self, indicators: Indicators) -> Signals:
        """Where it wishes to enter and to exit, on every bar of the window."""

    @abstractmethod
    def words(self, indicators: Indicators, signals: Signals) -> Words:
        """What it says of the newest bar, on which it gave these signals."""

    def signal(self, indicators: Indicators) -> Signal:
        """What it wishes on the newest bar, in words. Raises TypeError for columns of another length."""
        signals = self.signals(indicators)
        if len(signals.entry) != len(indicators):
            raise TypeError(f"the columns of Signals have {len(signals.entry)} bars, the window has {len(indicators)}")
        words = self.words(indicators, signals)
        return Signal(
            entry=words.entry if signals.entry[-1] else None,
            exit=words.exit if signals.exit[-1] else None,
            reason=words.reason,
            indicators=words.indicators,
            undefined=signals.newest_undefined,
        )
