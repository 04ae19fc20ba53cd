"""Code that is not ours is interrupted after so much time of its own, computed or slept, so that a busy machine
interrupts nobody.

What looks at no signal (a loop in C) cannot be: the kernel ends the process after twice that CPU time, even where no
other thread gets to run, and Python's traceback of that moment stands on stderr.
"""

import faulthandler
import os
import signal
import threading
from collections.abc import Callable
from functools import cache
from pathlib import Path
from types import FrameType
from typing import TypeVar

from runtime.sleep_time import Sleep

T = TypeVar("T")
PATIENCE = 2  # times the limit until the process ends
AGAIN = 0.1  # of the limit, until code that goes on is interrupted once more
LOOK = 0.1  # seconds between two looks at whether the code sleeps
CLEANING = frozenset({"__del__", "_remove"})  # of an object that is gone: Python drops what is raised there


class TookTooLong(BaseException):
    """The code was interrupted. No `Exception`, so that the code does not take it for one of its own."""


class _Timer:
    """Whether somebody is to be interrupted: `call` is the number of the call that runs, 0 for none."""

    calls = 0
    call = 0
    asleep = 0  # the call that has slept for too long
    seconds = 0.0


def run_with_time_limit(seconds: float, compute: Callable[[], T]) -> T:
    """What `compute` returns; TookTooLong once the process has spent `seconds` of CPU time on it, or slept for so long.

    Signals reach the main thread only: in any other there is no limit.
    """
    if threading.current_thread() is not threading.main_thread():
        return compute()
    _listen(os.getpid())
    _Timer.calls += 1
    _Timer.seconds, _Timer.call = seconds, _Timer.calls
    signal.setitimer(signal.ITIMER_PROF, seconds, AGAIN * seconds)
    signal.setitimer(signal.ITIMER_VIRTUAL, PATIENCE * seconds)
    try:
        return _run(compute)
    finally:
        _Timer.call = 0
        signal.setitimer(signal.ITIMER_PROF, 0)
        signal.setitimer(signal.ITIMER_VIRTUAL, 0)


def _run(compute: Callable[[], T]) -> T:
    """What lies above this on the stack may be interrupted."""
    return compute()


@cache
def _listen(pid: int) -> None:
    """Once a process: the first timer raises, the second ends the process by the signal's own default; a thread looks
    for sleepers.
    """
    signal.signal(signal.SIGPROF, _raise)
    signal.signal(signal.SIGVTALRM, signal.SIG_DFL)
    faulthandler.register(signal.SIGVTALRM, all_threads=False, chain=True)
    schedstat = Path(f"/proc/{pid}/task/{threading.main_thread().native_id}/schedstat")
    threading.Thread(target=_watch, args=(schedstat,), name="sleepers", daemon=True).start()


def _watch(schedstat: Path) -> None:
    """Interrupt a call that sleeps for too long."""
    pause, call, sleep = threading.Event(), 0, None
    while not pause.wait(LOOK):
        if _Timer.call != call or sleep is None:
            call, sleep = _Timer.call, Sleep(schedstat, 2 * LOOK * 1000)
        elif call and sleep.look() >= _Timer.seconds * 1000:
            _Timer.asleep = call
            signal.pthread_kill(threading.main_thread().ident or 0, signal.SIGPROF)


def _raise(_number: int, frame: FrameType | None) -> None:
    """By whom the signal was sent does not matter, unless it was meant for a call that has returned by now. Where it
    would be dropped it waits for the next one.
    """
    meant = _Timer.call and _Timer.asleep in {0, _Timer.call}
    if meant and not _interruptible(frame):
        return
    _Timer.asleep = 0
    if meant:
        raise TookTooLong


def _interruptible(frame: FrameType | None) -> bool:
    """Whether the code that is limited runs, and no callback on the end of an object, which the collector may call at
    any moment.
    """
    while frame is not None and frame.f_code is not _run.__code__:
        if frame.f_code.co_name in CLEANING:
            return False
        frame = frame.f_back
    return frame is not None
