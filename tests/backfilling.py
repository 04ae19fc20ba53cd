"""A backfiller beside a simulated exchange: real HTTP, the real ccxt, a real file."""

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from backfiller import worker
from backfiller.options import BackfillOptions
from config.load import load
from config.settings import Settings
from db.market_data import candles, gaps
from db.sqlite.connection import connect_readonly
from db.sqlite.migrate import migrate
from domain.candles import Candle, Series
from domain.gaps import Gap
from exchange.simulated import Simulator, SimulatorConfig
from runtime.clock import Clock
from runtime.reload import Configuration
from runtime.stop import Stop
from strategies import kinds
from tests.kit.series import HOURLY

NOW = 1_735_689_600 + 100  # 2025-01-01 00:01:40 UTC
FLEET = """\
environment: simulated
any_filesystem: true
exchanges:
  binance: {{ rate: 500, timeout: {timeout}, base_url: "{url}/binance" }}
  kraken: {{ rate: 500, timeout: {timeout}, base_url: "{url}/kraken" }}
  coinbase: {{ rate: 500, timeout: {timeout}, base_url: "{url}/coinbase" }}
supervision: {{ heartbeat: 0.2, lease: 1 }}
series:
"""


def simulator(**config: object) -> Simulator:
    """A simulated exchange at NOW."""
    return Simulator(SimulatorConfig(**{"start": NOW, **config}))  # type: ignore[arg-type]


def fleet(folder: Path, running: Simulator, *series: str, timeout: float = 2.0) -> Settings:
    """The settings for series such as ``binance BTC/USDT 1h 500``, and a new database on the exchange's clock."""
    folder.mkdir(parents=True, exist_ok=True)
    lines = []
    for each in series:
        exchange, symbol, timeframe, depth = each.split()
        deep = f"since: {depth}" if "-" in depth else f"last: {depth}"
        lines.append(f"  - {{ exchange: {exchange}, symbol: {symbol}, timeframe: {timeframe}, {deep} }}\n")
    (folder / "fleet.yaml").write_text(FLEET.format(url=running.url, timeout=timeout) + "".join(lines))
    settings = load(folder, kinds.load, database=folder / "trading.db")
    clock = running.clock.triple()
    clock_text = Clock(int(clock["start"]), int(clock["origin"]), clock["speed"]).dump()
    migrate(settings.database, "simulated", clock=clock_text, any_filesystem=True)
    return settings


def once(settings: Settings) -> int:
    """A whole run of `backfill --once`."""
    return worker.run(fixed(settings), BackfillOptions(once=True), Stop())


def fixed(settings: Settings) -> Configuration:
    """A configuration that never changes."""
    return Configuration(lambda: (settings, {}))


@contextmanager
def following(settings: Settings, *only: str) -> Iterator[Stop]:
    """A backfiller that follows in a thread for the length of the block; `only` are what `--series` names."""
    stop = Stop()
    thread = threading.Thread(target=worker.run, args=(fixed(settings), BackfillOptions(frozenset(only)), stop))
    thread.start()
    try:
        yield stop
    finally:
        stop.set()
        thread.join(60)
        assert not thread.is_alive(), "the backfiller did not stop"


def until(met: Callable[[], object], seconds: float = 100.0) -> None:
    """Wait for a condition; fails when it is not met in time: much later than on the busiest machine."""
    end = time.monotonic() + seconds
    while not met():
        assert time.monotonic() < end, "not met in time"
        time.sleep(0.02)


def stored(settings: Settings, series: Series = HOURLY) -> list[Candle]:
    """All candles of a series."""
    with connect_readonly(settings.database) as db:
        return candles.between(db, series, 0, 2**40)


def holes(settings: Settings, series: Series = HOURLY) -> list[Gap]:
    """All gaps of a series."""
    with connect_readonly(settings.database) as db:
        return gaps.gaps(db, series)


def state(settings: Settings, series: Series = HOURLY) -> str | None:
    """Why a series stands still."""
    with connect_readonly(settings.database) as db:
        head = candles.heads(db).get(series)
        return None if head is None else head.state


def unexplained(settings: Settings, series: Series, first: int, last: int) -> set[int]:
    """Bars from `first` to `last` that are neither stored nor in a gap, and bars that are both."""
    there = {candle.timestamp for candle in stored(settings, series)}
    spans = [range(gap.first_timestamp, gap.last_timestamp + 1, series.seconds) for gap in holes(settings, series)]
    missing = {timestamp for span in spans for timestamp in span}
    wanted = set(range(first, last + 1, series.seconds))
    return (wanted - there - missing) | (there & missing)
