"""Series that cannot be decided: a row cannot be read, a market is none. Each costs its own strategies only."""

import traceback
from collections.abc import Callable, Iterator, Set
from dataclasses import dataclass, field
from typing import TypeVar

import structlog

from domain.candles import Series
from domain.errors import ConfigError, Forbidden, Unavailable
from runtime import clock
from runtime.retry import Backoff

log = structlog.get_logger()
T = TypeVar("T")
FIRST, LONGEST = 1.0, 60.0  # real seconds until a series that failed is looked at again
SHOWN = 10  # series that a heartbeat names
EVERYBODY = (ConfigError, Forbidden, Unavailable)  # the trouble of the database, not of what it says of a series


@dataclass(slots=True)
class _Failure:
    """Why something could not be done, and when it is tried again, by the steady clock."""

    reason: str = ""
    due_ms: int = 0
    backoff: Backoff = field(default_factory=lambda: Backoff(FIRST, LONGEST))


class FailedSeries:
    """What could not be done for which series. It is tried again, later and later, until it can be done."""

    def __init__(self) -> None:
        self._failures: dict[tuple[Series, str], _Failure] = {}

    def attempt(self, series: Series, trouble: str, work: Callable[[], T]) -> T | None:
        """What `work` returns for a series; None where it fails, or has failed a short while ago. Why is told once, as
        `trouble`. Raises only what concerns everybody.
        """
        failure = self._failures.get((series, trouble))
        if failure is not None and clock.steady_ms() < failure.due_ms:
            return None
        try:
            done = work()
        except EVERYBODY:
            raise
        except Exception as error:  # noqa: BLE001  a row of the database may hold anything
            self._failed(series, trouble, error)
            return None
        if self._failures.pop((series, trouble), None):
            log.info("series_goes_on", series=str(series), after=trouble)
        return done

    def _failed(self, series: Series, trouble: str, error: Exception) -> None:
        reason = f"{type(error).__name__}: {error}"
        failure = self._failures.setdefault((series, trouble), _Failure())
        wait = failure.backoff.next()
        failure.due_ms = clock.steady_ms() + round(wait * 1000)
        if failure.reason != reason:
            failure.reason = reason
            trace = "".join(traceback.format_exception(error))
            log.error("series_failed", series=str(series), trouble=trouble, error=reason, exception=trace)

    def forget(self, wanted: Set[Series]) -> None:
        """Those that are not among these are somebody else's by now, or nobody's; so is what nobody tries any more,
        though it is due: an order to sell was taken back.
        """
        tried = clock.steady_ms() - round(LONGEST * 1000)
        self._failures = {key: each for key, each in self._failures.items() if key[0] in wanted and each.due_ms > tried}

    @property
    def due(self) -> bool:
        """Whether one of them is to be tried again."""
        return any(clock.steady_ms() >= each.due_ms for each in self._failures.values())

    def __contains__(self, series: object) -> bool:
        return any(failed == series for failed, _ in self._failures)

    def __iter__(self) -> Iterator[tuple[Series, str]]:
        """The series, each with its trouble and why."""
        return ((series, f"{trouble}: {each.reason}") for (series, trouble), each in self._failures.items())

    @property
    def heartbeat_detail(self) -> dict[str, object]:
        """What the heartbeat says."""
        found = {str(series): reason for series, reason in list(self)[:SHOWN]}
        return {"failed_series": found} if found else {}
