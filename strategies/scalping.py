"""Buying a short dip in a long rise.

Connors and Alvarez, "Short Term Trading Strategies That Work", 2008, chapter 9.
"""

from dataclasses import dataclass
from decimal import Decimal
from math import isfinite

import numpy as np

from domain.catalogue import bars
from domain.kinds import Kind, Param
from domain.strategy import Distance, Exits
from strategies.base import ColumnStrategy, Signals, Words
from strategies.indicators import Indicators
from strategies.smoothing import Column


@dataclass(frozen=True, slots=True)
class Scalping(ColumnStrategy):
    """Enters on a very low RSI above the long average, exits above the short one. Stop and time limit are ours."""

    trend_length: int = 200
    rsi_length: int = 2
    oversold: float = 5
    exit_length: int = 5

    def signals(self, indicators: Indicators) -> Signals:
        """The close against both averages."""
        close, (trend, short, rsi) = indicators.read("close"), self._seen(indicators)
        return Signals(
            entry=(close > trend) & (rsi < self.oversold),
            exit=close > short,
            undefined=np.isnan(trend) | np.isnan(short) | np.isnan(rsi),
        )

    def words(self, indicators: Indicators, _signals: Signals) -> Words:
        """The close, both averages and RSI."""
        close, (trend, short, rsi) = indicators.read("close")[-1], (float(each[-1]) for each in self._seen(indicators))
        values = {f"sma_{self.trend_length}": trend, f"sma_{self.exit_length}": short, f"rsi_{self.rsi_length}": rsi}
        shown = [f"{value:.6g}" if isfinite(value) else "undefined" for value in (trend, rsi)]
        seen = f"close {close:g}, SMA({self.trend_length}) {shown[0]}, RSI({self.rsi_length}) {shown[1]}"
        return Words(
            entry=f"dip in a rise: {seen}",
            exit=f"close {close:g} above SMA({self.exit_length}) {short:.6g}",
            reason=seen,
            indicators={name: value for name, value in values.items() if isfinite(value)},
        )

    def _seen(self, indicators: Indicators) -> tuple[Column, Column, Column]:
        """The long average, the short one, and RSI."""
        long, short = indicators("sma", self.trend_length), indicators("sma", self.exit_length)
        return long, short, indicators("rsi", self.rsi_length)


KIND = Kind(
    name="scalping",
    doc="buys a short dip in a long rise, for 5m",
    params={
        "trend_length": Param(int, 200, "bars of the average that shows the rise", 10, 1000),
        "rsi_length": Param(int, 2, "bars of the RSI that shows the dip", 2, 50),
        "oversold": Param(float, 5, "RSI below which a dip is bought", 0.1, 50),
        "exit_length": Param(int, 5, "bars of the average above which is sold", 2, 200),
    },
    build=lambda params: Scalping(**params),
    warmup=lambda params: max(params["trend_length"], bars("rsi", params["rsi_length"]), params["exit_length"]),
    exits=Exits(stop=Distance(Decimal("0.02")), max_bars=24),
)
