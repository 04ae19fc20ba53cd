"""What is done for one series: its newest bars, its history, what is unexplained in it, what is made from another."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

import structlog

from backfiller import history, plan
from backfiller.deriving import derive
from backfiller.exchange_health import ExchangeHealth
from backfiller.exchange_schedules import ExchangeSchedules
from backfiller.newest_bars import Reached, fetch_newest
from backfiller.requests import TRIES, Requests
from backfiller.schedule import SeriesSchedule
from backfiller.series_fetcher import SeriesFetcher
from backfiller.series_states import SeriesStates
from domain.candles import SeriesState
from domain.errors import FleetError, NotListed, Rejected, Unanswered

log = structlog.get_logger()
SILENT = "its newest bars did not come: the exchange answered without a single candle"
HELD = "its newest bars wait for one before them that did not come yet: run it again"
UNANSWERED = 2  # requests in a row that were not answered, from which on a series says so
Work = Callable[[SeriesSchedule], object]
Later = Callable[[float, float], object]


@dataclass(kw_only=True)
class SeriesUpdater:
    """Fetches what the series of one exchange lack; trouble of one of them stops no other."""

    fetcher: SeriesFetcher
    schedules: ExchangeSchedules
    states: SeriesStates
    health: ExchangeHealth
    requests: Requests

    def newest(self, schedule: SeriesSchedule) -> None:
        """The bars that have closed since the newest stored one; the newest page where nothing is stored yet."""
        self._ask(schedule, self._newest, schedule.unanswered)

    def fill(self, schedule: SeriesSchedule) -> None:
        """The history of a series, and every cause in it where somebody wants it looked at again."""
        self._ask(schedule, self._fill, schedule.fill_unanswered)

    def repair(self, schedule: SeriesSchedule) -> None:
        """Some of what is unexplained in a series."""
        self._ask(schedule, self._repair, schedule.repair_unanswered)

    def derive(self) -> None:
        """Bring the series that are made from others up to date."""
        now = self.fetcher.now_ms()
        for schedule, source in self.schedules.derived():
            if source.last and schedule.due_ms <= now:
                self._isolated(schedule, partial(self._derive, source))

    def _ask(self, schedule: SeriesSchedule, work: Work, later: Later) -> None:
        """Ask about one series. Where only that one is not answered it is put off; raises what concerns them all."""
        try:
            self._isolated(schedule, partial(self._listed, work))
        except Unanswered as error:
            self.health.require_another_answer(schedule, error)
            later(self.fetcher.now_ms(), self.fetcher.clock.speed)
            schedule.waits = reason = f"cannot be reached: {error}"
            if max(schedule.failures, 0 if schedule.last else schedule.fill_failures) >= UNANSWERED:
                self.states.set(schedule, SeriesState.UNREACHABLE, reason)
            if schedule.fill_failures >= TRIES:
                self.requests.give_up(schedule, reason)

    def _isolated(self, schedule: SeriesSchedule, work: Work) -> None:
        """Work on one series; whatever is wrong with it is told, and tried again."""
        try:
            work(schedule)
        except NotListed as error:
            self.states.market_missing(schedule, str(error))
        except Rejected as error:
            self.states.postpone(schedule, SeriesState.REFUSED, f"refused: {error}")
        except FleetError:
            raise
        except Exception as error:
            log.exception("series_failed", series=str(schedule.wanted.series))
            self.states.postpone(schedule, SeriesState.FAILED, f"failed: {type(error).__name__}: {error}")

    def _listed(self, work: Work, schedule: SeriesSchedule) -> None:
        """Work on a series whose market is there. Where it is back, what was missed may be a page, or years."""
        self.states.exchange_markets.require(schedule.wanted.series)
        schedule.filled, schedule.absent = schedule.filled and not schedule.absent, False
        work(schedule)
        self.states.set_market_problem(schedule)

    def _newest(self, schedule: SeriesSchedule) -> None:
        if schedule.last:
            self._arrived(schedule, fetch_newest(self.fetcher, schedule.wanted.series, schedule.last))
        else:
            schedule.filled = False
            self._arrived(schedule, history.begin(self.fetcher, schedule.wanted))

    def _fill(self, schedule: SeriesSchedule) -> None:
        asked, again = schedule.asked, schedule.recheck
        if again:
            history.reopen(self.fetcher, schedule.wanted)
        reached = history.fill(self.fetcher, schedule.wanted, plan.EVERY if again else plan.FIRST_LOOK)
        if reached.newest >= schedule.last:
            self._arrived(schedule, reached)
        elif reached.unexplained:  # newer bars came in meanwhile
            schedule.plan_first_repair(self.fetcher.now_ms())
        if not self.fetcher.stop.stopped:
            self._filled(schedule, asked)
            self.schedules.derive_again(schedule)

    def _filled(self, schedule: SeriesSchedule, asked: int) -> None:
        """Its history was fetched; once more where somebody has asked for it since it was `asked` for."""
        schedule.fill_failures, schedule.filled = 0, schedule.asked == asked
        if schedule.filled:
            schedule.recheck = False
            self.requests.filled(schedule)

    def _repair(self, schedule: SeriesSchedule) -> None:
        better = history.repair(self.fetcher, schedule.wanted)
        left = bool(history.unexplained(self.fetcher, schedule.wanted))
        schedule.plan_repair(self.fetcher.now_ms(), unexplained=left, better=better)
        if better:
            self.schedules.derive_again(schedule)

    def _derive(self, source: SeriesSchedule, schedule: SeriesSchedule) -> None:
        derive(self.fetcher, schedule.wanted, whole=not schedule.filled)
        schedule.filled = True
        self.states.clear(schedule)
        if source.filled:
            self.requests.filled(schedule)

    def _arrived(self, schedule: SeriesSchedule, reached: Reached) -> None:
        """A request was answered: plan the next one; what kept the series from going on is over."""
        now, held = self.fetcher.now_ms(), reached.held_ms
        schedule.reached(reached.newest)
        schedule.plan_next(
            self.fetcher.closed(schedule.wanted.series), now, self.fetcher.settle, self.fetcher.pages.size
        )
        schedule.waits = HELD if held is not None else SILENT if reached.silent else None
        schedule.due_ms = schedule.due_ms if held is None else min(schedule.due_ms, held + 1)
        if reached.unexplained:
            schedule.plan_first_repair(now)
        self.states.clear(schedule)
