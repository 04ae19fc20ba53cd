"""One exchange in a thread of its own: fills what is missing, then asks for every new candle once."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

import structlog

from backfiller import history, listing, plan
from backfiller.completeness import shortfall
from backfiller.course import Course
from backfiller.deriving import derive
from backfiller.head import Reached, advance
from backfiller.listing import Listing
from backfiller.plan import Wanted
from backfiller.supply import Supply
from db import candles, gaps, rechecks
from domain.candles import Series, SeriesState
from domain.errors import DatabaseLost, FleetError, Forbidden, NotListed, Rejected, Unavailable
from domain.gaps import Cause
from runtime.clock import now_ms
from runtime.retry import Backoff

log = structlog.get_logger()
SHORTEST, LONGEST = 0.01, 1.0  # real seconds that the thread sleeps at a time
FORBIDDEN_PAUSE = 600.0  # real seconds until an exchange that refuses us is asked again
FIRST_WAIT, LONGEST_WAIT = 0.5, 60.0  # real seconds of back-off while an exchange cannot be reached
SILENT = "its newest bars did not come: the exchange answered without a single candle"
HELD = "its newest bars wait for one before them that did not come yet: run it again"
TRIES = 5  # attempts of `--once` until an exchange is given up
LOOKS = 3  # of them that were answered, until bars that did not come are given up


@dataclass(kw_only=True)
class Follower:
    """Keeps the series of one exchange. `symbols`: every symbol whose market traders need; one that is missing for
    `delisted_after` seconds of candle time is gone.
    """

    supply: Supply
    wanted: Mapping[Series, Wanted]
    symbols: frozenset[str]
    delisted_after: float = 21_600.0
    courses: dict[Series, Course] = field(default_factory=dict)
    _wait: float = FIRST_WAIT

    def __post_init__(self) -> None:
        self.courses = {series: Course(wanted) for series, wanted in self.wanted.items()}
        self._listing = Listing(supply=self.supply, symbols=self.symbols, after=self.delisted_after)
        self._backoff = Backoff(FIRST_WAIT, LONGEST_WAIT)

    def once(self) -> None:
        """Fill every series, or say of each why it could not be."""
        tally, stop = self.supply.tally, self.supply.stop
        answered = 0
        for attempt in range(1, TRIES + 1):
            if stop.stopped:
                break
            answered += self._turn(self._fill_all)
            short = self._short()
            if (answered and not short) or answered == LOOKS or attempt == TRIES:
                break
            for course in self.courses.values():
                course.filled = course.filled and course.wanted.series not in short
            stop.wait(self._backoff.next())
        for series, reason in self._short().items():
            tally.failed.setdefault(series, reason)

    def _short(self) -> dict[Series, str]:
        """The series that are not what was wished for, and why; those that say so themselves are left out."""
        tally, found = self.supply.tally, {}
        for series, course in self.courses.items():
            reason = shortfall(self.supply, course.wanted)
            reason = reason or course.waits
            if not course.filled:
                reason = tally.state if tally.state != "ok" else reason or "not filled"
            if reason is not None and series not in tally.failed:
                found[series] = reason
        return found

    def follow(self) -> None:
        """Until told to stop: fill, then ask for every bar as soon as it has closed."""
        stop = self.supply.stop
        while not stop.stopped:
            wait = self._pause() if self._turn(self._step) else self._wait
            stop.wait(wait)

    def _fill_all(self) -> None:
        """Fill every series that is not filled yet."""
        self._listing.refresh()
        self._look_again()
        for course in self.courses.values():
            if not course.filled and not course.derived and not self.supply.stop.stopped:
                self._guarded(course, self._fill)
        self._derive()

    def _step(self) -> None:
        """Ask for whatever is due now, short bars first; then for some of what is unexplained."""
        self._listing.refresh()
        self._look_again()
        now = self.supply.now_ms()
        due = [course for course in self.courses.values() if not course.derived and course.due_ms <= now]
        for course in sorted(due, key=lambda course: course.wanted.series.seconds):
            if self.supply.stop.stopped:
                return
            self._guarded(course, self._advance if course.filled else self._fill)
        repair = self._next_repair()
        if repair is not None:
            self._guarded(repair, self._repair)
        if due or repair is not None:
            self._derive()

    def _turn(self, work: Callable[[], None]) -> bool:
        """Do some work; False where the exchange cannot be asked now. `_wait` is how long to leave it alone then."""
        tally = self.supply.tally
        try:
            work()
        except DatabaseLost:  # no fault of the exchange, and no pause mends it
            raise
        except Forbidden as error:
            self._wait = FORBIDDEN_PAUSE
            self._troubled(str(error))
            self._set_states(str(error), SeriesState.UNREACHABLE)
            return False
        except Unavailable as error:
            if not self.supply.stop.stopped:
                self._wait = self._backoff.next()
                self._troubled(f"cannot be reached: {error}")
            return False
        self._backoff.reset()
        if tally.state != "ok":
            log.info("exchange_back", exchange=self.supply.exchange.name)
            tally.state = "ok"
            self._set_states(None)
        return True

    def _troubled(self, message: str) -> None:
        """Say once what is wrong, and count on in silence."""
        if self.supply.tally.state != message:
            log.warning(
                "exchange_unavailable",
                exchange=self.supply.exchange.name,
                error=message,
                retry_seconds=round(self._wait, 1),
            )
        self.supply.tally.state = message

    def _set_states(self, state: str | None, code: SeriesState | None = None) -> None:
        """Every series of the exchange says why it stands still."""
        for series, course in self.courses.items():
            if not course.absent:
                candles.set_state(self.supply.db, series, state, code)
                course.remarked = ()

    def _guarded(self, course: Course, work: Callable[[Course], None]) -> None:
        """Work on one series; one that is not there stops nobody else."""
        try:
            self._listing.require(course.wanted.series)
            if course.absent:  # it is back: what was missed meanwhile may be a page, or years
                course.absent, work = False, self._fill
            work(course)
            self._remark(course)
        except NotListed as error:
            self._missing(course, str(error))
        except Rejected as error:
            self._put_off(course, SeriesState.REFUSED, f"refused: {error}")
        except FleetError:
            raise
        except Exception as error:  # whatever is wrong with one series stops no other: it is told, and tried again
            log.exception("series_failed", series=str(course.wanted.series))
            self._put_off(course, SeriesState.FAILED, f"failed: {type(error).__name__}: {error}")

    def _remark(self, course: Course) -> None:
        """Say what is wrong with the market of a series that has its candles, and say no more once it is right."""
        series = course.wanted.series
        found = self._listing.remark(series)
        if course.remarked != (found,):
            code, text = found or (None, None)
            candles.set_state(self.supply.db, series, text, code)
            course.remarked = (found,)

    def _fill(self, course: Course) -> None:
        """The history of a series, and every cause in it where somebody wants it looked at again."""
        if course.recheck:
            history.reopen(self.supply, course.wanted)
        again = plan.EVERY if course.recheck else plan.FIRST_LOOK
        self._arrived(course, history.fill(self.supply, course.wanted, again))
        if not self.supply.stop.stopped:
            course.filled = True
            self._looked(course)
            self._make_anew(course)

    def _advance(self, course: Course) -> None:
        """The new bars of a series; all of it where nothing is stored yet."""
        if course.last:
            self._arrived(course, advance(self.supply, course.wanted.series, course.last))
        else:
            self._arrived(course, history.fill(self.supply, course.wanted))

    def _next_repair(self) -> Course | None:
        """The series whose unexplained bars have waited longest to be asked for again, None while none is due."""
        now = self.supply.now_ms()
        due = [course for course in self.courses.values() if course.filled and (course.repair_ms or now + 1) <= now]
        return min(due, key=lambda course: course.repair_ms or 0, default=None)

    def _repair(self, course: Course) -> None:
        """Some of what is unexplained in a series."""
        better = history.repair(self.supply, course.wanted)
        left = bool(history.unexplained(self.supply, course.wanted))
        course.mend(self.supply.now_ms(), unexplained=left, better=better)
        if better:
            self._make_anew(course)

    def _make_anew(self, course: Course) -> None:
        """Bars that came in the past of a series are missing in those that are made from it."""
        for each in self.courses.values():
            if each.wanted.source == course.wanted.series:
                each.filled = False

    def _look_again(self) -> None:
        """Take up what somebody wants to be asked for again, whatever was found out before."""
        for series in rechecks.waiting(self.supply.db) & self.courses.keys():
            course = self.courses[series]
            if not course.recheck:
                course.recheck = True
                asked = self.courses[course.wanted.source] if course.wanted.source else course
                asked.recheck, asked.filled, asked.due_ms = True, False, 0.0

    def _looked(self, course: Course) -> None:
        """Say that a series was looked at again, if that was wanted."""
        if course.recheck:
            course.recheck = False
            rechecks.done(self.supply.db, course.wanted.series, now_ms())

    def _newest(self, course: Course) -> int:
        """The newest stored bar of a series, 0 for none."""
        extent = candles.extent(self.supply.db, course.wanted.series)
        return extent[1] if extent else 0

    def _arrived(self, course: Course, reached: Reached) -> None:
        """A request was answered: plan the next one; what kept the series from going on is over."""
        now, held = self.supply.now_ms(), reached.held_ms
        course.reached(reached.newest)
        course.schedule(self.supply.closed(course.wanted.series), now, self.supply.settle, self.supply.pages.size)
        course.waits = HELD if held is not None else SILENT if reached.silent else None
        course.due_ms = course.due_ms if held is None else min(course.due_ms, held + 1)
        if reached.unexplained and course.repair_ms is None:
            course.mend(now, unexplained=True)
        if self.supply.tally.failed.pop(course.wanted.series, None) is not None:
            candles.set_state(self.supply.db, course.wanted.series, None)

    def _pause(self) -> float:
        """Real seconds until the next series is due."""
        due = [course.due_ms for course in self.courses.values() if not course.derived]
        now = self.supply.now_ms()
        return min(max(self.supply.clock.real_seconds(min(due, default=now) - now), SHORTEST), LONGEST)

    def _derive(self) -> None:
        """Bring the series that are made from others up to date."""
        for course in self.courses.values():
            source = course.wanted.source
            if source is not None and self.courses[source].filled:
                derive(self.supply, course.wanted, whole=not course.filled)
                course.filled = True
                self._looked(course)

    def _missing(self, course: Course, message: str) -> None:
        """A market or timeframe is not there. Where candles are stored it is gone only once that is proven."""
        series, last = course.wanted.series, self._newest(course)
        course.absent = True
        if not last or not self._listing.gone(series):
            self._put_off(course, SeriesState.NOT_LISTED, f"not listed: {message}")
            return
        closed = self.supply.closed(series)
        if closed > last:
            gaps.mark(self.supply.db, series, last + series.seconds, closed, Cause.DELISTED)
        self._put_off(course, SeriesState.DELISTED, f"delisted: {message}")

    def _put_off(self, course: Course, code: SeriesState, state: str) -> None:
        """Ask again later; say why the series stands still."""
        series = course.wanted.series
        if self.supply.tally.failed.get(series) != state:
            log.warning("series_stands_still", series=str(series), reason=state)
        self.supply.tally.failed[series] = state
        candles.set_state(self.supply.db, series, state, code)
        course.remarked = ()
        course.due_ms = self.supply.now_ms() + listing.RECHECK * self.supply.clock.speed
        for each in self.courses.values():
            if each is course or each.wanted.source == series:
                self._looked(each)
