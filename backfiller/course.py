"""Where a series is while it is followed, and when to ask for it again. Pure: candle time is an argument."""

from dataclasses import dataclass

from backfiller import plan
from backfiller.plan import Wanted

SPREAD = 1.0  # seconds of candle time over which the requests for new bars are spread
LATE = 1.0  # seconds of candle time after which a bar that was not there is asked for again, doubled each time


@dataclass(slots=True)
class Course:
    """One series.

    `last`: its newest stored bar, 0 for none. `due_ms`: when to ask again, candle time. `late`: how often in a row a
    bar that must have closed was not there. `filled`: its history was fetched. `absent`: its market was not listed when
    last looked at. `remarked`: what was last written down about its market, and whether that was done at all.
    """

    wanted: Wanted
    last: int = 0
    due_ms: float = 0.0
    late: int = 0
    filled: bool = False
    absent: bool = False
    remarked: tuple[object, ...] = ()

    @property
    def derived(self) -> bool:
        """Whether it is made from another series and never asked for."""
        return self.wanted.source is not None

    def reached(self, last: int) -> None:
        """The newest stored bar after a request; one that brought nothing new was too early."""
        self.late = 0 if last > self.last else self.late + 1
        self.last = last

    def schedule(self, closed: int, now_ms: float, settle: float) -> None:
        """Be due when the next bar must have closed; sooner and sooner later where one should have been there.

        `closed` is the newest closed bar by the exchange's clock, `now_ms` that clock, `settle` in seconds.
        """
        length = self.wanted.series.seconds
        behind = closed > self.last
        if behind and self.late:
            self.due_ms = now_ms + 1000 * min(LATE * 2 ** min(self.late - 1, 20), length / 4)
            return
        closes = max(self.last, 0 if behind else closed) + 2 * length
        self.due_ms = 1000 * (closes + settle + plan.jitter(self.wanted.series, SPREAD)) + 1
