"""A thousand strategies in one trader over twenty series: from candles stored to everything decided and recorded."""

import logging
import tempfile
import time
from pathlib import Path
from statistics import median

import structlog

from benchmarks import fleet_files
from benchmarks.measure import HOUR, table
from config.settings import Settings
from db.sqlite.connection import connect
from runtime.clock import now_ms
from runtime.heartbeat import begun
from strategies import kinds
from trader import registration
from trader.assignments import Assignments
from trader.deciding import SeriesAdvance
from trader.turn import take_turn

COUNT, BARS = 1_000, 5


def run() -> None:
    """Median over some bars: where the strategies of a series share their window, and where each has its own."""
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.ERROR))
    for alike in (True, False):
        with tempfile.TemporaryDirectory(prefix="tradefleet-bench-") as folder:
            settings = fleet_files.configured(Path(folder), COUNT, alike=alike)
            times, made = _walk(settings)
        windows = "one warm-up" if alike else f"{COUNT // fleet_files.SERIES} warm-ups a series"
        table(
            f"{COUNT:,} strategies over {fleet_files.SERIES} series in one trader, {windows} (median of {BARS} bars)",
            [
                ("from stored to decided and recorded (aim 0.5 s)", f"{median(times):.3f} s"),
                ("decisions recorded in each", f"{made}"),
                ("per decision", f"{1000 * median(times) / made:.2f} ms"),
            ],
        )


def _walk(settings: Settings) -> tuple[list[float], int]:
    """Seconds for each bar, and how many decisions were made on the last."""
    with connect(settings.database, any_filesystem=True) as db:
        registration.register(db, settings, now_ms())
        wanted = registration.wanted(settings, [])
        built = registration.built(wanted, kinds.load())
        beats = begun(db, "trader", settings.supervision)
        assigned = Assignments(db=db, settings=settings, wanted=wanted, built=built, beats=beats)
        assigned.claim()
        times: list[float] = []
        made = 0
        for number in range(-1, BARS):
            opened = fleet_files.next_bar(settings, number) if number >= 0 else 0
            assigned.renew()
            began = time.perf_counter()
            turns = [turn for symbol in fleet_files.symbols() for turn in take_turn(assigned, _bell(symbol, opened))]
            made = len(turns)
            times.append(time.perf_counter() - began)
        return times[1:], made


def _bell(symbol: str, opened: int) -> SeriesAdvance:
    return SeriesAdvance(series=fleet_files.series(symbol), now_ms=1000 * (opened + HOUR + 1), stored_ms=1)
