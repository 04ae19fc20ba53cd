"""Loaded by every Python process that a test starts: its wall clock is wrong by the seconds in the file $TEST_CLOCK."""

import os
import time
from pathlib import Path

FILE = Path(os.environ["TEST_CLOCK"])
right = time.time_ns


def wrong() -> int:
    """What a machine's clock shows that somebody has set."""
    return right() + (int(FILE.read_text() or 0) * 1_000_000_000 if FILE.exists() else 0)


time.time_ns = wrong
