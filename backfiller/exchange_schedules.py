"""The series of one exchange: which are to be asked for next, which are made from which, which are to be rechecked."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from backfiller.plan import Wanted
from backfiller.schedule import SeriesSchedule
from db.database import Database
from db.market_data import rechecks
from domain.candles import Series
from runtime.clock import now_ms


@dataclass(frozen=True)
class ExchangeSchedules:
    """`every`: the schedules of all series that are wanted of an exchange."""

    db: Database
    every: Mapping[Series, SeriesSchedule]

    @classmethod
    def of(cls, db: Database, wanted: Mapping[Series, Wanted]) -> "ExchangeSchedules":
        """At the start."""
        return cls(db, {series: SeriesSchedule(each) for series, each in wanted.items()})

    def __iter__(self) -> Iterator[SeriesSchedule]:
        return iter(self.every.values())

    def asked(self) -> list[SeriesSchedule]:
        """Those that the exchange is asked for."""
        return [schedule for schedule in self if not schedule.derived]

    def derived(self) -> list[tuple[SeriesSchedule, SeriesSchedule]]:
        """Those that are made from another one, each with that one."""
        return [
            (schedule, self.every[schedule.wanted.source]) for schedule in self if schedule.wanted.source is not None
        ]

    def due(self, now: float, page: int) -> list[SeriesSchedule]:
        """Those whose newest bars are to be asked for at candle time `now` (ms), those that failed last. Whoever is
        more than a page of `page` bars behind has history to fetch: that takes its time.
        """
        found = [schedule for schedule in self.asked() if schedule.due_ms <= now]
        for schedule in [each for each in found if each.far_behind(now, page)]:
            schedule.filled, schedule.due_ms = False, max(schedule.due_ms, schedule.fill_ms)
        near = (schedule for schedule in found if not schedule.far_behind(now, page))
        return sorted(near, key=lambda schedule: (schedule.failures, schedule.wanted.series.seconds))

    def next_fill(self, now: float) -> SeriesSchedule | None:
        """The series whose history is to be fetched next: a short one before a long one."""
        open_ = [schedule for schedule in self.asked() if not schedule.filled and schedule.fill_ms <= now]
        closed = round(now / 1000)
        return min(open_, key=lambda schedule: (schedule.fill_failures, schedule.wanted.bars(closed)), default=None)

    def next_repair(self, now: float) -> SeriesSchedule | None:
        """The series whose unexplained bars have waited longest to be asked for again."""
        due = [schedule for schedule in self if schedule.filled and (schedule.repair_ms or now + 1) <= now]
        return min(due, key=lambda schedule: schedule.repair_ms or 0, default=None)

    def next_ms(self) -> float | None:
        """When the next request is due, candle time; None where there is nothing to ask for."""
        asked = self.asked()
        due = [schedule.due_ms for schedule in asked] + [schedule.fill_ms for schedule in asked if not schedule.filled]
        return min(due, default=None)

    def derive_again(self, schedule: SeriesSchedule) -> None:
        """Bars that came in the past of a series are missing in those that are made from it."""
        for each, source in self.derived():
            if source is schedule:
                each.filled = False

    def take_up_rechecks(self) -> None:
        """Take up what somebody wants to be asked for again, whatever was found out before."""
        for series in rechecks.waiting(self.db) & self.every.keys():
            schedule = self.every[series]
            if not schedule.recheck:
                schedule.recheck = True
                asked = self.every[schedule.wanted.source] if schedule.wanted.source else schedule
                asked.recheck, asked.filled, asked.fill_ms = True, False, 0.0

    def recheck_done(self, schedule: SeriesSchedule) -> None:
        """Say that a series was looked at again, if that was wanted."""
        if schedule.recheck:
            schedule.recheck = False
            rechecks.done(self.db, schedule.wanted.series, now_ms())
