"""Breakouts: the Turtles' System 1, long side, unfiltered, on the close.

Faith, "The Original Turtle Trading Rules", 2003.
"""

from dataclasses import dataclass
from decimal import Decimal

from domain.catalogue import bars
from domain.kinds import Kind, Param
from domain.strategy import Distance, Exits, Signal
from strategies.indicators import Indicators

ATR_LENGTH = 20  # the Turtles' N


@dataclass(frozen=True, slots=True)
class Trend:
    """Enters above the highest high of the bars before, exits below their lowest low."""

    entry_length: int = 20
    exit_length: int = 10

    @property
    def warmup(self) -> int:
        """The channel, or the ATR of the stop."""
        return max(bars("atr", ATR_LENGTH), self.entry_length + 1, self.exit_length + 1)

    def signal(self, indicators: Indicators) -> Signal:
        """The newest close against the channel of the bars before it."""
        if len(indicators) <= max(self.entry_length, self.exit_length):
            return Signal(reason=f"the channel of {self.entry_length} bars is undefined: too few bars", undefined=True)
        close = float(indicators.column("close")[-1])
        highest = float(indicators.column("high")[-1 - self.entry_length : -1].max())
        lowest = float(indicators.column("low")[-1 - self.exit_length : -1].min())
        return Signal(
            entry=f"close {close:g} above the highest high {highest:g} of {self.entry_length} bars"
            if close > highest
            else None,
            exit=f"close {close:g} below the lowest low {lowest:g} of {self.exit_length} bars"
            if close < lowest
            else None,
            reason=f"close {close:g} within {lowest:g} and {highest:g}",
            indicators={f"high_{self.entry_length}": highest, f"low_{self.exit_length}": lowest},
        )


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
