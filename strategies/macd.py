"""MACD crossing its signal line (Appel, 1979)."""

from dataclasses import dataclass

from domain.catalogue import bars
from domain.kinds import Kind, Param, Params
from domain.strategy import Signal
from strategies.crossing import crosses_above
from strategies.indicators import Indicators


@dataclass(frozen=True, slots=True)
class Macd:
    """Enters when MACD crosses above its signal line, exits when it crosses below."""

    fast: int = 12
    slow: int = 26
    signal_length: int = 9

    @property
    def warmup(self) -> int:
        """The slow average, and the signal line over it."""
        return bars("macd", self.fast, self.slow, self.signal_length)

    def signal(self, indicators: Indicators) -> Signal:
        """The crossing of the newest bar."""
        lengths = (self.fast, self.slow, self.signal_length)
        macd, line = indicators("macd", *lengths, output="macd"), indicators("macd", *lengths, output="signal")
        value, against = float(macd[-1]), float(line[-1])
        name = f"MACD{lengths}"
        if against != against:  # noqa: PLR0124  NaN
            return Signal(reason=f"{name} is undefined: too few bars", undefined=True)
        seen = f"{value:.6g} against {against:.6g}"
        return Signal(
            entry=f"{name} crossed above its signal: {seen}" if crosses_above(macd, line) else None,
            exit=f"{name} crossed below its signal: {seen}" if crosses_above(line, macd) else None,
            reason=f"{name} {seen}",
            indicators={"macd": value, "macd_signal": against},
        )


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
