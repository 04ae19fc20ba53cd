"""Candle time by the exchanges' clocks, as a trader knows it: the machine's, and what the backfiller says it lacks."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

from runtime.clock import Clock, raw_ms

KEPT = 60_000  # real milliseconds: longer than it takes the backfiller to tell that the machine's clock was set


class _Seen(NamedTuple):
    """What was shown under this offset when the raw clock showed `raw`."""

    offset_ms: int
    shown_ms: int
    raw: int


@dataclass
class ExchangeTime:
    """`clock` is candle time on this machine.

    When somebody sets the machine's clock back, a bar looks younger than it is until the backfiller has told so. Until
    then the time of the last look is carried on by the clock that nobody sets: of the two, the later counts, for a
    strategy may enter too late on the earlier one. A clock that is paced needs none of that: it does not run by itself.
    """

    clock: Clock
    _seen: dict[str, _Seen] = field(default_factory=dict)

    def now(self, offsets: Mapping[str, int]) -> dict[str, int]:
        """What each exchange's clock shows, Unix milliseconds, by what it is ahead of candle time on this machine."""
        ours, raw = self.clock.now_ms(), raw_ms()
        return {exchange: self._now(exchange, offset, ours + offset, raw) for exchange, offset in offsets.items()}

    def elapsed(self) -> Callable[[], int]:
        """The candle time since now, milliseconds, by the clock that is ahead."""
        ours, raw = self.clock.now_ms(), raw_ms()
        return lambda: max(self.clock.now_ms() - ours, self._carried(raw_ms() - raw))

    def _now(self, exchange: str, offset: int, shown: int, raw: int) -> int:
        before = self._seen.get(exchange)
        if before is None or before.offset_ms != offset or raw - before.raw > KEPT:
            self._seen[exchange] = _Seen(offset, shown, raw)
            return shown
        return max(shown, before.shown_ms + self._carried(raw - before.raw))

    def _carried(self, raw: int) -> int:
        """The candle time that has passed for sure in so many milliseconds of the clock that nobody sets."""
        return 0 if self.clock.paced else round(raw * self.clock.speed)
