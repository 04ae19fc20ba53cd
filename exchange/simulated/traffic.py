"""What was asked, and how fast: request counts, the highest rate seen, and a rate limit that refuses more."""

import time
from collections import Counter, deque
from collections.abc import Mapping
from typing import Any

from exchange.simulated.dialect import Call

WINDOW = 1.0  # seconds
MINUTE = 60.0


class Traffic:
    """The requests to one exchange. `limit` per second, None without one; slower limits have longer windows."""

    def __init__(self, limit: float | None = None) -> None:
        self.limit = limit
        self._counts: Counter[Call] = Counter()
        self._recent: deque[float] = deque()
        self._minute: deque[float] = deque()
        self._most = 0
        self.refused = 0

    @property
    def _window(self) -> float:
        return WINDOW if self.limit is None or self.limit >= 1 else 1 / self.limit

    def count(self, call: Call) -> bool:
        """Note a request; False where it goes beyond the limit."""
        now = time.monotonic()
        self._counts[call] += 1
        for times, span in ((self._recent, self._window), (self._minute, MINUTE)):
            times.append(now)
            while times[0] <= now - span:
                times.popleft()
        self._most = max(self._most, len(self._recent))
        allowed = self.limit is None or len(self._recent) <= max(1, self.limit)
        self.refused += not allowed
        return allowed

    def clear(self) -> None:
        """Count anew."""
        self._counts.clear()
        self._most = self.refused = 0

    @property
    def in_this_minute(self) -> int:
        """How many requests came within the last 60 seconds."""
        return len(self._minute)

    @property
    def retry_after(self) -> int:
        """Whole seconds until a request is welcome again."""
        return max(1, round(self._window))

    def report(self) -> dict[str, Any]:
        """Totals since the start, the most requests in any one second, and a line per path, symbol and timeframe."""
        lines: list[Mapping[str, Any]] = [{**call._asdict(), "requests": n} for call, n in self._sorted()]
        return {
            "requests": self._counts.total(),
            "most_per_second": self._most,
            "limit_per_second": self.limit,
            "refused": self.refused,
            "calls": lines,
        }

    def _sorted(self) -> list[tuple[Call, int]]:
        return sorted(self._counts.items(), key=lambda item: tuple(part or "" for part in item[0]))
