"""One thread for each exchange, so that a dead one holds up nobody."""

from collections.abc import Mapping, Sequence, Set
from itertools import groupby

from backfiller.exchange_thread import ExchangeThread
from backfiller.fetch_status import FetchStatus
from config.settings import SeriesSettings, Settings
from domain.candles import Series
from runtime.clock import Clock
from runtime.loop import LoopThread
from runtime.stop import Stop


def _exchange(each: SeriesSettings) -> str:
    return each.series.exchange


class ExchangeThreads:
    """Threads that keep the series `kept` under one configuration until `stop`, or `once`: until they are filled."""

    def __init__(self, settings: Settings, kept: Sequence[SeriesSettings], clock: Clock, *, once: bool) -> None:
        self.settings, self.kept, self.clock, self.stop = settings, kept, clock, Stop()
        self.exchanges = [
            ExchangeThread(name=name, settings=settings, kept=tuple(mine), clock=clock, stop=self.stop, once=once)
            for name, mine in groupby(sorted(kept, key=_exchange), key=_exchange)
        ]
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
    def followed(self) -> Set[Series] | None:
        """The series of all exchanges, those that others are made from too; None while that is not known of each."""
        known = [each.followed for each in self.exchanges]
        return None if None in known else frozenset().union(*filter(None, known))
