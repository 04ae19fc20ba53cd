"""What every benchmark uses: a fresh database, seeded candles, percentiles, and the disk's fsync beside them."""

import os
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import numpy as np

from db.database import Database
from db.market_data.checks import Table
from db.sqlite.connection import connect
from db.sqlite.migrate import migrate
from domain.candles import Series

HOUR = 3600
START = 1_600_000_000 // HOUR * HOUR
SERIES = Series("binance", "BTC/USDT", "1h")


@contextmanager
def fresh() -> Iterator[tuple[Path, Database]]:
    """An empty migrated database in a folder of its own."""
    with tempfile.TemporaryDirectory(prefix="tradefleet-bench-") as folder:
        path = Path(folder) / "trading.db"
        migrate(path, "simulated", any_filesystem=True)
        with connect(path, any_filesystem=True) as db:
            yield path, db


def walk(bars: int, seconds: int = HOUR, seed: int = 1) -> Table:
    """`bars` candles of a seeded random walk, shape (bars, 6), prices to the cent."""
    random = np.random.default_rng(seed)
    close = np.round(30_000 * np.exp(np.cumsum(random.normal(0, 0.002, bars))), 2)
    open_ = np.concatenate(([30_000.0], close[:-1]))
    high = np.round(np.maximum(open_, close) * 1.001, 2)
    low = np.round(np.minimum(open_, close) * 0.999, 2)
    volume = np.round(random.gamma(2, 50, bars) + 0.001, 5)
    return np.column_stack((START + seconds * np.arange(bars), open_, high, low, close, volume))


def seconds(action: Callable[[], object]) -> float:
    """Wall time of one call."""
    start = time.perf_counter()
    action()
    return time.perf_counter() - start


def cpu_ms(action: Callable[[], object]) -> float:
    """Milliseconds that this process has computed in one call: what a neighbour on the machine does not change."""
    start = time.process_time()
    action()
    return 1000 * (time.process_time() - start)


def percentile(values: Sequence[float], part: float) -> float:
    """The value below which `part` (0 to 1) of the values lie."""
    return sorted(values)[min(len(values) - 1, int(part * len(values)))]


def fsync_ms(folder: Path, times: int = 50) -> float:
    """Median time of one 4 KiB write and fdatasync in `folder`, milliseconds: what a commit cannot be faster than."""
    descriptor = os.open(folder / "fsync.probe", os.O_CREAT | os.O_WRONLY)
    try:
        return 1000 * statistics.median(seconds(lambda: _synced(descriptor)) for _ in range(times))
    finally:
        os.close(descriptor)


def _synced(descriptor: int) -> None:
    """One write that has reached the disk."""
    os.pwrite(descriptor, b"x" * 4096, 0)
    os.fdatasync(descriptor)


def progress(text: str) -> None:
    """Tell people what is measured now."""
    if sys.stderr.isatty():
        print(f"  measures {text}", file=sys.stderr)


def table(title: str, rows: Sequence[tuple[str, str]]) -> None:
    """Print one benchmark's figures."""
    print(f"\n{title}")
    for name, figure in rows:
        print(f"  {name:<58} {figure}")
