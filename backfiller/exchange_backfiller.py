"""One exchange in a thread of its own: asks for every new candle once, and for what is missing in between."""

from collections.abc import Sequence
from dataclasses import InitVar, dataclass, field

from backfiller.exchange_health import ExchangeHealth
from backfiller.exchange_markets import ExchangeMarkets
from backfiller.exchange_schedules import ExchangeSchedules
from backfiller.requests import TRIES, Requests
from backfiller.series_fetcher import SeriesFetcher
from backfiller.series_states import SeriesStates
from backfiller.series_updater import SeriesUpdater
from config.settings import SeriesSettings
from runtime.clock import steady_ms

SHORTEST, LONGEST = 0.01, 1.0  # real seconds that the thread sleeps at a time


@dataclass(kw_only=True)
class ExchangeBackfiller:
    """Fills the series of one exchange and adds each new candle. `kept`: what is wanted; a market that is missing for
    `delisted_after` seconds of candle time counts as delisted.
    """

    fetcher: SeriesFetcher
    kept: InitVar[Sequence[SeriesSettings]]
    delisted_after: InitVar[float] = 21_600.0
    schedules: ExchangeSchedules = field(init=False)
    requests: Requests = field(init=False)
    exchange_markets: ExchangeMarkets = field(init=False)
    health: ExchangeHealth = field(init=False)
    updater: SeriesUpdater = field(init=False)

    def __post_init__(self, kept: Sequence[SeriesSettings], delisted_after: float) -> None:
        fetcher, symbols = self.fetcher, frozenset(each.series.symbol for each in kept)
        self.schedules = schedules = ExchangeSchedules(kept=kept, offered=fetcher.exchange.timeframes())
        self.requests = requests = Requests(fetcher=fetcher, schedules=schedules)
        self.exchange_markets = listed = ExchangeMarkets(fetcher=fetcher, symbols=symbols, after=delisted_after)
        states = SeriesStates(fetcher=fetcher, schedules=schedules, exchange_markets=listed, requests=requests)
        self.health = health = ExchangeHealth(fetcher=fetcher, schedules=schedules, states=states)
        self.updater = SeriesUpdater(
            fetcher=fetcher, schedules=schedules, states=states, health=health, requests=requests
        )

    def run(self) -> None:
        """Until told to stop: ask for every bar as soon as it has closed, and meanwhile for what is missing."""
        stop = self.fetcher.stop
        while not stop.stopped:
            self._take_up_requests()
            if self.health.attempt(self._step):
                stop.wait(self._pause())
            else:
                self._leave_alone()

    def _take_up_requests(self) -> bool:
        """Take up what somebody waits for; whether that is something new. Then the exchange is asked at once, however
        long it was to be left alone.
        """
        new = self.requests.take_up()
        if new:
            self.health.ask_soon()
        return new

    def _leave_alone(self) -> None:
        """The exchange cannot be asked: tell whoever waits, once that is certain, and wait for it."""
        if self.health.forbidden or self.health.failures >= TRIES:
            self.requests.answer_all({}, self.fetcher.status.trouble)
        until_ms, stop = steady_ms() + 1000 * self.health.wait, self.fetcher.stop
        while (left := until_ms - steady_ms()) > 0 and not stop.wait(min(left / 1000, LONGEST)):
            if self._take_up_requests():
                return

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
        self._take_up_requests()
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
