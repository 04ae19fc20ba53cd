"""Breakouts: the Turtles' System 1, long side, unfiltered, on the close.

Faith, "The Original Turtle Trading Rules", 2003.
"""

from dataclasses import dataclass
from decimal import Decimal

import numpy as np

from domain.catalogue import bars
from domain.kinds import Kind, Param
from domain.strategy import Distance, Exits
from strategies.base import ColumnStrategy, Signals, Words
from strategies.indicators import Indicators
from strategies.smoothing import Column, before, highest, lowest

ATR_LENGTH = 20  # the Turtles' N


@dataclass(frozen=True, slots=True)
class Trend(ColumnStrategy):
    """Enters above the highest high of the bars before, exits below their lowest low."""

    entry_length: int = 20
    exit_length: int = 10

    def signals(self, indicators: Indicators) -> Signals:
        """The close against the channel of the bars before it."""
        close, (upper, lower) = indicators.column("close"), self._channel(indicators)
        undefined = np.isnan(upper) | np.isnan(lower)
        return Signals(entry=(close > upper) & ~undefined, exit=(close < lower) & ~undefined, undefined=undefined)

    def words(self, indicators: Indicators, signals: Signals) -> Words:
        """The close and the channel."""
        if signals.newest_undefined:
            return Words(reason=f"the channel of {self.entry_length} bars is undefined: too few bars")
        close, high, low = (indicators.column(name) for name in ("close", "high", "low"))
        upper, lower = float(high[-1 - self.entry_length : -1].max()), float(low[-1 - self.exit_length : -1].min())
        return Words(
            entry=f"close {close[-1]:g} above the highest high {upper:g} of {self.entry_length} bars",
            exit=f"close {close[-1]:g} below the lowest low {lower:g} of {self.exit_length} bars",
            reason=f"close {close[-1]:g} within {lower:g} and {upper:g}",
            indicators={f"high_{self.entry_length}": upper, f"low_{self.exit_length}": lower},
        )

    def _channel(self, indicators: Indicators) -> tuple[Column, Column]:
        """The highest high and the lowest low of the bars before."""
        upper = highest(indicators.column("high"), self.entry_length)
        return before(upper), before(lowest(indicators.column("low"), self.exit_length))


KIND = Kind(
    name="trend",
    doc="buys breakouts above the highest high, sells below the lowest low",
    params={
        "entry_length": Param(int, 20, "bars before whose highest high is broken", 2, 500),
        "exit_length": Param(int, 10, "bars before whose lowest low is broken", 2, 500),
    },
    build=lambda params: Trend(**params),
    warmup=lambda params: max(bars("atr", ATR_LENGTH), params["entry_length"] + 1, params["exit_length"] + 1),
    exits=Exits(stop=Distance(Decimal(2), ATR_LENGTH)),
)
