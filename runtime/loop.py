"""The loop of a worker: turns until it is asked to stop, under one policy for every worker and each of its threads.

ConfigError ends the process with 2 and Forbidden with 1 (`runtime.command.guarded`), whichever thread raised it; any
other error is logged and tried again after a back-off.
"""

import threading
from collections.abc import Callable
from enum import Enum

from domain.errors import ConfigError, Forbidden
from runtime.light_structlog import structlog
from runtime.retry import Backoff
from runtime.stop import Stop

log = structlog.get_logger()
FIRST, LIMIT = 0.5, 30.0  # seconds of back-off after a turn that failed
FATAL = (ConfigError, Forbidden)  # a person is needed: going on would repeat the same refusal for ever


class After(Enum):
    """What a turn, or `failed`, may return to say how it goes on."""

    END = "end"  # nothing is left to do: this was the last turn


def turns(
    stop: Stop,
    turn: Callable[[], object],
    pause: float | Callable[[], float],
    failed: Callable[[Exception], object] = lambda _: None,
) -> None:
    """Call `turn` until `stop`, or until it returns `After.END`, `pause` seconds apart.

    Whatever a turn raises is logged with its traceback, told to `failed`, and tried again after a back-off, unless that
    returns `After.END` too; only errors that need a person end the loop. This is the one broad `except` of a worker.
    """
    backoff = Backoff(FIRST, LIMIT)
    while not stop.stopped:
        try:
            if turn() is After.END:
                return
            wait = pause() if callable(pause) else pause
            backoff.reset()
        except FATAL:
            raise
        except Exception as error:
            wait = backoff.next()
            log.exception("turn_failed", retry_seconds=round(wait, 1))
            if failed(error) is After.END:
                return
        stop.wait(wait)


class LoopThread(threading.Thread):
    """A part of a worker that has a thread of its own. What ends it early ends the process: the main thread calls
    `refuse_ended` at every turn of its own.
    """

    def __init__(
        self,
        name: str,
        stop: Stop,
        turn: Callable[[], object],
        pause: float | Callable[[], float] = 0.0,
        failed: Callable[[Exception], object] = lambda _: None,
    ) -> None:
        super().__init__(name=name, daemon=True)
        self._loop = (stop, turn, pause, failed)
        self.error: ConfigError | Forbidden | None = None

    def run(self) -> None:
        """Take turns; what needs a person is kept for the main thread."""
        with structlog.contextvars.bound_contextvars(thread=self.name):
            try:
                turns(*self._loop)
            except FATAL as error:
                self.error = error

    def refuse_ended(self) -> None:
        """Raise what has ended the thread and needs a person, where something has."""
        if self.error is not None:
            raise self.error
