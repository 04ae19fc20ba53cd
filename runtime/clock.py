"""The only place that asks the machine for the time.

Candle time is the time by which candles close. It is real time, or simulated: then it was `start` at the real moment
`origin`, and runs `speed` times as fast. `fleet demo` also makes it wait for the traders: it writes into a file up to
which moment candle time may run, and every process reads that (`fleet/pacing.py`). Leases, heartbeats and back-off
always use real time.
"""

import json
import time
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from domain import clock_text
from domain.clock_text import ClockText
from domain.errors import ConfigError
from domain.small_files import Unfit

RAW = getattr(time, "CLOCK_MONOTONIC_RAW", time.CLOCK_MONOTONIC)


def now_ms() -> int:
    """Real time, Unix milliseconds."""
    return time.time_ns() // 1_000_000


def steady_ms() -> int:
    """Milliseconds of a clock that nobody sets: for pauses, which a leap of the machine's clock must not stretch."""
    return time.monotonic_ns() // 1_000_000


def raw_ms() -> int:
    """Milliseconds of a clock that nobody sets and NTP does not slew: a quartz, wrong by some 100 ppm at most.

    `steady_ms` runs up to a tenth too fast or slow while the machine's clock is slewed right (chrony).
    """
    return time.clock_gettime_ns(RAW) // 1_000_000


@dataclass(frozen=True, slots=True)
class Clock:
    """Candle time: at the real moment `origin_ms` it showed `start_ms`. Equal ends and speed 1 are real time.

    With `file` it is paced: what the file says counts, and without the file what is said here.
    """

    start_ms: int = 0
    origin_ms: int = 0
    speed: float = 1.0
    file: Path | None = None

    @classmethod
    def parse(cls, text: str | None) -> "Clock":
        """The clock kept in `meta` as `domain.clock_text` tells; None is real time. Raises ConfigError for a text that
        is none, or shows no time of ours.
        """
        if text is None:
            return cls()
        try:
            parsed = clock_text.parse(text)
            found = cls(parsed.start_ms, parsed.origin_ms, parsed.speed, parsed.file)
        except Unfit as error:
            raise ConfigError(f"the clock of candle time: {error}") from error
        if found.speed == 0 or not 0 <= found.now_ms() <= clock_text.LAST_MS:
            raise ConfigError("the clock of candle time stands still, or shows no time before the year 10000")
        return found

    def dump(self) -> str:
        """What `parse` reads."""
        file = {} if self.file is None else {"file": str(self.file)}
        return json.dumps({"start": self.start_ms, "origin": self.origin_ms, "speed": self.speed} | file)

    @property
    def paced(self) -> bool:
        """Whether it waits at times: how long something took in real time then says nothing of candle time."""
        return self.file is not None

    def now_ms(self) -> int:
        """Candle time, Unix milliseconds."""
        parsed = ClockText(self.start_ms, self.origin_ms, self.speed)
        if self.file is not None:
            with suppress(OSError, Unfit):
                parsed = clock_text.followed(self.file)
        return parsed.at(now_ms())

    def real_seconds(self, milliseconds: float) -> float:
        """How long `milliseconds` of candle time last in real seconds."""
        return milliseconds / 1000 / self.speed
