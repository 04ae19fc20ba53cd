"""One exchange in a thread of its own: asks for every new candle once, and for what is missing in between."""

from collections.abc import Mapping
from dataclasses import InitVar, dataclass, field

from backfiller.exchange_health import ExchangeHealth
from backfiller.exchange_markets import ExchangeMarkets
from backfiller.exchange_schedules import ExchangeSchedules
from backfiller.plan import Wanted
from backfiller.series_fetcher import SeriesFetcher
from backfiller.series_states import SeriesStates
from backfiller.series_updater import SeriesUpdater
from domain.candles import Series

SHORTEST, LONGEST = 0.01, 1.0  # real seconds that the thread sleeps at a time


@dataclass(kw_only=True)
class ExchangeBackfiller:
    """Fills the series of one exchange and adds each new candle. `symbols`: every symbol whose market traders need; one
    that is missing for `delisted_after` seconds of candle time counts as delisted.
    """

    fetcher: SeriesFetcher
    wanted: InitVar[Mapping[Series, Wanted]]
    symbols: InitVar[frozenset[str]]
    delisted_after: InitVar[float] = 21_600.0
    schedules: ExchangeSchedules = field(init=False)
    exchange_markets: ExchangeMarkets = field(init=False)
    health: ExchangeHealth = field(init=False)
    updater: SeriesUpdater = field(init=False)

    def __post_init__(self, wanted: Mapping[Series, Wanted], symbols: frozenset[str], delisted_after: float) -> None:
        fetcher = self.fetcher
        self.schedules = schedules = ExchangeSchedules.of(fetcher.db, wanted)
        self.exchange_markets = ExchangeMarkets(fetcher=fetcher, symbols=symbols, after=delisted_after)
        states = SeriesStates(fetcher=fetcher, schedules=schedules, exchange_markets=self.exchange_markets)
        self.health = ExchangeHealth(fetcher=fetcher, schedules=schedules, states=states)
        self.updater = SeriesUpdater(fetcher=fetcher, schedules=schedules, states=states, health=self.health)

    def run(self) -> None:
        """Until told to stop: ask for every bar as soon as it has closed, and meanwhile for what is missing."""
        stop = self.fetcher.stop
        while not stop.stopped:
            wait = self._pause() if self.health.attempt(self._step) else self.health.wait
            stop.wait(wait)

    def _step(self) -> None:
        """The newest bars first; then the history of one series and some of what is unexplained in one. New bars that
        are due meanwhile come before each request of these, however many they take.
        """
        self._newest()
        now = self.fetcher.now_ms()
        with self.fetcher.before_each_request(self._newest):
            if (schedule := self.schedules.next_fill(now)) is not None:
                self.updater.fill(schedule)
                self.updater.derive()
            if (schedule := self.schedules.next_repair(now)) is not None:
                self.updater.repair(schedule)
                self.updater.derive()

    def _newest(self) -> None:
        """Ask for whatever newest bars are due now, short bars first."""
        self.exchange_markets.refresh()
        self.schedules.take_up_rechecks()
        due = self.schedules.due(self.fetcher.now_ms(), self.fetcher.pages.size)
        for schedule in due:
            if self.fetcher.stop.stopped:
                return
            self.updater.newest(schedule)
        if due:
            self.updater.derive()

    def _pause(self) -> float:
        """Real seconds until the next series is due."""
        now = self.fetcher.now_ms()
        due = self.schedules.next_ms()
        return min(max(self.fetcher.clock.real_seconds((now if due is None else due) - now), SHORTEST), LONGEST)
