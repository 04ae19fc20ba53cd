"""What is done for one series: its newest bars, its history, what is unexplained in it, what is made from another."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

import structlog

from backfiller import history, plan
from backfiller.course import Course
from backfiller.courses import Courses
from backfiller.deriving import derive
from backfiller.head import Reached, advance
from backfiller.reach import Reach
from backfiller.standing import Standing
from backfiller.supply import Supply
from domain.candles import SeriesState
from domain.errors import FleetError, NotListed, Rejected, Unanswered

log = structlog.get_logger()
SILENT = "its newest bars did not come: the exchange answered without a single candle"
HELD = "its newest bars wait for one before them that did not come yet: run it again"
UNANSWERED = 2  # requests in a row that were not answered, from which on a series says so
Work = Callable[[Course], object]
Later = Callable[[float, float], object]


@dataclass(kw_only=True)
class Keeper:
    """Keeps the series of one exchange; trouble of one of them stops no other."""

    supply: Supply
    courses: Courses
    standing: Standing
    reach: Reach

    def newest(self, course: Course) -> None:
        """The bars that have closed since the newest stored one; the newest page where nothing is stored yet."""
        self._ask(course, self._newest, course.unanswered)

    def fill(self, course: Course) -> None:
        """The history of a series, and every cause in it where somebody wants it looked at again."""
        self._ask(course, self._fill, course.fill_unanswered)

    def repair(self, course: Course) -> None:
        """Some of what is unexplained in a series."""
        self._ask(course, self._repair, course.repair_unanswered)

    def derive(self) -> None:
        """Bring the series that are made from others up to date."""
        now = self.supply.now_ms()
        for course, source in self.courses.derived():
            if source.last and course.due_ms <= now:
                self._apart(course, partial(self._derive, source))

    def _ask(self, course: Course, work: Work, later: Later) -> None:
        """Ask about one series. Where only that one is not answered it is put off; raises what concerns them all."""
        try:
            self._apart(course, partial(self._listed, work))
        except Unanswered as error:
            self.reach.require(course, error)
            later(self.supply.now_ms(), self.supply.clock.speed)
            course.waits = told = f"cannot be reached: {error}"
            if max(course.failures, 0 if course.last else course.fill_failures) >= UNANSWERED:
                self.standing.stands_still(course, SeriesState.UNREACHABLE, told)

    def _apart(self, course: Course, work: Work) -> None:
        """Work on one series; whatever is wrong with it is told, and tried again."""
        try:
            work(course)
        except NotListed as error:
            self.standing.missing(course, str(error))
        except Rejected as error:
            self.standing.put_off(course, SeriesState.REFUSED, f"refused: {error}")
        except FleetError:
            raise
        except Exception as error:
            log.exception("series_failed", series=str(course.wanted.series))
            self.standing.put_off(course, SeriesState.FAILED, f"failed: {type(error).__name__}: {error}")

    def _listed(self, work: Work, course: Course) -> None:
        """Work on a series whose market is there. Where it is back, what was missed may be a page, or years."""
        self.standing.listing.require(course.wanted.series)
        course.filled, course.absent = course.filled and not course.absent, False
        work(course)
        self.standing.remark(course)

    def _newest(self, course: Course) -> None:
        if course.last:
            self._arrived(course, advance(self.supply, course.wanted.series, course.last))
        else:
            course.filled = False
            self._arrived(course, history.begin(self.supply, course.wanted))

    def _fill(self, course: Course) -> None:
        again = course.recheck
        if again:
            history.reopen(self.supply, course.wanted)
        reached = history.fill(self.supply, course.wanted, plan.EVERY if again else plan.FIRST_LOOK)
        if reached.newest >= course.last:
            self._arrived(course, reached)
        elif reached.unexplained:  # newer bars came in meanwhile
            course.left_open(self.supply.now_ms())
        if not self.supply.stop.stopped:
            course.fill_failures, course.filled = 0, course.recheck == again
            if again:
                self.courses.looked(course)
            self.courses.make_anew(course)

    def _repair(self, course: Course) -> None:
        better = history.repair(self.supply, course.wanted)
        left = bool(history.unexplained(self.supply, course.wanted))
        course.mend(self.supply.now_ms(), unexplained=left, better=better)
        if better:
            self.courses.make_anew(course)

    def _derive(self, source: Course, course: Course) -> None:
        derive(self.supply, course.wanted, whole=not course.filled)
        course.filled = True
        self.standing.goes_on(course)
        if source.filled:
            self.courses.looked(course)

    def _arrived(self, course: Course, reached: Reached) -> None:
        """A request was answered: plan the next one; what kept the series from going on is over."""
        now, held = self.supply.now_ms(), reached.held_ms
        course.reached(reached.newest)
        course.schedule(self.supply.closed(course.wanted.series), now, self.supply.settle, self.supply.pages.size)
        course.waits = HELD if held is not None else SILENT if reached.silent else None
        course.due_ms = course.due_ms if held is None else min(course.due_ms, held + 1)
        if reached.unexplained:
            course.left_open(now)
        self.standing.goes_on(course)
