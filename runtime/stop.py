"""Stopping: SIGTERM and SIGINT become one event that loops look at; a second signal stops at once."""

import signal
import threading
from types import FrameType, TracebackType

SIGNALS = (signal.SIGTERM, signal.SIGINT)


class Stop:
    """A request to stop, as a context manager around a worker's life.

    Within it the two signals set the event instead of killing the process; the handlers that were there before come
    back at the end, and at the second signal. Usable without signals too (`set`), in threads and in tests.
    """

    def __init__(self) -> None:
        self._event = threading.Event()
        self._before: dict[signal.Signals, object] = {}

    @property
    def stopped(self) -> bool:
        """Whether somebody asked to stop."""
        return self._event.is_set()

    def set(self) -> None:
        """Ask to stop."""
        self._event.set()

    def wait(self, seconds: float) -> bool:
        """Sleep, but no longer than until somebody asks to stop; returns whether somebody did."""
        return self._event.wait(max(0.0, seconds))

    def __enter__(self) -> "Stop":
        if threading.current_thread() is threading.main_thread():
            self._before = {number: signal.signal(number, self._asked) for number in SIGNALS}
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._restore()

    def _asked(self, _number: int, _frame: FrameType | None) -> None:
        """Handle a signal: nothing but setting the event is safe here."""
        self._event.set()
        self._restore()

    def _restore(self) -> None:
        """Put the handlers back that were there before."""
        for number, handler in self._before.items():
            signal.signal(number, handler)  # type: ignore[arg-type]
        self._before = {}
