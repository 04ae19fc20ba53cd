"""The pace of a demo: candle time runs fast between closes and waits at each one until every strategy has decided.

So no entry comes too late on a slow machine, and two demos of the same prices decide the same, candle by candle,
whatever the scheduler does: which bars there are to see depends on what is decided, never on how long that took.
"""

import json
import threading
import time
from collections.abc import Mapping
from pathlib import Path
from types import TracebackType

import structlog

from db import opened
from db.database import Database
from db.reading import status
from db.sqlite import private
from domain import timeframes
from domain.candles import Series
from domain.errors import DatabaseLost, FleetError
from domain.file_errors import translated
from fleet.demo_span import DemoSpan
from runtime.clock import Clock, now_ms
from runtime.stop import Stop

log = structlog.get_logger()
LOOK = 0.01  # real seconds between two looks at what is decided
PATIENCE = 30.0  # real seconds for which candle time waits at one close


def write(shown: Clock, until_ms: int, file: Path) -> None:
    """Let the clock of a file run on to `until_ms`. Raises Unavailable where it cannot be written."""
    text = {"start": shown.start_ms, "origin": shown.origin_ms, "speed": shown.speed, "until": until_ms}
    with translated(file):
        private.put(file, json.dumps(text))


class DemoPacing:
    """Within the block candle time runs to the end of the span, then `stop` is set. Where `shown` follows a file it
    waits at each close for those of `strategies` (ids and what they trade) whose bar has closed; else it runs free.
    """

    def __init__(
        self, span: DemoSpan, shown: Clock, database: Path, strategies: Mapping[str, Series], stop: Stop
    ) -> None:
        self._span, self._shown, self._database, self._stop = span, shown, database, stop
        self._strategies, self._over = strategies, Stop()
        self._left: set[str] = set()  # those that have kept it waiting for too long
        self._failure: Exception | None = None
        self._thread = threading.Thread(target=self._run, name="pace", daemon=True)

    def __enter__(self) -> "DemoPacing":
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._over.set()
        self._thread.join()
        if self._failure is not None and error is None:
            raise self._failure

    def _run(self) -> None:
        """The life of the thread. What goes wrong in it ends the demo, and is told by the thread that waits for it."""
        try:
            if self._shown.file is None:
                self._come(self._span.gate_ms(self._span.end))
            else:
                self._run_paced(self._shown.file)
        except Exception as error:  # noqa: BLE001  raised again where the block ends
            self._failure = error
        self._stop.set()

    def _run_paced(self, file: Path) -> None:
        with opened(self._database, read_only=True) as db:
            for close in self._span.closes:
                if not self._decided(db, close) or close == self._span.end:
                    return
                self._run_to(self._span.gate_ms(close + self._span.step), file)

    def _decided(self, db: Database, close: int) -> bool:
        """Wait until candle time has come to that close and everybody has decided, with patience; False where the demo
        is over before.
        """
        if not self._come(self._span.gate_ms(close)):
            return False
        ends = time.monotonic() + PATIENCE
        while missing := self._missing(db, close):
            if self._over.wait(LOOK):
                return False
            if time.monotonic() > ends:
                log.warning("not_waited_for", strategies=sorted(missing), seconds=PATIENCE, timestamp=close)
                self._left |= missing
        return True

    def _come(self, moment_ms: int) -> bool:
        """Wait until candle time has come so far; False where the demo is over before."""
        while self._shown.now_ms() < moment_ms:
            if self._over.wait(LOOK):
                return False
        return True

    def _missing(self, db: Database, close: int) -> set[str]:
        """Whose bar closed then and is not decided. Who took too long is waited for again once it has caught up."""
        closed = {
            one: close - series.seconds
            for one, series in self._strategies.items()
            if timeframes.aligned(close, series.seconds)
        }
        try:
            decided = status.decided(db)
        except DatabaseLost:
            raise
        except FleetError:  # it could not be read just now
            return set(closed) - self._left
        missing = {one for one, bar in closed.items() if decided.get(one, -1) < bar}
        self._left -= closed.keys() - missing
        return missing - self._left

    def _run_to(self, until_ms: int, file: Path) -> None:
        """Let candle time run on from where it is; where it waits, from now on."""
        self._shown = Clock(self._shown.now_ms(), now_ms(), self._span.speed, file)
        while not self._over.stopped:
            try:
                write(self._shown, until_ms, file)
                break
            except FleetError as error:  # the disk may be full for a while
                log.warning("clock_not_written", error=str(error))
                self._over.wait(1.0)
