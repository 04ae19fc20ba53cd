"""The loop of a worker: turns until it is asked to stop."""

from collections.abc import Callable

import structlog

from domain.errors import ConfigError, Forbidden
from runtime.retry import Backoff
from runtime.stop import Stop

log = structlog.get_logger()
FIRST, LIMIT = 0.5, 30.0  # seconds of back-off after a turn that failed
FATAL = (ConfigError, Forbidden)  # a person is needed: going on would repeat the same refusal for ever


def turns(stop: Stop, turn: Callable[[], object], pause: float | Callable[[], float]) -> None:
    """Call `turn` until `stop`, `pause` seconds apart.

    Whatever a turn raises is logged with its traceback and tried again after a back-off; only errors that need a person
    end the loop. This is the one broad `except` of a worker.
    """
    backoff = Backoff(FIRST, LIMIT)
    while not stop.stopped:
        try:
            turn()
            wait = pause() if callable(pause) else pause
            backoff.reset()
        except FATAL:
            raise
        except Exception:
            wait = backoff.next()
            log.exception("turn_failed", retry_seconds=round(wait, 1))
        stop.wait(wait)
