"""The request budget of each exchange, shared by all processes of the fleet through one row of the database.

Whoever wants to send reserves the next free moment in a write transaction, then sleeps until it comes. So the fleet
together never sends faster than the limit, and a pause that one process is told binds all of them. What was written
down under a clock that was ahead is void once the clock is right again: it lies after the moment it was written at.
"""

import math
import time
from collections.abc import Callable, Mapping

from db.database import Database, Row
from domain.errors import Unavailable

STEP = 0.2  # seconds: how soon a sleeper notices that it shall stop
DEFAULT_RATE = 1.0  # requests per second where no rate is known
LONGEST_MS = 86_400_000  # no exchange is believed that it wants to be left alone for longer
STEPPED_MS = 1000  # a clock that is behind a moment it has shown by more than this was set back


def standing(until_ms: int, told_ms: int, now_ms: int) -> int:
    """The moment for which somebody has to wait, Unix ms; 0 where it was told under a clock that has been set back."""
    return 0 if told_ms > now_ms + STEPPED_MS else until_ms


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
            now_ms = self._now_ms()
            until_ms, void_ms = now_ms + min(milliseconds, LONGEST_MS), now_ms + STEPPED_MS
            tx.run("budgets_pause", exchange=exchange, until_ms=until_ms, now_ms=now_ms, void_ms=void_ms, reason=reason)

    def _reserve(self, exchange: str) -> int:
        """The moment that is ours alone, Unix ms."""
        step = math.ceil(1000 / self._rates.get(exchange, DEFAULT_RATE))
        with self._db.write() as tx:
            now_ms = self._now_ms()
            rows = tx.read("budgets_of", exchange=exchange)
            moment = max([now_ms, *(_moment(row, now_ms) for row in rows)])
            tx.run("budgets_reserve", exchange=exchange, next_ms=moment + step, now_ms=now_ms)
        return moment

    def _paused_until(self, exchange: str) -> int:
        """Somebody may have been told to pause while we slept."""
        (row,) = self._db.read("budgets_of", exchange=exchange)
        return standing(row["paused_until_ms"], row["paused_from_ms"], self._now_ms())

    def _sleep_until(self, moment: int, exchange: str) -> None:
        """Sleep by a clock that nobody sets: a step of the other one makes it neither shorter nor longer."""
        end = time.monotonic() + (moment - self._now_ms()) / 1000
        while not self._stopped():
            left = end - time.monotonic()
            if left <= 0:
                return
            time.sleep(min(left, STEP))
        raise Unavailable(f"{exchange}: stopping, no request is sent any more")


def _moment(row: Row, now_ms: int) -> int:
    """When the next request may be sent by what the row says, Unix ms."""
    paused = standing(row["paused_until_ms"], row["paused_from_ms"], now_ms)
    return max(paused, standing(row["next_ms"], row["reserved_ms"], now_ms))


def states(db: Database) -> list[Row]:
    """Every exchange's budget: exchange, next_ms, paused_until_ms, pause_reason, requests."""
    return db.read("budgets_all")
