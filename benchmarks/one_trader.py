"""One trader in this process: it looks at the file when it is told to, and candle time stands still in between."""

import logging
import sys
from collections.abc import Iterator
from contextlib import contextmanager, redirect_stderr
from pathlib import Path

import structlog

from benchmarks import fleet_files
from benchmarks.measure import HOUR, START, cpu_ms
from config.settings import Settings
from db.database import Database
from runtime import heartbeat, log
from runtime.clock import Clock, now_ms
from runtime.heartbeat import Heartbeat
from runtime.reload import Configuration
from strategies import kinds
from trader.assignments import Assignments
from trader.configuration_sync import ConfigurationSync
from trader.exchange_time import ExchangeTime
from trader.worker import TraderWorker

NEWEST = START + (fleet_files.HISTORY - 1) * HOUR  # of the bars that are stored at first


class OneTrader:
    """A trader that has not looked yet, a second after the bar `opened` has closed."""

    def __init__(self, db: Database, settings: Settings, opened: int = NEWEST) -> None:
        known = kinds.load(settings.plugins)
        configuration, who = Configuration(lambda: (settings, known)), heartbeat.worker("trader")
        sync = ConfigurationSync(db=db, who=who, configuration=configuration, now_ms=now_ms)
        beats = Heartbeat(db, who, settings.supervision)
        assigned = Assignments(db=db, settings=settings, wanted={}, built={}, beats=beats, shares=True)
        time = ExchangeTime(Clock())
        self.settings = settings
        self.worker = TraderWorker(assignments=assigned, time=time, configuration=configuration, sync=sync)
        self.is_at(opened)

    def is_at(self, opened: int) -> None:
        """Candle time is a second after the bar has closed."""
        self.worker.time = ExchangeTime(Clock(start_ms=1000 * (opened + HOUR + 1), speed=0.0))

    def look(self) -> None:
        """Do all that is due."""
        self.worker.turn()
        while self.worker.behind:
            self.worker.turn()

    def turn(self, number: int, on: int = fleet_files.SERIES) -> float:
        """All bars of that number have just been stored, one on each series: what it takes until all is decided,
        recorded and told, milliseconds that this process computes.
        """
        self.is_at(fleet_files.next_bar(self.settings, number, on))
        return cpu_ms(self.look)

    def beat(self) -> None:
        """A look at the moment of a heartbeat."""
        self.worker.assignments.beats._due_ms = 0
        self.look()

    def without_beats(self) -> None:
        """No heartbeat is due from now on."""
        self.worker.assignments.beats._due_ms = 1 << 60

    def leave(self) -> None:
        """It ends as it does when it is stopped."""
        self.worker.assignments.release()
        self.worker.assignments.beats.leave()


@contextmanager
def logged(file: Path) -> Iterator[None]:
    """Logs go into a file within the block, as those of a process of its own: JSON, from INFO on."""
    hook = sys.excepthook
    with file.open("a") as stream, redirect_stderr(stream):
        log.configure("trader", terminal=False)
        try:
            yield
        finally:
            sys.excepthook = hook
            logging.getLogger().handlers.clear()
            logging.captureWarnings(capture=False)
            structlog.reset_defaults()
            structlog.contextvars.clear_contextvars()
