"""RSI reversal (Wilder, "New Concepts in Technical Trading Systems", 1978)."""

from dataclasses import dataclass

from domain.catalogue import bars
from domain.kinds import Kind, Param, Params
from domain.strategy import Signal
from strategies.crossing import crosses_above_level
from strategies.indicators import Indicators


@dataclass(frozen=True, slots=True)
class Rsi:
    """Enters when RSI comes back above `oversold`, exits when it rises above `overbought`."""

    length: int = 14
    oversold: float = 30
    overbought: float = 70

    @property
    def warmup(self) -> int:
        """Wilder's smoothing."""
        return bars("rsi", self.length)

    def signal(self, indicators: Indicators) -> Signal:
        """The crossing of the newest bar."""
        rsi = indicators("rsi", self.length)
        before, now = float(rsi[-2]), float(rsi[-1])
        name = f"RSI({self.length})"
        if before != before or now != now:  # noqa: PLR0124  NaN
            return Signal(reason=f"{name} is undefined: too few bars, or none of them moved", undefined=True)
        seen = f"{before:.4g} then {now:.4g}"
        enters, exits = crosses_above_level(rsi, self.oversold), crosses_above_level(rsi, self.overbought)
        return Signal(
            entry=f"{name} crossed above {self.oversold}: {seen}" if enters else None,
            exit=f"{name} crossed above {self.overbought}: {seen}" if exits else None,
            reason=f"{name} {seen}",
            indicators={f"rsi_{self.length}": now},
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
