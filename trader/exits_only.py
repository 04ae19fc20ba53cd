"""A strategy without code of its own: what is left of one that raised, or whose kind is gone."""

from dataclasses import dataclass

from domain.strategy import Signal
from strategies.indicators import Indicators


@dataclass(frozen=True, slots=True)
class ExitsOnly:
    """It wishes nothing, so that stop, target, trailing stop and time limit go on alone. `reason` says why."""

    reason: str

    def signal(self, _indicators: Indicators) -> Signal:
        """No entry and no exit."""
        return Signal(reason=self.reason)
