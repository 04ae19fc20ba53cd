"""Two thousand strategies on as many series: what traders lose and take from one another while none of them dies."""

import json
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from benchmarks.measure import HOUR, START, table, walk
from config import environment
from config.load import load
from config.settings import Settings
from db.market_data import markets, storing
from db.sqlite.connection import connect, connect_readonly
from db.sqlite.migrate import migrate
from domain.candles import Series, Source
from strategies import kinds
from trader.assuming import imagined

COUNT, HISTORY, BARS = 2_000, 120, 3
TRADERS = (1, 4)
LOST = ("lease_taken_over", "lease_lost", "fenced")
PATIENCE = 300.0  # seconds
STRATEGY = """\
strategy_id: "rsi-{{base}}"
exchange: binance
timeframe: 1h
strategy: rsi
capital: 1000
warmup: 100
matrix: {{ symbol: [{symbols}] }}
"""


def run() -> None:
    """Real trader processes with the default lease and heartbeat."""
    for count in TRADERS:
        with tempfile.TemporaryDirectory(prefix="tradefleet-bench-") as folder:
            settings = _configured(Path(folder))
            with _traders(settings, count):
                seconds = [_decided(settings, number) for number in range(BARS)]
            told = _told(settings)
        rows = [("seconds until all have decided", " ".join(f"{each:.1f}" for each in seconds))]
        rows += [(f"{event} (aim 0)", f"{told[event]:,}") for event in LOST]
        table(f"{COUNT:,} strategies on as many series, {count} traders, the first turn and {BARS - 1} bars", rows)


def _symbols() -> list[str]:
    return [f"C{number:04}/USDT" for number in range(COUNT)]


def _configured(folder: Path) -> Settings:
    """A database with history for every series, and one strategy on each."""
    (folder / "config" / "strategies").mkdir(parents=True)
    (folder / "config" / "fleet.yaml").write_text("any_filesystem: true\n")
    strategy = STRATEGY.format(symbols=", ".join(_symbols()))
    (folder / "config" / "strategies" / "all.yaml").write_text(strategy)
    settings = load(folder / "config", kinds.load, database=folder / "trading.db")
    migrate(settings.database, "real", any_filesystem=True)
    with connect(settings.database, any_filesystem=True) as db:
        made = (imagined(settings, Series("binance", symbol, "1h")) for symbol in _symbols())
        markets.save(db, [each.market for each in made], 0)
    _feed(settings, 0, HISTORY)
    return settings


def _feed(settings: Settings, first: int, last: int) -> None:
    """Store these bars of every series."""
    rows = walk(last)[first:]
    with connect(settings.database, any_filesystem=True) as db:
        for symbol in _symbols():
            storing.store(db, Series("binance", symbol, "1h"), rows, Source.EXCHANGE, 0)


@contextmanager
def _traders(settings: Settings, count: int) -> Iterator[None]:
    """So many processes, each with a log of its own."""
    variables = environment.child(settings.directory, settings.database)
    logs = [settings.database.with_name(f"{number}.log") for number in range(count)]
    processes = []
    for log in logs:
        with log.open("ab") as output:
            processes.append(subprocess.Popen([sys.executable, "-m", "trader"], env=variables, stderr=output))
    try:
        yield
    finally:
        for process in processes:
            process.terminate()
        for process in processes:
            process.wait()


def _decided(settings: Settings, number: int) -> float:
    """Seconds until every strategy has decided the newest bar; from the second on the bar is stored first."""
    if number:
        _feed(settings, HISTORY + number - 1, HISTORY + number)
    newest, began = START + (HISTORY + number - 1) * HOUR, time.monotonic()
    while _count(settings, newest) < COUNT:
        if time.monotonic() - began > PATIENCE:
            return float("inf")
        time.sleep(0.2)
    return time.monotonic() - began


def _count(settings: Settings, newest: int) -> int:
    with connect_readonly(settings.database) as db:
        return sum(row["decided_timestamp"] == newest for row in db.read("strategies_all"))


def _told(settings: Settings) -> Counter[str]:
    """How often each event stands in the logs."""
    files = settings.database.parent.glob("*.log")
    lines = [line for file in files for line in file.read_text().splitlines() if line.startswith("{")]
    return Counter(json.loads(line)["event"] for line in lines)
