"""The request budget of each exchange, shared by all processes of the fleet through one row of the database.

Whoever wants to send reserves the next free moment in a write transaction, then sleeps until it comes. So the fleet
together never sends faster than the limit, and a pause that one process is told binds all of them.
"""

import math
import time
from collections.abc import Callable, Mapping

from db.connection import Database, Row
from domain.errors import Unavailable

STEP = 0.2  # seconds: how soon a sleeper notices that it shall stop
DEFAULT_RATE = 1.0  # requests per second where no rate is known
BACKLOG_MS = 600_000  # a reservation further ahead was made under a clock that has since been set back


def slot(now_ms: int, next_ms: int, paused_until_ms: int) -> int:
    """The moment of the next request, Unix ms."""
    free = next_ms if next_ms <= max(now_ms, paused_until_ms) + BACKLOG_MS else now_ms
    return max(now_ms, free, paused_until_ms)


class Budget:
    """The pacer of one thread (it uses its thread's `db`).

    `rates`: requests per second of the whole fleet by exchange. `stopped` tells that the process shall end. `now_ms` is
    real time in Unix ms.
    """

    def __init__(
        self,
        db: Database,
        rates: Mapping[str, float],
        stopped: Callable[[], bool],
        *,
        now_ms: Callable[[], int] = lambda: time.time_ns() // 1_000_000,
    ) -> None:
        self._db = db
        self._rates = rates
        self._stopped = stopped
        self._now_ms = now_ms

    def wait(self, exchange: str) -> None:
        """Return when the next request to `exchange` may be sent; raises Unavailable when told to stop meanwhile."""
        while True:
            self._sleep_until(self._reserve(exchange), exchange)
            if self._paused_until(exchange) <= self._now_ms():
                return

    def pause(self, exchange: str, milliseconds: int, reason: str) -> None:
        """Nobody sends anything to `exchange` for so long. Of several pauses the one that ends last counts."""
        with self._db.write() as tx:
            tx.run("budgets_pause", exchange=exchange, until_ms=self._now_ms() + milliseconds, reason=reason)

    def _reserve(self, exchange: str) -> int:
        """The moment that is ours alone, Unix ms."""
        step = math.ceil(1000 / self._rates.get(exchange, DEFAULT_RATE))
        with self._db.write() as tx:
            rows = tx.read("budgets_of", exchange=exchange)
            next_ms, paused_until_ms = (rows[0]["next_ms"], rows[0]["paused_until_ms"]) if rows else (0, 0)
            moment = slot(self._now_ms(), next_ms, paused_until_ms)
            tx.run("budgets_reserve", exchange=exchange, next_ms=moment + step)
        return moment

    def _paused_until(self, exchange: str) -> int:
        """Somebody may have been told to pause while we slept."""
        return int(self._db.read("budgets_of", exchange=exchange)[0]["paused_until_ms"])

    def _sleep_until(self, moment: int, exchange: str) -> None:
        while not self._stopped():
            left = (moment - self._now_ms()) / 1000
            if left <= 0:
                return
            time.sleep(min(left, STEP))
        raise Unavailable(f"{exchange}: stopping, no request is sent any more")


def states(db: Database) -> list[Row]:
    """Every exchange's budget: exchange, next_ms, paused_until_ms, pause_reason, requests."""
    return db.read("budgets_all")
