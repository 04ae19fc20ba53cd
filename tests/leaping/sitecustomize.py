"""Loaded by every Python process that a test starts: its clocks are wrong by what stands in the file $TEST_CLOCK.

Up to three numbers: seconds by which the wall clock is wrong; seconds for which the whole machine stood still, all its
clocks with it; seconds that the wall clock is slewed right per second since the file was written, as NTP does.
"""

import os
import time
from collections.abc import Callable
from pathlib import Path

FILE = Path(os.environ["TEST_CLOCK"])
right, steady, raw = time.time_ns, time.monotonic_ns, time.clock_gettime_ns
SECOND = 1_000_000_000


def told() -> tuple[float, float, float]:
    """What stands in the file."""
    words = FILE.read_text().split() if FILE.exists() else []
    numbers = [float(word) for word in words] + [0.0] * 3
    return numbers[0], numbers[1], numbers[2]


def wrong() -> int:
    """What a machine's clock shows that somebody has set, or slews."""
    off, stood, rate = told()
    if rate:
        left = max(abs(off) - rate * (right() / SECOND - FILE.stat().st_mtime), 0.0)
        off = left if off > 0 else -left
    return right() + round((off - stood) * SECOND)


def stood_still(clock: Callable[..., int]) -> Callable[..., int]:
    """A clock that stopped together with the machine."""
    return lambda *which: clock(*which) - round(told()[1] * SECOND)


time.time_ns, time.monotonic_ns, time.clock_gettime_ns = wrong, stood_still(steady), stood_still(raw)
