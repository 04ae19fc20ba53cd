"""How long each strategy of a process takes: the quick decide at once, the slow are asked apart, after the others."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field

from runtime import clock
from trader.active_strategy import ActiveStrategy

QUICK_MS = 100  # real milliseconds for one bar
LONG = 2  # bars in a row that took longer than that: once may be what a strategy loads at its first bar


@dataclass
class StrategyTimings:
    """Slow strategies get no more of the time than the quick ones, as long as there is something quick to decide."""

    _long: Counter[str] = field(default_factory=Counter)
    _ahead_ms: int = 0  # what the quick have had more than the slow
    _asked: dict[str, int] = field(default_factory=dict)

    def slow(self, strategy_id: str) -> bool:
        """Whether a strategy took long for each of its last bars."""
        return self._long[strategy_id] >= LONG

    def took(self, strategy_id: str, milliseconds: int) -> bool:
        """Note how long a strategy took for a bar; whether that was long."""
        if milliseconds <= QUICK_MS:
            self._long.pop(strategy_id, None)
        else:
            self._long[strategy_id] += 1
        return milliseconds > QUICK_MS

    def turn_of_the_slow(self, quick_ms: int, *, whole: bool) -> bool:
        """Whether it is theirs, after the quick had `quick_ms`, and are done (`whole`) or not."""
        self._ahead_ms = 0 if whole else self._ahead_ms + quick_ms
        return self._ahead_ms >= 0

    def asked(self, strategy_ids: Iterable[str], milliseconds: int) -> None:
        """Slow strategies were asked for so long."""
        self._ahead_ms -= milliseconds
        self._asked |= dict.fromkeys(strategy_ids, clock.steady_ms())

    def in_order(self, strategies: Iterable[ActiveStrategy]) -> list[ActiveStrategy]:
        """Those first that were not asked for the longest time."""
        return sorted(strategies, key=lambda active: (self._asked.get(active.strategy_id, 0), active.strategy_id))
