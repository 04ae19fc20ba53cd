"""The simulated exchange's clock: candle time that can run faster than real time, jump and stand still.

At real time `now` it shows ``start + (now - origin) * speed``. `runtime.clock.Clock` computes the same, from the same
three numbers in JSON: so every process of a simulated fleet has the same candle time.
"""

import time
from dataclasses import dataclass
from pathlib import Path

from domain import clock_text


def real_ms() -> int:
    """Real time, Unix milliseconds."""
    return time.time_ns() // 1_000_000


@dataclass(slots=True)
class SimulatedClock:
    """Candle time. `origin_ms` is the real moment at which it showed `start_ms`; `speed` 0 stands still."""

    start_ms: int
    origin_ms: int
    speed: float = 1.0

    def now_ms(self) -> int:
        """Candle time, Unix milliseconds."""
        return self.start_ms + round((real_ms() - self.origin_ms) * self.speed)

    def triple(self) -> dict[str, float]:
        """What other processes need to show the same time: ``{"start": ms, "origin": ms, "speed": x}``."""
        return {"start": self.start_ms, "origin": self.origin_ms, "speed": self.speed}

    def jump(self, to_ms: int) -> None:
        """Go on from another candle time, at the same speed."""
        self.start_ms, self.origin_ms = to_ms, real_ms()

    def run(self, speed: float) -> None:
        """Go on at another speed from the candle time it shows; 0 freezes it."""
        self.jump(self.now_ms())
        self.speed = speed


class PacedClock(SimulatedClock):
    """Candle time that another process paces: what its file says (`domain.clock_text`)."""

    __slots__ = ("_file",)

    def __init__(self, file: Path) -> None:
        """Raises OSError, and ValueError for a file that holds no clock."""
        parsed = clock_text.followed(file)
        super().__init__(parsed.start_ms, parsed.origin_ms, parsed.speed)
        self._file = file

    def now_ms(self) -> int:
        """Candle time, Unix milliseconds."""
        return clock_text.followed(self._file).at(real_ms())

    def jump(self, to_ms: int) -> None:
        """Raises ValueError: somebody else says where it stands."""
        raise ValueError(f"it follows {self._file}, and does not go to {to_ms} by itself")
