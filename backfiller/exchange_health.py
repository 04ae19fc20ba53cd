"""Whether an exchange can be asked. One that does not answer is left alone for longer and longer, however many series
it has; one that only cannot serve a single series holds up nobody else.
"""

from collections.abc import Callable
from dataclasses import dataclass, field

import structlog

from backfiller.exchange_schedules import ExchangeSchedules
from backfiller.schedule import FIRST_WAIT, LONGEST_WAIT, SeriesSchedule
from backfiller.series_fetcher import SeriesFetcher
from backfiller.series_states import SeriesStates
from domain.candles import SeriesState
from domain.errors import DatabaseLost, Forbidden, Rejected, Unanswered, Unavailable
from runtime.retry import Backoff

log = structlog.get_logger()
FORBIDDEN_PAUSE = 600.0  # real seconds until an exchange that refuses us is asked again


@dataclass(kw_only=True)
class ExchangeHealth:
    """How one exchange answers. `wait`: real seconds to leave it alone after a turn in which it did not; `failures`:
    such turns in a row, `forbidden`: it refuses us.
    """

    fetcher: SeriesFetcher
    schedules: ExchangeSchedules
    states: SeriesStates
    wait: float = FIRST_WAIT
    failures: int = 0
    forbidden: bool = False
    backoff: Backoff = field(default_factory=lambda: Backoff(FIRST_WAIT, LONGEST_WAIT))

    def attempt(self, work: Callable[[], object]) -> bool:
        """Do some work; False where the exchange cannot be asked now."""
        status = self.fetcher.status
        try:
            work()
        except DatabaseLost:  # no fault of the exchange, and no pause mends it
            raise
        except Forbidden as error:
            self.wait, self.failures, self.forbidden = FORBIDDEN_PAUSE, self.failures + 1, True
            self._set_trouble(str(error))
            self.states.set_all(str(error), SeriesState.UNREACHABLE)
            return False
        except Unavailable as error:
            if not self.fetcher.stop.stopped:
                self.wait, self.failures, self.forbidden = self.backoff.next(), self.failures + 1, False
                self._set_trouble(f"cannot be reached: {str(error).removeprefix(f'{self.fetcher.exchange.name}: ')}")
            return False
        self.ask_soon()
        if status.trouble is not None:
            log.info("exchange_back", exchange=self.fetcher.exchange.name)
            status.trouble = None
            self.states.set_all(None)
        return True

    def ask_soon(self) -> None:
        """It has answered, or somebody waits for it: the next pauses are short ones again."""
        self.backoff.reset()
        self.failures, self.forbidden = 0, False

    def require_another_answer(self, unanswered: SeriesSchedule, error: Unanswered) -> None:
        """Raise Unavailable unless the exchange answers about another series than the one it has not answered about:
        the one that has failed least.
        """
        others = [each for each in self.schedules.asked() if each is not unanswered and not each.absent]
        if not others:
            raise Unavailable(str(error)) from error
        other = min(others, key=lambda schedule: (schedule.failures, schedule.wanted.series.seconds))
        closed = self.fetcher.closed(other.wanted.series)
        try:
            self.fetcher.fetch(other.wanted.series, closed - other.wanted.series.seconds, closed)
        except Rejected:  # an answer as well
            pass
        except Unanswered as again:
            other.failures += 1  # another one next time
            raise Unavailable(str(error)) from again

    def _set_trouble(self, message: str) -> None:
        """Say once what is wrong, and count on in silence."""
        if self.fetcher.status.trouble != message:
            wait, name = round(self.wait, 1), self.fetcher.exchange.name
            log.warning("exchange_unavailable", exchange=name, error=message, retry_seconds=wait)
        self.fetcher.status.trouble = message
