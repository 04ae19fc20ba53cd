"""Ctrl-C ends a command with 130 and without a traceback, whatever it is just doing.

Imported before everything else, so it imports nothing of ours.
"""

import os
import signal
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from types import FrameType

INTERRUPTED = 128 + signal.SIGINT  # exit status, as a shell tells it


def at_once() -> None:
    """From now on it ends the process there and then: while it starts there is nothing to tidy up. Where it is ignored
    (`nohup`) it stays so.
    """
    if signal.getsignal(signal.SIGINT) is signal.default_int_handler:
        signal.signal(signal.SIGINT, _end)


@contextmanager
def orderly() -> Iterator[None]:
    """Within, it raises KeyboardInterrupt: what was begun is tidied up."""
    before = signal.getsignal(signal.SIGINT)
    if before is _end:
        signal.signal(signal.SIGINT, signal.default_int_handler)
    try:
        yield
    finally:
        if before is _end:
            signal.signal(signal.SIGINT, _end)


def _end(_number: int, _frame: FrameType | None) -> None:
    with suppress(OSError):  # nobody may be there to hear it
        os.write(2, b"interrupted\n")
    os._exit(INTERRUPTED)
