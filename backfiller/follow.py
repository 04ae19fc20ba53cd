"""One exchange in a thread of its own: asks for every new candle once, and for what is missing in between."""

from collections.abc import Mapping
from dataclasses import InitVar, dataclass, field

from backfiller.courses import Courses
from backfiller.keeper import Keeper
from backfiller.listing import Listing
from backfiller.plan import Wanted
from backfiller.reach import Reach
from backfiller.standing import Standing
from backfiller.supply import Supply
from domain.candles import Series

SHORTEST, LONGEST = 0.01, 1.0  # real seconds that the thread sleeps at a time


@dataclass(kw_only=True)
class Follower:
    """Keeps the series of one exchange. `symbols`: every symbol whose market traders need; one that is missing for
    `delisted_after` seconds of candle time is gone.
    """

    supply: Supply
    wanted: InitVar[Mapping[Series, Wanted]]
    symbols: InitVar[frozenset[str]]
    delisted_after: InitVar[float] = 21_600.0
    courses: Courses = field(init=False)
    listing: Listing = field(init=False)
    reach: Reach = field(init=False)
    keeper: Keeper = field(init=False)

    def __post_init__(self, wanted: Mapping[Series, Wanted], symbols: frozenset[str], delisted_after: float) -> None:
        supply = self.supply
        self.courses = courses = Courses.of(supply.db, wanted)
        self.listing = Listing(supply=supply, symbols=symbols, after=delisted_after)
        standing = Standing(supply=supply, courses=courses, listing=self.listing)
        self.reach = Reach(supply=supply, courses=courses, standing=standing)
        self.keeper = Keeper(supply=supply, courses=courses, standing=standing, reach=self.reach)

    def follow(self) -> None:
        """Until told to stop: ask for every bar as soon as it has closed, and meanwhile for what is missing."""
        stop = self.supply.stop
        while not stop.stopped:
            wait = self._pause() if self.reach.turn(self._step) else self.reach.wait
            stop.wait(wait)

    def _step(self) -> None:
        """The newest bars first; then the history of one series and some of what is unexplained in one. New bars that
        are due meanwhile come before each request of these, however many they take.
        """
        self._newest()
        now = self.supply.now_ms()
        with self.supply.giving_way(self._newest):
            if (course := self.courses.next_fill(now)) is not None:
                self.keeper.fill(course)
                self.keeper.derive()
            if (course := self.courses.next_repair(now)) is not None:
                self.keeper.repair(course)
                self.keeper.derive()

    def _newest(self) -> None:
        """Ask for whatever newest bars are due now, short bars first."""
        self.listing.refresh()
        self.courses.look_again()
        due = self.courses.due(self.supply.now_ms(), self.supply.pages.size)
        for course in due:
            if self.supply.stop.stopped:
                return
            self.keeper.newest(course)
        if due:
            self.keeper.derive()

    def _pause(self) -> float:
        """Real seconds until the next series is due."""
        now = self.supply.now_ms()
        due = self.courses.next_ms()
        return min(max(self.supply.clock.real_seconds((now if due is None else due) - now), SHORTEST), LONGEST)
