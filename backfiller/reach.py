"""Whether an exchange can be asked. One that is out of reach is left alone for longer and longer, however many series
it has; one that only cannot serve a single series holds up nobody else.
"""

from collections.abc import Callable
from dataclasses import dataclass, field

import structlog

from backfiller.course import FIRST_WAIT, LONGEST_WAIT, Course
from backfiller.courses import Courses
from backfiller.standing import Standing
from backfiller.supply import Supply
from domain.candles import SeriesState
from domain.errors import DatabaseLost, Forbidden, Rejected, Unanswered, Unavailable
from runtime.retry import Backoff

log = structlog.get_logger()
FORBIDDEN_PAUSE = 600.0  # real seconds until an exchange that refuses us is asked again


@dataclass(kw_only=True)
class Reach:
    """How one exchange answers. `wait`: real seconds to leave it alone after a turn in which it did not."""

    supply: Supply
    courses: Courses
    standing: Standing
    wait: float = FIRST_WAIT
    backoff: Backoff = field(default_factory=lambda: Backoff(FIRST_WAIT, LONGEST_WAIT))

    def turn(self, work: Callable[[], object]) -> bool:
        """Do some work; False where the exchange cannot be asked now."""
        tally = self.supply.tally
        try:
            work()
        except DatabaseLost:  # no fault of the exchange, and no pause mends it
            raise
        except Forbidden as error:
            self.wait = FORBIDDEN_PAUSE
            self._troubled(str(error))
            self.standing.all(str(error), SeriesState.UNREACHABLE)
            return False
        except Unavailable as error:
            if not self.supply.stop.stopped:
                self.wait = self.backoff.next()
                self._troubled(f"cannot be reached: {str(error).removeprefix(f'{self.supply.exchange.name}: ')}")
            return False
        self.backoff.reset()
        if tally.state != "ok":
            log.info("exchange_back", exchange=self.supply.exchange.name)
            tally.state = "ok"
            self.standing.all(None)
        return True

    def require(self, unanswered: Course, error: Unanswered) -> None:
        """Raise Unavailable unless the exchange answers about another series than the one it has not answered about:
        the one that has failed least.
        """
        others = [each for each in self.courses.asked() if each is not unanswered and not each.absent]
        if not others:
            raise Unavailable(str(error)) from error
        other = min(others, key=lambda course: (course.failures, course.wanted.series.seconds))
        closed = self.supply.closed(other.wanted.series)
        try:
            self.supply.ask(other.wanted.series, closed - other.wanted.series.seconds, closed)
        except Rejected:  # an answer as well
            pass
        except Unanswered as again:
            other.failures += 1  # another one next time
            raise Unavailable(str(error)) from again

    def _troubled(self, message: str) -> None:
        """Say once what is wrong, and count on in silence."""
        if self.supply.tally.state != message:
            wait, name = round(self.wait, 1), self.supply.exchange.name
            log.warning("exchange_unavailable", exchange=name, error=message, retry_seconds=wait)
        self.supply.tally.state = message
