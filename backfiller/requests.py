"""What somebody waits for of one exchange: it is done next, and answered once it is done or cannot be."""

from collections import Counter
from dataclasses import dataclass, field

from backfiller.completeness import shortfall
from backfiller.exchange_schedules import ExchangeSchedules
from backfiller.schedule import FIRST_WAIT, SeriesSchedule
from backfiller.series_fetcher import SeriesFetcher
from config.settings import SeriesSettings
from db.market_data import backfill_requests
from db.market_data.backfill_requests import BackfillRequest
from domain.candles import Series
from runtime.clock import now_ms

TRIES = 5  # attempts in a row that were not answered, until whoever waits is told so
LOOKS = 3  # attempts that were answered, until bars that did not come are given up


@dataclass(kw_only=True)
class Requests:
    """The requests for series of one exchange that were taken up, and how often each was looked at since."""

    fetcher: SeriesFetcher
    schedules: ExchangeSchedules
    _taken: dict[Series, BackfillRequest] = field(default_factory=dict)
    _looks: Counter[Series] = field(default_factory=Counter)

    def take_up(self) -> bool:
        """Take up what is asked for by now; whether something new was."""
        waiting = backfill_requests.waiting(self.fetcher.db, self.fetcher.exchange.name)
        new = [each for each in waiting if self._taken.get(each.series) != each]
        for request in new:
            self._take(request)
        return bool(new)

    def filled(self, schedule: SeriesSchedule) -> None:
        """A series was filled: answer, unless bars did not come that are worth another look."""
        series = schedule.wanted.series
        if series not in self._taken:
            return
        self._looks[series] += 1
        reason = shortfall(self.fetcher, schedule.wanted) or schedule.waits
        if reason is None or self._looks[series] >= LOOKS:
            self._answer(series, reason)
            return
        origin = self.schedules.origin(schedule)
        wait = 1000 * self.fetcher.clock.speed * FIRST_WAIT * 2 ** self._looks[series]
        origin.filled, origin.fill_ms = False, self.fetcher.now_ms() + wait

    def give_up(self, schedule: SeriesSchedule, reason: str) -> None:
        """A series cannot be had now, nor what is made from it: answer why."""
        for each in self.schedules.with_derived(schedule):
            self._answer(each.wanted.series, reason)

    def answer_all(self, failed: dict[Series, str], otherwise: str | None = None) -> None:
        """Nothing more is done: answer whatever is still open, by what has `failed`."""
        for series in list(self._taken):
            self._answer(series, failed.get(series, otherwise))

    def _take(self, request: BackfillRequest) -> None:
        series, first = request.series, request.first_timestamp
        schedule = self.schedules.every.get(series)
        if schedule is None or (first is not None and first < schedule.wanted.first(self.fetcher.closed(series))):
            schedule = self.schedules.require(SeriesSettings(series=series, last=1, since=first))
        origin = self.schedules.origin(schedule)
        origin.asked, origin.awaited, origin.filled = origin.asked + 1, True, False
        origin.fill_ms, origin.fill_failures, origin.recheck = 0.0, 0, origin.recheck or request.recheck
        self._taken[series], self._looks[series] = request, 0

    def _answer(self, series: Series, reason: str | None) -> None:
        request = self._taken.pop(series, None)
        if request is None:
            return
        backfill_requests.done(self.fetcher.db, request, now_ms(), reason)
        origins = [self.schedules.origin(self.schedules.every[each]) for each in self._taken]
        origin = self.schedules.origin(self.schedules.every[series])
        origin.awaited = any(each is origin for each in origins)
