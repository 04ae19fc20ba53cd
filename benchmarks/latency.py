"""How long a candle takes from stored to recorded: bars of all series end together, in front of a real trader."""

import subprocess
import sys
import tempfile
import time
from pathlib import Path

from benchmarks import fleet_files
from benchmarks.measure import HOUR, START, table
from config import environment
from config.settings import Settings
from db.reading import status
from db.sqlite.connection import connect_readonly
from runtime.clock import Clock, now_ms

COUNT, BARS = 300, 10
SPEED = 720.0  # an hour in five seconds
PATIENCE = 60.0  # seconds


def run() -> None:
    """One trader with the default poll; the candles of a bar are stored series by series as fast as that goes."""
    with tempfile.TemporaryDirectory(prefix="tradefleet-bench-") as folder:
        opened = 1000 * (START + fleet_files.HISTORY * HOUR)  # the bar that is not stored yet
        clock = Clock(opened + round(0.8 * 1000 * HOUR), now_ms(), SPEED)
        settings = fleet_files.configured(Path(folder), COUNT, clock=clock.dump())
        with Path(folder, "log").open("ab") as log:
            variables = environment.child(settings.directory, settings.database)
            process = subprocess.Popen([sys.executable, "-m", "trader"], env=variables, stderr=log)
        try:
            _decided(settings, fleet_files.HISTORY - 1)
            for number in range(BARS):
                _fed(settings, clock, number)
        finally:
            process.terminate()
            process.wait()
        with connect_readonly(settings.database) as db:
            took = status.latencies(db).values()
    rows = [
        ("median of a series, from best to worst", f"{_span([each.p50_ms for each in took])} ms"),
        ("99th per cent of a series (aim 50 ms)", f"{_span([each.p99_ms for each in took])} ms"),
    ]
    table(f"latency, stored to recorded: {COUNT} strategies on {fleet_files.SERIES} series, {BARS} bars", rows)


def _fed(settings: Settings, clock: Clock, number: int) -> None:
    """Store a bar of every series right after its close, and wait until it is decided."""
    close = 1000 * (START + (fleet_files.HISTORY + number + 1) * HOUR)
    time.sleep(max(0.0, clock.real_seconds(close - clock.now_ms()) + 0.05))
    fleet_files.next_bar(settings, number, now_ms=now_ms)
    _decided(settings, fleet_files.HISTORY + number)


def _decided(settings: Settings, number: int) -> None:
    """Until every strategy has decided this bar."""
    opened, began = START + number * HOUR, time.monotonic()
    with connect_readonly(settings.database) as db:
        while sum(mark >= opened for mark in status.decided(db).values()) < COUNT:
            if time.monotonic() - began > PATIENCE:
                raise TimeoutError(f"the bar {opened} is not decided after {PATIENCE:.0f} s")
            time.sleep(0.05)


def _span(found: list[int]) -> str:
    return f"{min(found)} to {max(found)}"
