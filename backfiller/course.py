"""Where a series is while it is followed, and when to ask for it again. Pure: candle time is an argument."""

from dataclasses import dataclass

from backfiller import plan
from backfiller.plan import Wanted

FIRST_REPAIR, LONGEST_REPAIR = 60.0, 21_600.0  # seconds of candle time between two repairs of a series
SPREAD = 1.0  # seconds of candle time over which the requests for new bars are spread
LATE = 1.0  # seconds of candle time after which a bar that was not there is asked for again, doubled each time


@dataclass(slots=True)
class Course:
    """One series.

    `last`: its newest stored bar, 0 for none. `due_ms`: when to ask again, candle time. `late`: how often in a row a
    bar that must have closed was not there. `filled`: its history was fetched. `absent`: its market was not listed when
    last looked at. `remarked`: what was last written down about its market, and whether that was done at all.
    `repair_ms`: when to ask again for what is unexplained below `last`, candle time, None while nothing is; `repairs`:
    how often in a row that brought nothing. `recheck`: somebody wants every cause asked for again. `waits`: why bars
    that must have closed are not stored.
    """

    wanted: Wanted
    last: int = 0
    due_ms: float = 0.0
    late: int = 0
    filled: bool = False
    absent: bool = False
    remarked: tuple[object, ...] = ()
    repair_ms: float | None = None
    repairs: int = 0
    recheck: bool = False
    waits: str | None = None

    @property
    def derived(self) -> bool:
        """Whether it is made from another series and never asked for."""
        return self.wanted.source is not None

    def reached(self, last: int) -> None:
        """The newest stored bar after a request; one that brought nothing new was too early."""
        self.late = 0 if last > self.last else self.late + 1
        self.last = last

    def schedule(self, closed: int, now_ms: float, settle: float, page: int) -> None:
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

    def mend(self, now_ms: float, *, unexplained: bool, better: bool = True) -> None:
        """Plan the next repair, if there is something `unexplained`: soon after one that made it `better`, later and
        later after those that did not. `now_ms` is the exchange's clock.
        """
        if not unexplained:
            self.repair_ms, self.repairs = None, 0
            return
        self.repairs = 0 if better else self.repairs + 1
        first = min(FIRST_REPAIR, self.wanted.series.seconds)
        self.repair_ms = now_ms + 1000 * min(first * 2 ** min(self.repairs, 20), LONGEST_REPAIR)
