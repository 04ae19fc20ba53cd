"""MACD crossing its signal line (Appel, 1979)."""

from dataclasses import dataclass

import numpy as np

from domain.catalogue import bars
from domain.kinds import Kind, Param, Params
from strategies.base import ColumnStrategy, Signals, Words
from strategies.crossing import crosses_above
from strategies.indicators import Indicators
from strategies.smoothing import Column


@dataclass(frozen=True, slots=True)
class Macd(ColumnStrategy):
    """Enters when MACD crosses above its signal line, exits when it crosses below."""

    fast: int = 12
    slow: int = 26
    signal_length: int = 9

    def signals(self, indicators: Indicators) -> Signals:
        """The crossings in both directions."""
        macd, line = self._lines(indicators)
        return Signals(entry=crosses_above(macd, line), exit=crosses_above(line, macd), undefined=np.isnan(line))

    def words(self, indicators: Indicators, signals: Signals) -> Words:
        """MACD against its signal line."""
        name = f"MACD{self.fast, self.slow, self.signal_length}"
        if signals.newest_undefined:
            return Words(reason=f"{name} is undefined: too few bars")
        value, against = (float(line[-1]) for line in self._lines(indicators))
        seen = f"{value:.6g} against {against:.6g}"
        return Words(
            entry=f"{name} crossed above its signal: {seen}",
            exit=f"{name} crossed below its signal: {seen}",
            reason=f"{name} {seen}",
            indicators={"macd": value, "macd_signal": against},
        )

    def _lines(self, indicators: Indicators) -> tuple[Column, Column]:
        """MACD and its signal line."""
        lengths = (self.fast, self.slow, self.signal_length)
        return indicators("macd", *lengths, output="macd"), indicators("macd", *lengths, output="signal")


def _check(params: Params) -> list[tuple[str, str]]:
    wrong = params["fast"] >= params["slow"]
    return [("fast", f"must be below slow ({params['slow']})")] if wrong else []


KIND = Kind(
    name="macd",
    doc="enters when MACD crosses above its signal line, exits when it crosses below",
    params={
        "fast": Param(int, 12, "bars of the fast average", 2, 200),
        "slow": Param(int, 26, "bars of the slow average", 3, 400),
        "signal": Param(int, 9, "bars of the signal line", 2, 200),
    },
    build=lambda params: Macd(params["fast"], params["slow"], params["signal"]),
    warmup=lambda params: bars("macd", params["fast"], params["slow"], params["signal"]),
    check=_check,
)
