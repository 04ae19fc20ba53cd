"""Why a series stands still: told once in the log, kept in the database, and taken back once it goes on."""

from dataclasses import dataclass

import structlog

from backfiller import listing
from backfiller.course import Course
from backfiller.courses import Courses
from backfiller.listing import Listing
from backfiller.supply import Supply
from db import candles, gaps
from domain.candles import SeriesState
from domain.gaps import Cause

log = structlog.get_logger()


@dataclass(kw_only=True)
class Standing:
    """The states of the series of one exchange."""

    supply: Supply
    courses: Courses
    listing: Listing

    def stands_still(self, course: Course, code: SeriesState, state: str) -> None:
        """Say why."""
        series = course.wanted.series
        if self.supply.tally.failed.get(series) != state:
            log.warning("series_stands_still", series=str(series), reason=state)
        self.supply.tally.failed[series] = state
        candles.set_state(self.supply.db, series, state, code)
        course.remarked = ()

    def put_off(self, course: Course, code: SeriesState, state: str) -> None:
        """Ask again in a minute; say why the series stands still."""
        self.stands_still(course, code, state)
        course.put_off(self.supply.now_ms() + listing.RECHECK * self.supply.clock.speed)
        for each in self.courses:
            if each is course or each.wanted.source == course.wanted.series:
                self.courses.looked(each)

    def missing(self, course: Course, message: str) -> None:
        """A market or timeframe is not there. Where candles are stored it is gone only once that is proven."""
        series, extent = course.wanted.series, candles.extent(self.supply.db, course.wanted.series)
        course.absent = True
        if extent is None or not self.listing.gone(series):
            self.put_off(course, SeriesState.NOT_LISTED, f"not listed: {message}")
            return
        closed = self.supply.closed(series)
        if closed > extent[1]:
            gaps.mark(self.supply.db, series, extent[1] + series.seconds, closed, Cause.DELISTED)
        self.put_off(course, SeriesState.DELISTED, f"delisted: {message}")

    def goes_on(self, course: Course) -> None:
        """What kept it from going on is over."""
        if self.supply.tally.failed.pop(course.wanted.series, None) is not None:
            candles.set_state(self.supply.db, course.wanted.series, None)

    def remark(self, course: Course) -> None:
        """Say what is wrong with the market of a series that has its candles, and say no more once it is right."""
        series = course.wanted.series
        found = self.listing.remark(series)
        if course.remarked != (found,):
            code, text = found or (None, None)
            candles.set_state(self.supply.db, series, text, code)
            course.remarked = (found,)

    def all(self, state: str | None, code: SeriesState | None = None) -> None:
        """Every series of the exchange says why it stands still, or that it does not."""
        for series, course in self.courses.every.items():
            if not course.absent:
                candles.set_state(self.supply.db, series, state, code)
                course.remarked = ()
