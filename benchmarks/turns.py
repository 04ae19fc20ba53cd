"""A thousand strategies in one trader over twenty series: from candles stored to everything decided and recorded."""

import tempfile
from pathlib import Path
from statistics import median

from benchmarks import fleet_files
from benchmarks.measure import table
from benchmarks.one_trader import OneTrader, logged
from db.sqlite.connection import connect

COUNT, BARS = 1_000, 5


def run() -> None:
    """Median over some bars: where the strategies of a series share their window, and where each has its own."""
    for alike in (True, False):
        took = median(_turns(alike=alike))
        windows = "one warm-up" if alike else f"{COUNT // fleet_files.SERIES} warm-ups a series"
        table(
            f"{COUNT:,} strategies over {fleet_files.SERIES} series in one trader, {windows} (median of {BARS} bars)",
            [
                ("computed from stored to decided and recorded (aim 100 ms)", f"{took:.0f} ms"),
                ("per decision", f"{took / COUNT:.3f} ms"),
            ],
        )


def _turns(*, alike: bool) -> list[float]:
    """What each bar took, milliseconds that the process has computed."""
    with tempfile.TemporaryDirectory(prefix="tradefleet-bench-") as name:
        settings = fleet_files.configured(Path(name), COUNT, alike=alike)
        with connect(settings.database, any_filesystem=True) as db, logged(Path(name) / "trader.log"):
            trader = OneTrader(db, settings)
            trader.look()
            trader.without_beats()
            return [trader.turn(number) for number in range(BARS)]
