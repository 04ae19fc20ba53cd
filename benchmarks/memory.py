"""Resident memory of a trader with 1, 100 and 1,000 strategies."""

import subprocess
import sys
import tempfile
import time
from pathlib import Path

from benchmarks import fleet_files
from benchmarks.measure import table
from config import environment
from config.settings import Settings
from db.sqlite.connection import connect_readonly

COUNTS = (1, 100, 1_000)
PATIENCE = 60.0  # seconds


def run() -> None:
    """A real trader process each, after it has decided."""
    found = {count: _resident(count) for count in COUNTS}
    each = (found[COUNTS[-1]] - found[COUNTS[0]]) / (COUNTS[-1] - COUNTS[0])
    rows = [(f"{count:,} strategies", f"{megabytes:.1f} MB") for count, megabytes in found.items()]
    table(
        "resident memory of a trader (aim: 90 MB, 0.02 MB for each more)", [*rows, ("for each more", f"{each:.3f} MB")]
    )


def _resident(count: int) -> float:
    """Megabytes of one trader process that has decided for `count` strategies."""
    with tempfile.TemporaryDirectory(prefix="tradefleet-bench-") as folder:
        settings = fleet_files.configured(Path(folder), count)
        process = subprocess.Popen(
            [sys.executable, "-m", "trader"],
            env=environment.child(settings.directory, settings.database),
            stderr=subprocess.DEVNULL,
        )
        try:
            _wait(settings, count)
            status = Path(f"/proc/{process.pid}/status").read_text()
        finally:
            process.terminate()
            process.wait()
    line = next(line for line in status.splitlines() if line.startswith("VmRSS"))
    return int(line.split()[1]) / 1024


def _wait(settings: Settings, count: int) -> None:
    """Until every strategy has decided."""
    end = time.monotonic() + PATIENCE
    with connect_readonly(settings.database) as db:
        while time.monotonic() < end:
            decided = sum(row["decided_timestamp"] is not None for row in db.read("strategies_all"))
            if decided == count:
                return
            time.sleep(0.1)
    raise TimeoutError("the trader did not decide for its strategies")
