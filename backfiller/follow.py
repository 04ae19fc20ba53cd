"""One exchange in a thread of its own: fills what is missing, then asks for every new candle once."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

import structlog

from backfiller import plan
from backfiller.plan import Wanted
from backfiller.supply import Supply
from db import candles, gaps, markets
from domain.candles import Series
from domain.errors import Forbidden, NotListed, Rejected, Unavailable
from domain.gaps import Cause
from runtime.clock import now_ms
from runtime.retry import Backoff

log = structlog.get_logger()
SPREAD = 1.0  # seconds of candle time over which the requests for new bars are spread
LATE = 1.0  # seconds of candle time after which a bar that was not there is asked for again, doubled each time
SHORTEST, LONGEST = 0.01, 1.0  # real seconds that the thread sleeps at a time
FORBIDDEN_PAUSE = 600.0  # real seconds until an exchange that refuses us is asked again
FIRST_WAIT, LONGEST_WAIT = 0.5, 60.0  # real seconds of back-off while an exchange cannot be reached
RECHECK = 60_000  # real milliseconds between two looks at a market that is not there
REFRESH = 86_400_000  # candle milliseconds between two readings of the markets
GONE = 2  # looks at which a market with candles must be missing until it counts as delisted
TRIES = 5  # attempts of `--once` until an exchange is given up


@dataclass(slots=True)
class Course:
    """Where a series is: its newest stored bar, when to ask again (candle time), and how often a bar was not there."""

    wanted: Wanted
    last: int = 0
    due_ms: float = 0.0
    late: int = 0
    filled: bool = False
    absent: int = 0
    recheck_ms: int = 0


@dataclass(kw_only=True)
class Follower:
    """Keeps the series of one exchange. `symbols`: every symbol whose market traders need."""

    supply: Supply
    wanted: Mapping[Series, Wanted]
    symbols: frozenset[str]
    courses: dict[Series, Course] = field(default_factory=dict)
    _listed_ms: float | None = None
    _known: frozenset[str] = frozenset()
    _wait: float = FIRST_WAIT

    def __post_init__(self) -> None:
        self.courses = {series: Course(wanted) for series, wanted in self.wanted.items()}
        self._backoff = Backoff(FIRST_WAIT, LONGEST_WAIT)

    @property
    def name(self) -> str:
        """The exchange's name."""
        return self.supply.exchange.name

    def once(self) -> None:
        """Fill every series, or say of each why it could not be."""
        tally, stop = self.supply.tally, self.supply.stop
        for attempt in range(1, TRIES + 1):
            if stop.stopped or self._turn(self.fill_all):
                break
            if attempt < TRIES and tally.state != "ok":
                stop.wait(self._backoff.next())
        unfilled = [series for series, course in self.courses.items() if not course.filled]
        for series in unfilled:
            tally.failed.setdefault(series, tally.state if tally.state != "ok" else "not filled")

    def follow(self) -> None:
        """Until told to stop: fill, then ask for every bar as soon as it has closed."""
        stop = self.supply.stop
        while not stop.stopped:
            wait = self._pause() if self._turn(self.step) else self._wait
            stop.wait(wait)

    def fill_all(self) -> None:
        """Fill every series that is not filled yet."""
        self._list_markets()
        for course in self.courses.values():
            if not course.filled and not self.supply.stop.stopped:
                self._guarded(course, self._fill)
        self._derive()

    def step(self) -> None:
        """Ask for whatever is due now."""
        self._list_markets()
        now = self.supply.clock.now_ms() + self.supply.offset_ms
        due = [course for course in self.courses.values() if course.wanted.source is None and course.due_ms <= now]
        for course in sorted(due, key=lambda course: course.wanted.series.seconds):
            if self.supply.stop.stopped:
                return
            self._guarded(course, self._advance if course.filled else self._fill)
        if due:
            self._derive()

    def _turn(self, work: Callable[[], None]) -> bool:
        """Do some work; False where the exchange cannot be asked now. `_wait` is how long to leave it alone then."""
        tally = self.supply.tally
        try:
            work()
        except Forbidden as error:
            self._wait = FORBIDDEN_PAUSE
            self._troubled(str(error))
            self._set_states(str(error))
            return False
        except Unavailable as error:
            if not self.supply.stop.stopped:
                self._wait = self._backoff.next()
                self._troubled(f"cannot be reached: {error}")
            return False
        self._backoff.reset()
        if tally.state != "ok":
            log.info("exchange_back", exchange=self.name)
            tally.state = "ok"
            self._set_states(None)
        return True

    def _troubled(self, message: str) -> None:
        """Say once what is wrong, and count on in silence."""
        if self.supply.tally.state != message:
            log.warning("exchange_unavailable", exchange=self.name, error=message, retry_seconds=round(self._wait, 1))
        self.supply.tally.state = message

    def _set_states(self, state: str | None) -> None:
        """Every series of the exchange says why it stands still."""
        for series, course in self.courses.items():
            if not course.absent:
                candles.set_state(self.supply.db, series, state)

    def _guarded(self, course: Course, work: Callable[[Course], None]) -> None:
        """Work on one series; one that is not there stops nobody else."""
        try:
            if course.absent:
                self._look_again(course)
            work(course)
        except NotListed as error:
            self._missing(course, str(error))
        except Rejected as error:
            self._put_off(course, f"refused: {error}")

    def _fill(self, course: Course) -> None:
        series, source = course.wanted.series, course.wanted.source
        if source is None:
            self._refuse_unlisted(series)
            self.supply.fill(course.wanted, plan.FIRST_LOOK)
        self._read_last(course)
        course.filled = source is None and not self.supply.stop.stopped
        self._schedule(course)
        self._is_there(course)

    def _advance(self, course: Course) -> None:
        """The new bars of a series; all of the history where too many are missing."""
        series, closed = course.wanted.series, self.supply.closed(course.wanted.series)
        room = self.supply.exchange.manners.page - 2
        if course.last and (closed - course.last) // series.seconds < room:
            before, course.last = course.last, self.supply.advance(series, course.last)
            course.late = 0 if course.last > before else course.late + 1
        else:
            self.supply.fill(course.wanted)
            self._read_last(course)
        self._schedule(course)
        self._is_there(course)

    def _read_last(self, course: Course) -> None:
        """The newest stored bar after a fill; a series that is still empty is asked for again like a late bar."""
        extent = candles.extent(self.supply.db, course.wanted.series)
        before, course.last = course.last, extent[1] if extent else 0
        course.late = 0 if course.last > before else course.late + 1

    def _schedule(self, course: Course) -> None:
        """When the next bar must have closed, or when to ask again for one that was not there."""
        series = course.wanted.series
        length, now = series.seconds, self.supply.clock.now_ms() + self.supply.offset_ms
        behind = self.supply.closed(series) > course.last
        if behind and course.late:
            course.due_ms = now + 1000 * min(LATE * 2 ** min(course.late - 1, 20), length / 4)
            return
        closes = max(course.last, self.supply.closed(series) if not behind else 0) + 2 * length
        course.due_ms = 1000 * (closes + self.supply.settle + plan.jitter(series, SPREAD)) + 1

    def _pause(self) -> float:
        """Real seconds until the next series is due."""
        now = self.supply.clock.now_ms() + self.supply.offset_ms
        due = [course.due_ms for course in self.courses.values() if course.wanted.source is None]
        wait = self.supply.clock.real_seconds(min(due, default=now) - now)
        return min(max(wait, SHORTEST), LONGEST)

    def _derive(self) -> None:
        """Bring the series that are made from others up to date."""
        for course in self.courses.values():
            source = course.wanted.source
            if source is not None and self.courses[source].filled:
                self.supply.derive(course.wanted)
                course.filled = True

    def _list_markets(self) -> None:
        """Read what the exchange lists, at start and once a day, and learn its clock."""
        now = self.supply.clock.now_ms()
        if self._listed_ms is not None and now - self._listed_ms < REFRESH:
            return
        found = self.supply.exchange.markets()
        self._known = frozenset(symbol for symbol, market in found.items() if market.active)
        markets.save(self.supply.db, [found[symbol] for symbol in self.symbols & found.keys()], now_ms())
        self.supply.set_clock()
        self._listed_ms = now

    def _refuse_unlisted(self, series: Series) -> None:
        """Raise NotListed for a market that the exchange does not list, or no longer trades."""
        if series.symbol not in self._known:
            raise NotListed(f"{series.exchange} does not list {series.symbol}")

    def _missing(self, course: Course, message: str) -> None:
        """A market or timeframe is not there; where candles are stored, a second look must confirm that it is gone."""
        series = course.wanted.series
        extent = candles.extent(self.supply.db, series)
        course.absent += 1
        if extent is None:
            self._put_off(course, f"not listed: {message}")
        elif course.absent < GONE:
            self._put_off(course, f"not answered: {message}; asked again in {RECHECK // 1000} s")
        else:
            closed = self.supply.closed(series)
            if closed > extent[1]:
                gaps.mark(self.supply.db, series, extent[1] + series.seconds, closed, Cause.DELISTED)
            self._put_off(course, f"delisted: {message}")

    def _put_off(self, course: Course, state: str) -> None:
        """Ask again later; say why the series stands still."""
        series = course.wanted.series
        if self.supply.tally.failed.get(series) != state:
            log.warning("series_stands_still", series=str(series), reason=state)
        self.supply.tally.failed[series] = state
        candles.set_state(self.supply.db, series, state)
        course.recheck_ms = now_ms() + RECHECK
        course.due_ms = self.supply.clock.now_ms() + RECHECK * self.supply.clock.speed

    def _look_again(self, course: Course) -> None:
        """A market was not there: does the exchange list it now? Raises NotListed where it does not."""
        self._listed_ms = None
        self._list_markets()
        self._refuse_unlisted(course.wanted.series)

    def _is_there(self, course: Course) -> None:
        """A series goes on."""
        if course.absent or course.wanted.series in self.supply.tally.failed:
            course.absent = 0
            self.supply.tally.failed.pop(course.wanted.series, None)
            candles.set_state(self.supply.db, course.wanted.series, None)
