"""One thread for each exchange, so that a dead one holds up nobody."""

from collections.abc import Mapping, Sequence, Set
from itertools import groupby

from backfiller.duty import Duty
from backfiller.exchange_thread import ExchangeThread
from backfiller.fetch_status import FetchStatus
from backfiller.options import BackfillOptions
from config.settings import SeriesSettings, Settings
from db.database import Database
from domain.candles import Series
from runtime.clock import Clock
from runtime.heartbeat import Heartbeat
from runtime.loop import LoopThread
from runtime.stop import Stop


def _exchange(each: SeriesSettings) -> str:
    return each.series.exchange


class ExchangeThreads:
    """Threads that keep the series `kept` under one configuration until `stop`; where they are to end by themselves,
    until these are filled. They act for as long as the life of this process (`beats`) lasts.
    """

    def __init__(
        self,
        settings: Settings,
        kept: Sequence[SeriesSettings],
        clock: Clock,
        beats: Heartbeat,
        options: BackfillOptions,
    ) -> None:
        self.settings, self.kept, self.clock, self.stop = settings, kept, clock, Stop()
        self.exchanges = [
            ExchangeThread(
                duty=Duty(exchange=name, beats=beats), settings=settings, kept=tuple(mine), clock=clock,
                stop=self.stop, options=options,
            )
            for name, mine in groupby(sorted(kept, key=_exchange), key=_exchange)
        ]  # fmt: skip
        self._threads = [LoopThread(each.name, self.stop, each.turn, failed=each.failed) for each in self.exchanges]

    def start(self) -> None:
        """Begin."""
        for thread in self._threads:
            thread.start()

    def end(self) -> None:
        """Have them end, and wait for it as long as the configuration allows."""
        self.stop.set()
        for thread in self._threads:
            thread.join(self.settings.supervision.drain)

    def retire(self, db: Database, kept: Sequence[SeriesSettings]) -> None:
        """Let others have the duties for exchanges of which nothing is `kept` any more."""
        for each in self.exchanges:
            if each.name not in set(map(_exchange, kept)):
                each.duty.give_up(db)

    @property
    def running(self) -> bool:
        """Whether a thread still works."""
        return any(thread.is_alive() for thread in self._threads)

    def refuse_ended(self) -> None:
        """Raise what has ended one of them for everybody."""
        for thread in self._threads:
            thread.refuse_ended()

    @property
    def statuses(self) -> Mapping[str, FetchStatus]:
        """How far every exchange has come."""
        return {each.name: each.status for each in self.exchanges}

    @property
    def others(self) -> Set[str]:
        """The exchanges for which somebody else acts."""
        return {each.name for each in self.exchanges if each.status.actor is not None}

    @property
    def followed(self) -> Set[Series] | None:
        """The series of the exchanges for which we act, those that others are made from too; None while that is not
        known of each.
        """
        known = [each.followed for each in self.exchanges if each.status.actor is None]
        return None if None in known else frozenset().union(*filter(None, known))
