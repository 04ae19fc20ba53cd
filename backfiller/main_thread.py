"""What the main thread of a backfiller does while those of the exchanges work: beat, prune, show, read the files."""

from dataclasses import dataclass, field

import structlog

from backfiller import duty, fetch_status, selection, unwanted
from backfiller.configuration_check import ConfigurationCheck
from backfiller.exchange_threads import ExchangeThreads
from backfiller.progress import Progress
from db.database import Database
from db.fleet import leases
from db.fleet.leases import Kind
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
RETENTION = "retention"  # a duty: what makes old rows fewer
TELL_EVERY = 60_000  # real milliseconds between two lines that say how it goes


@dataclass(kw_only=True)
class MainThread:
    """The main thread beside the `threads` of one configuration. `only`: the names of the series that a person has told
    this backfiller, none for all. `settled`: what nobody wants any more is out of the way, but for series of these
    exchanges, for which others act; None: it is not.
    """

    db: Database
    beats: Heartbeat
    progress: Progress
    configuration_check: ConfigurationCheck
    only: frozenset[str]
    threads: ExchangeThreads
    settled: frozenset[str] | None = None
    _prune_ms: int = field(default_factory=steady_ms)
    _logged_ms: int = field(default_factory=steady_ms)

    def run(self, stop: Stop) -> None:
        """Until the threads have ended, the configuration has changed or somebody asks to `stop`; then none works."""
        self.beats.renew()  # without a life nobody acts
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
        if steady_ms() - self._logged_ms > TELL_EVERY:
            self._log_status()
        self.progress.show()
        return None

    def _heartbeat_detail(self) -> dict[str, object]:
        """What the heartbeat tells."""
        return fetch_status.heartbeat_detail(self.threads.statuses) | self.configuration_check.heartbeat_detail

    def _changed(self) -> bool:
        """Whether the threads have to begin anew under another configuration."""
        self.configuration_check.run()
        self._settle()
        return self.configuration_check.configuration.reload_if_changed() or self._outgrown()

    def _settle(self) -> None:
        """Once after the files were read, and again when others act: series that nobody wants any more stand nowhere as
        a trouble. Not where the files are broken or others count, nor where a person has told us some series only: then
        we do not know what is wanted. Whoever acts for the other exchanges knows it of theirs.
        """
        followed, others = self.threads.followed, duty.held(self.db, self.beats.length_ms)
        theirs = frozenset(name for name, holder in others.items() if holder != self.beats.holder)
        unsure = self.only or self.configuration_check.heartbeat_detail
        if self.settled != theirs and not unsure and followed is not None:
            self.settled = theirs if unwanted.settle(self.db, followed, theirs) else None

    def _outgrown(self) -> bool:
        """Whether a series has to be kept that no thread follows: a strategy entered while its file was removed."""
        kept = selection.with_drained(self.threads.settings, self.db)
        return not self.only and not set(kept) <= set(self.threads.kept)

    def _prune(self) -> None:
        """One step of growing old."""
        self._prune_ms = steady_ms() + (PRUNE_EVERY if self._pruned() else 0)

    def _pruned(self) -> bool:
        """Whether nothing is left of it for us; it is the duty of one backfiller."""
        if not leases.claim(self.db, Kind.DUTY, [RETENTION], self.beats.holder, now_ms(), self.beats.length_ms):
            return True
        days = self.threads.settings.retention
        step = retention.step(self.db, self.threads.clock.now_ms(), days.decisions, days.equity)
        return step.done and not retention.forget_events(self.db, now_ms(), days.decisions)

    def _log_status(self) -> None:
        """Say in the log how it goes."""
        statuses = fetch_status.heartbeat_detail(self.threads.statuses)
        log.info("exchange_status", **statuses, series=len(candles.heads(self.db)))
        self._logged_ms = steady_ms()
