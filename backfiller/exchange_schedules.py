"""The series of one exchange: which are to be asked for next, and which are made from which. Pure: time is given."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from backfiller import plan
from backfiller.schedule import SeriesSchedule
from config.settings import SeriesSettings
from domain.candles import Series


@dataclass(kw_only=True)
class ExchangeSchedules:
    """`kept`: the series that are wanted of an exchange, which offers the timeframes `offered`. `every`: the schedules
    of all of them, and of those that they are made from.
    """

    kept: Sequence[SeriesSettings]
    offered: frozenset[str]
    every: dict[Series, SeriesSchedule] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self._plan()

    def __iter__(self) -> Iterator[SeriesSchedule]:
        return iter(list(self.every.values()))

    def require(self, wish: SeriesSettings) -> SeriesSchedule:
        """Keep a series as deep as that, if it is not yet; its schedule."""
        self.kept = [*self.kept, wish]
        self._plan()
        return self.every[wish.series]

    def _plan(self) -> None:
        """A schedule for whatever is kept; history is to be fetched where it is wanted deeper than before."""
        for series, wanted in plan.wanted(self.kept, self.offered).items():
            schedule = self.every.setdefault(series, SeriesSchedule(wanted))
            schedule.filled = schedule.filled and schedule.wanted == wanted
            schedule.wanted = wanted

    def asked(self) -> list[SeriesSchedule]:
        """Those that the exchange is asked for."""
        return [schedule for schedule in self if not schedule.derived]

    def derived(self) -> list[tuple[SeriesSchedule, SeriesSchedule]]:
        """Those that are made from another one, each with that one."""
        return [(schedule, self.origin(schedule)) for schedule in self if schedule.derived]

    def origin(self, schedule: SeriesSchedule) -> SeriesSchedule:
        """What the exchange is asked for to have a series: the one that it is made from, or itself."""
        return self.every[schedule.wanted.source or schedule.wanted.series]

    def with_derived(self, schedule: SeriesSchedule) -> list[SeriesSchedule]:
        """A series and those that are made from it."""
        return [schedule, *(each for each, source in self.derived() if source is schedule)]

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
        """The series whose history is to be fetched next: one that somebody waits for first, a short one before a long
        one.
        """
        open_ = [schedule for schedule in self.asked() if not schedule.filled and schedule.fill_ms <= now]
        closed = round(now / 1000)

        def order(schedule: SeriesSchedule) -> tuple[bool, int, int]:
            return not schedule.awaited, schedule.fill_failures, schedule.wanted.bars(closed)

        return min(open_, key=order, default=None)

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
        for each in self.with_derived(schedule)[1:]:
            each.filled = False
