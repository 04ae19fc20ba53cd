"""Loaded by every Python process that a test starts: Ctrl-C is pressed at what $TEST_INTERRUPT names.

That is an audit event of Python and a part of its first argument, such as ``import structlog``, or ``exit``.
"""

import atexit
import os
import signal
import sys

EVENT, _, PART = os.environ["TEST_INTERRUPT"].partition(" ")
pressed: list[bool] = []


def press() -> None:
    """Press it, once."""
    if not pressed:
        pressed.append(True)
        os.kill(os.getpid(), signal.SIGINT)


def look(event: str, args: tuple[object, ...]) -> None:
    """One audit event."""
    if event == EVENT and PART in str(args[0]):
        press()


if EVENT == "exit":
    atexit.register(press)
else:
    sys.addaudithook(look)
