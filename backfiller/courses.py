"""The series of one exchange: which are to be asked for next, which are made from which, which are to be rechecked."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from backfiller.course import Course
from backfiller.plan import Wanted
from db import rechecks
from db.connection import Database
from domain.candles import Series
from runtime.clock import now_ms


@dataclass(frozen=True)
class Courses:
    """`every`: the courses of all series that an exchange is wanted for."""

    db: Database
    every: Mapping[Series, Course]

    @classmethod
    def of(cls, db: Database, wanted: Mapping[Series, Wanted]) -> "Courses":
        """At the start."""
        return cls(db, {series: Course(each) for series, each in wanted.items()})

    def __iter__(self) -> Iterator[Course]:
        return iter(self.every.values())

    def asked(self) -> list[Course]:
        """Those that the exchange is asked for."""
        return [course for course in self if not course.derived]

    def derived(self) -> list[tuple[Course, Course]]:
        """Those that are made from another one, each with that one."""
        return [(course, self.every[course.wanted.source]) for course in self if course.wanted.source is not None]

    def due(self, now: float, page: int) -> list[Course]:
        """Those whose newest bars are to be asked for at candle time `now` (ms), those that failed last. Whoever is
        more than a page of `page` bars behind has history to fetch: that takes its time.
        """
        found = [course for course in self.asked() if course.due_ms <= now]
        for course in [each for each in found if each.far_behind(now, page)]:
            course.filled, course.due_ms = False, max(course.due_ms, course.fill_ms)
        near = (course for course in found if not course.far_behind(now, page))
        return sorted(near, key=lambda course: (course.failures, course.wanted.series.seconds))

    def next_fill(self, now: float) -> Course | None:
        """The series whose history is to be fetched next: a short one before a long one."""
        open_ = [course for course in self.asked() if not course.filled and course.fill_ms <= now]
        closed = round(now / 1000)
        return min(open_, key=lambda course: (course.fill_failures, course.wanted.bars(closed)), default=None)

    def next_repair(self, now: float) -> Course | None:
        """The series whose unexplained bars have waited longest to be asked for again."""
        due = [course for course in self if course.filled and (course.repair_ms or now + 1) <= now]
        return min(due, key=lambda course: course.repair_ms or 0, default=None)

    def next_ms(self) -> float | None:
        """When the next request is due, candle time; None where there is nothing to ask for."""
        asked = self.asked()
        due = [course.due_ms for course in asked] + [course.fill_ms for course in asked if not course.filled]
        return min(due, default=None)

    def make_anew(self, course: Course) -> None:
        """Bars that came in the past of a series are missing in those that are made from it."""
        for each, source in self.derived():
            if source is course:
                each.filled = False

    def look_again(self) -> None:
        """Take up what somebody wants to be asked for again, whatever was found out before."""
        for series in rechecks.waiting(self.db) & self.every.keys():
            course = self.every[series]
            if not course.recheck:
                course.recheck = True
                asked = self.every[course.wanted.source] if course.wanted.source else course
                asked.recheck, asked.filled, asked.fill_ms = True, False, 0.0

    def looked(self, course: Course) -> None:
        """Say that a series was looked at again, if that was wanted."""
        if course.recheck:
            course.recheck = False
            rechecks.done(self.db, course.wanted.series, now_ms())
