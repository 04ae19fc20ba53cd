"""RSI reversal (Wilder, "New Concepts in Technical Trading Systems", 1978)."""

from dataclasses import dataclass

import numpy as np

from domain.catalogue import bars
from domain.kinds import Kind, Param, Params
from strategies.base import ColumnStrategy, Signals, Words
from strategies.crossing import crosses_above
from strategies.indicators import Indicators
from strategies.smoothing import before


@dataclass(frozen=True, slots=True)
class Rsi(ColumnStrategy):
    """Enters when RSI comes back above `oversold`, exits when it rises above `overbought`."""

    length: int = 14
    oversold: float = 30
    overbought: float = 70

    def signals(self, indicators: Indicators) -> Signals:
        """The crossings of both levels."""
        rsi = indicators("rsi", self.length)
        return Signals(
            entry=crosses_above(rsi, self.oversold),
            exit=crosses_above(rsi, self.overbought),
            undefined=np.isnan(rsi) | np.isnan(before(rsi)),
        )

    def words(self, indicators: Indicators, signals: Signals) -> Words:
        """RSI on the bar before and on this one."""
        name = f"RSI({self.length})"
        if signals.newest_undefined:
            return Words(reason=f"{name} is undefined: too few bars, or none of them moved")
        rsi = indicators("rsi", self.length)
        seen = f"{rsi[-2]:.4g} then {rsi[-1]:.4g}"
        return Words(
            entry=f"{name} crossed above {self.oversold}: {seen}",
            exit=f"{name} crossed above {self.overbought}: {seen}",
            reason=f"{name} {seen}",
            indicators={f"rsi_{self.length}": float(rsi[-1])},
        )


def _check(params: Params) -> list[tuple[str, str]]:
    wrong = params["oversold"] >= params["overbought"]
    return [("oversold", f"must be below overbought ({params['overbought']})")] if wrong else []


KIND = Kind(
    name="rsi",
    doc="enters when RSI crosses above oversold, exits when it crosses above overbought",
    params={
        "length": Param(int, 14, "bars of Wilder's smoothing", 2, 200),
        "oversold": Param(float, 30, "level whose crossing upwards enters", 1, 99),
        "overbought": Param(float, 70, "level whose crossing upwards exits", 1, 99),
    },
    build=lambda params: Rsi(**params),
    warmup=lambda params: bars("rsi", params["length"]),
    check=_check,
)
