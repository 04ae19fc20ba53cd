"""Code that is not ours is interrupted after so much CPU time, so that a busy machine interrupts nobody.

What looks at no signal (a loop in C) cannot be: the kernel ends the process after twice that time, even where no other
thread gets to run, and Python's traceback of that moment stands on stderr.
"""

import faulthandler
import signal
import threading
from collections.abc import Callable
from functools import cache
from types import FrameType
from typing import TypeVar

T = TypeVar("T")
PATIENCE = 2  # times the limit until the process ends


class TookTooLong(BaseException):
    """The code was interrupted. No `Exception`, so that the code does not take it for one of its own."""


class _Timer:
    """Whether somebody is to be interrupted."""

    armed = False


def within(seconds: float, compute: Callable[[], T]) -> T:
    """What `compute` returns; TookTooLong once the process has spent `seconds` of CPU time on it.

    Signals reach the main thread only: in any other there is no limit.
    """
    if threading.current_thread() is not threading.main_thread():
        return compute()
    _listen()
    _Timer.armed = True
    signal.setitimer(signal.ITIMER_PROF, seconds)
    signal.setitimer(signal.ITIMER_VIRTUAL, PATIENCE * seconds)
    try:
        return compute()
    finally:
        _Timer.armed = False
        signal.setitimer(signal.ITIMER_PROF, 0)
        signal.setitimer(signal.ITIMER_VIRTUAL, 0)


@cache
def _listen() -> None:
    """Once a process: the first timer raises, the second ends the process by the signal's own default."""
    signal.signal(signal.SIGPROF, _raise)
    signal.signal(signal.SIGVTALRM, signal.SIG_DFL)
    faulthandler.register(signal.SIGVTALRM, all_threads=False, chain=True)


def _raise(_number: int, _frame: FrameType | None) -> None:
    if _Timer.armed:
        _Timer.armed = False
        raise TookTooLong
