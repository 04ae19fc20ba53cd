"""How long code sleeps: it neither computes nor waits for a processor, as on a busy machine."""

from dataclasses import dataclass, field
from pathlib import Path

from runtime import clock

NANOSECONDS = 1_000_000  # of a millisecond


@dataclass
class Sleep:
    """The sleep of a thread or process, added up at each `look`.

    `schedstat` is the kernel's file of it (Linux: nanoseconds of computing, and of waiting for a processor); where
    there is none, nobody is ever said to sleep. `longest`: milliseconds that one look counts at most, so that a process
    that was stopped (SIGSTOP), or its machine, has not slept meanwhile.
    """

    schedstat: Path
    longest: float
    slept_ms: float = 0.0
    _before: tuple[int, float] | None = field(init=False, default=None)

    def __post_init__(self) -> None:
        self._before = self._now()

    def look(self) -> float:
        """Milliseconds slept since the beginning."""
        before, now = self._before, self._now()
        if before is not None and now is not None:
            slept = (now[0] - before[0]) - (now[1] - before[1])
            self.slept_ms += min(max(slept, 0.0), self.longest)
        self._before = now
        return self.slept_ms

    def _now(self) -> tuple[int, float] | None:
        """The steady clock, and for how long it computed or waited, milliseconds; None where nothing says."""
        try:
            running, waiting, _ = self.schedstat.read_text().split()
        except (OSError, ValueError):
            return None
        return clock.steady_ms(), (int(running) + int(waiting)) / NANOSECONDS
