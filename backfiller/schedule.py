"""How far a series has come, and when its exchange is to be asked for which part of it. Pure: candle time is given."""

from dataclasses import dataclass

from backfiller import plan
from backfiller.plan import Wanted

FIRST_REPAIR, LONGEST_REPAIR = 60.0, 21_600.0  # seconds of candle time between two repairs of a series
SPREAD = 1.0  # seconds of candle time over which the requests for new bars are spread
LATE = 1.0  # seconds of candle time after which a bar that was not there is asked for again, doubled each time
FIRST_WAIT, LONGEST_WAIT = 0.5, 60.0  # real seconds until a series that was not answered is asked for again


@dataclass(slots=True)
class SeriesSchedule:
    """What is known of one series between two requests.

    Moments are milliseconds of candle time.

    - `last`: the open of its newest stored bar, 0 for none.
    - `due_ms`: when to ask for newer bars.
    - `late`: how many requests in a row did not bring a bar that must have closed.
    - `failures`: how many requests for newer bars in a row the exchange did not answer.
    - `filled`: its history was fetched. Where it was not, it is to be asked for at `fill_ms`, and `fill_failures`
      counts the requests in a row that were not answered.
    - `absent`: its market was not listed when the markets were last read.
    - `market_problem`: what the database says of its market, in a tuple; empty where nothing was written yet.
    - `repair_ms`: when to ask again for the unexplained bars before `last`, None where there are none. `repairs` counts
      the repairs in a row that brought nothing.
    - `asked`: how often somebody has asked for its history, whatever was fetched before; `awaited`: somebody waits for
      it. `recheck`: the cause of every missing bar is to be found out again.
    - `waits`: why bars that must have closed are not stored.
    """

    wanted: Wanted
    last: int = 0
    due_ms: float = 0.0
    late: int = 0
    failures: int = 0
    filled: bool = False
    fill_ms: float = 0.0
    fill_failures: int = 0
    absent: bool = False
    market_problem: tuple[object, ...] = ()
    repair_ms: float | None = None
    repairs: int = 0
    asked: int = 0
    awaited: bool = False
    recheck: bool = False
    waits: str | None = None

    @property
    def derived(self) -> bool:
        """Whether it is made from another series and never asked for."""
        return self.wanted.source is not None

    def far_behind(self, now_ms: float, page: int) -> bool:
        """Whether what came since its newest stored bar is more than a page of `page` bars."""
        return self.last > 0 and now_ms / 1000 - self.last > (page + 1) * self.wanted.series.seconds

    def postpone(self, due_ms: float) -> None:
        """Ask for nothing of it before."""
        self.due_ms = self.fill_ms = due_ms

    def unanswered(self, now_ms: float, speed: float) -> None:
        """Its newest bars were asked for, and no answer came; candle time runs at `speed`."""
        self.failures += 1
        self.due_ms = now_ms + 1000 * speed * _wait(self.failures)

    def fill_unanswered(self, now_ms: float, speed: float) -> None:
        """The same of its history."""
        self.fill_failures += 1
        self.fill_ms = now_ms + 1000 * speed * _wait(self.fill_failures)

    def repair_unanswered(self, now_ms: float, _speed: float) -> None:
        """The same of what is unexplained."""
        self.plan_repair(now_ms, unexplained=True, better=False)

    def reached(self, last: int) -> None:
        """The newest stored bar after a request; one that brought nothing new was too early."""
        self.failures = 0
        self.late = 0 if last > self.last else self.late + 1
        self.last = last

    def plan_next(self, closed: int, now_ms: float, settle: float, page: int) -> None:
        """Be due when the next bar must have closed; sooner and sooner later where one should have been there.

        `closed` is the newest closed bar by the exchange's clock, `now_ms` that clock, `settle` in seconds. The more
        pages of `page` bars a request has to cover, the rarer it is.
        """
        length = self.wanted.series.seconds
        behind = closed > self.last
        if behind and self.late:
            pages = 1 + max(0, closed - self.last) // (length * page)
            self.due_ms = now_ms + 1000 * min(LATE * 2 ** min(self.late - 1, 20), pages * length / 4)
            return
        closes = max(self.last, 0 if behind else closed) + 2 * length
        self.due_ms = 1000 * (closes + settle + plan.jitter(self.wanted.series, SPREAD)) + 1

    def plan_first_repair(self, now_ms: float) -> None:
        """Something unexplained is left: plan its repair, unless that is done."""
        if self.repair_ms is None:
            self.plan_repair(now_ms, unexplained=True)

    def plan_repair(self, now_ms: float, *, unexplained: bool, better: bool = True) -> None:
        """Plan the next repair, if there is something `unexplained`: soon after one that made it `better`, later and
        later after those that did not. `now_ms` is the exchange's clock.
        """
        if not unexplained:
            self.repair_ms, self.repairs = None, 0
            return
        self.repairs = 0 if better else self.repairs + 1
        first = min(FIRST_REPAIR, self.wanted.series.seconds)
        self.repair_ms = now_ms + 1000 * min(first * 2 ** min(self.repairs, 20), LONGEST_REPAIR)


def _wait(failures: int) -> float:
    """Real seconds after so many requests in a row that were not answered."""
    return min(FIRST_WAIT * 2.0 ** min(failures - 1, 20), LONGEST_WAIT)
