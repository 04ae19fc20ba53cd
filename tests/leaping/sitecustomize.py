"""Loaded by every Python process that a test starts: its wall clock is wrong by what stands in the file $TEST_CLOCK.

The seconds by which it is wrong, and perhaps how many of them are slewed away in each second since the file was
written, as NTP does.
"""

import os
import time
from pathlib import Path

FILE = Path(os.environ["TEST_CLOCK"])
SECOND = 1_000_000_000
right = time.time_ns


def wrong() -> int:
    """What a machine's clock shows that somebody has set, or slews."""
    words = FILE.read_text().split() if FILE.exists() else []
    off, rate = [*map(float, words), 0.0, 0.0][:2]
    slewed = min(rate * (right() / SECOND - FILE.stat().st_mtime), abs(off)) if rate else 0.0
    return right() + round((off - (slewed if off > 0 else -slewed)) * SECOND)


time.time_ns = wrong
