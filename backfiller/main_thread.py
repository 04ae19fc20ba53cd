"""What the main thread of a backfiller does while those of the exchanges work: beat, prune, show, read the files."""

from dataclasses import dataclass, field

import structlog

from backfiller import fetch_status, selection, unwanted
from backfiller.configuration_check import ConfigurationCheck
from backfiller.exchange_threads import ExchangeThreads
from backfiller.progress import Progress
from db.database import Database
from db.market_data import candles
from db.trading import retention
from runtime import loop
from runtime.clock import now_ms, steady_ms
from runtime.heartbeat import Heartbeat
from runtime.loop import After
from runtime.stop import Stop

log = structlog.get_logger()
LOOK = 0.2  # seconds between two looks
PRUNE_EVERY = 3_600_000  # real milliseconds between two looks for old rows; while there are any, one step a look
TELL_EVERY = 60_000  # real milliseconds between two lines that say how it goes


@dataclass(kw_only=True)
class MainThread:
    """The main thread beside the `threads` of one configuration. `only`: the names of the series that a person has told
    this backfiller, none for all. `settled`: what nobody wants any more is out of the way.
    """

    db: Database
    beats: Heartbeat
    progress: Progress
    configuration_check: ConfigurationCheck
    only: frozenset[str]
    threads: ExchangeThreads
    settled: bool = False
    _prune_ms: int = field(default_factory=steady_ms)
    _told_ms: int = field(default_factory=steady_ms)

    def run(self, stop: Stop) -> None:
        """Until the threads have ended, the configuration has changed or somebody asks to `stop`; then none works."""
        self.threads.start()
        try:
            loop.turns(stop, self._turn, LOOK)
            self.progress.show()
        finally:
            self.threads.end()
        self.threads.refuse_ended()

    def _turn(self) -> After | None:
        """Look once at everything."""
        self.threads.refuse_ended()
        if not self.threads.running or (self.beats.beat(self._heartbeat_detail()) and self._changed()):
            return After.END
        if steady_ms() >= self._prune_ms:
            self._prune()
        if steady_ms() - self._told_ms > TELL_EVERY:
            self._tell()
        self.progress.show()
        return None

    def _heartbeat_detail(self) -> dict[str, object]:
        """What the heartbeat tells."""
        told = fetch_status.heartbeat_detail(self.threads.statuses) | selection.heartbeat_detail(self.only)
        return told | self.configuration_check.heartbeat_detail

    def _changed(self) -> bool:
        """Whether the threads have to begin anew under another configuration."""
        self.configuration_check.run()
        self._settle()
        return self.configuration_check.configuration.reload_if_changed() or self._outgrown()

    def _settle(self) -> None:
        """Once after the files were read: series that nobody wants any more stand nowhere as a trouble. Not where the
        files are broken or others count, nor where a person has told us some series only: then we do not know what is
        wanted.
        """
        followed = self.threads.followed
        unsure = self.only or self.configuration_check.heartbeat_detail
        if not self.settled and not unsure and followed is not None:
            self.settled = unwanted.settle(self.db, followed)

    def _outgrown(self) -> bool:
        """Whether a series has to be kept that no thread follows: a strategy entered while its file was removed."""
        kept = selection.with_drained(self.threads.settings, self.db)
        return not self.only and not set(kept) <= set(self.threads.kept)

    def _prune(self) -> None:
        """One step of growing old."""
        days = self.threads.settings.retention
        step = retention.step(self.db, self.threads.clock.now_ms(), days.decisions, days.equity)
        forgotten = retention.forget_events(self.db, now_ms(), days.decisions)
        self._prune_ms = steady_ms() + (PRUNE_EVERY if step.done and not forgotten else 0)

    def _tell(self) -> None:
        """Say in the log how it goes."""
        log.info("turn", **fetch_status.heartbeat_detail(self.threads.statuses), series=len(candles.heads(self.db)))
        self._told_ms = steady_ms()
