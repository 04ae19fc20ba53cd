"""Reading the last 100 candles through the public path beside the bare statement."""

import time

from benchmarks.measure import SERIES, fresh, percentile, table, walk
from db.market_data import candles, storing, windows
from db.sqlite import library
from domain.candles import Source

CANDLES, SIZE, TIMES = 100_000, 100, 3_000
NEWEST = (
    "select timestamp, open, high, low, close, volume from ohlcv_data where exchange = ? and symbol = ?"
    " and timeframe = ? order by timestamp desc limit ?"
)


def run() -> None:
    """Percentiles of each; the two take turns."""
    with fresh() as (path, db):
        storing.store(db, SERIES, walk(CANDLES), Source.EXCHANGE, 0)
        bare = library.Connection(str(path))
        key = (SERIES.exchange, SERIES.symbol, SERIES.timeframe, SIZE)
        timed: dict[str, list[float]] = {"newest": [], "window": [], "bare": []}
        for _ in range(TIMES):
            timed["newest"].append(_ms(lambda: candles.newest(db, SERIES, SIZE)))
            timed["window"].append(_ms(lambda: windows.window(db, SERIES, SIZE)))
            timed["bare"].append(_ms(lambda: bare.execute(NEWEST, key).fetchall()))
        bare.close()
    p50 = {name: percentile(values, 0.5) for name, values in timed.items()}
    table(
        f"reading the last {SIZE} of {CANDLES:,} candles, {TIMES:,} times",
        [
            ("db.market_data.candles.newest, p50 (aim 0.3 ms)", f"{p50['newest']:.3f} ms"),
            ("db.market_data.candles.newest, p99", f"{percentile(timed['newest'], 0.99):.3f} ms"),
            ("db.market_data.windows.window, p50", f"{p50['window']:.3f} ms"),
            ("bare statement, p50", f"{p50['bare']:.3f} ms"),
            ("newest / bare", f"{p50['newest'] / p50['bare']:.2f}"),
        ],
    )


def _ms(action: object) -> float:
    start = time.perf_counter()
    action()  # type: ignore[operator]
    return 1000 * (time.perf_counter() - start)
