"""Requests to the exchange for each candle, with 1, 10 and 50 traders: real processes, a real HTTP server."""

import json
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from urllib.request import Request, urlopen

from benchmarks.measure import table
from config import environment
from db.sqlite.connection import connect_readonly
from db.sqlite.migrate import migrate
from exchange.simulated import Simulator, SimulatorConfig
from runtime.clock import Clock

TRADERS = (1, 10, 50)
SECONDS, SPEED = 20.0, 60.0
STRATEGY = """\
strategy_id: s{number}
exchange: binance
symbol: BTC/USDT
timeframe: 1m
strategy: rsi
capital: 1000
"""


def run() -> None:
    """A fleet of each size follows one series for a while."""
    rows = [(f"{count} traders", f"{_ratio(count):.2f} requests a candle") for count in TRADERS]
    table("requests to the exchange (must not grow)", rows)


def _ratio(traders: int) -> float:
    """Requests for candles, by candles that came in."""
    with (
        tempfile.TemporaryDirectory(prefix="tradefleet-bench-") as name,
        Simulator(SimulatorConfig(speed=SPEED)) as site,
    ):
        folder = Path(name)
        (folder / "strategies").mkdir()
        for number in range(traders):
            (folder / "strategies" / f"{number}.yaml").write_text(STRATEGY.format(number=number))
        (folder / "fleet.yaml").write_text(
            f"environment: simulated\nany_filesystem: true\n"
            f'exchanges: {{ binance: {{ rate: 100, base_url: "{site.url}/binance" }} }}\n'
        )
        path = folder / "trading.db"
        told = site.clock.triple()
        clock = Clock(int(told["start"]), int(told["origin"]), told["speed"])
        migrate(path, "simulated", clock=clock.dump(), any_filesystem=True)
        commands = [["-m", "backfiller"], *(["-m", "trader", "--strategy", f"s{n}"] for n in range(traders))]
        variables = environment.child(folder, path)
        processes = [
            subprocess.Popen([sys.executable, *command], env=variables, stderr=subprocess.DEVNULL)
            for command in commands
        ]
        try:
            return _measured(site, path, traders)
        finally:
            for process in processes:
                process.terminate()
            for process in processes:
                process.wait()


def _measured(site: Simulator, path: Path, traders: int) -> float:
    """Once every trader has decided something."""
    with connect_readonly(path) as db:
        while db._connection.execute("select count(distinct strategy_id) from decisions").fetchall()[0][0] < traders:
            time.sleep(0.2)
        before = _candles(db)
        urlopen(Request(f"{site.url}/__control/requests", method="DELETE")).read()
        time.sleep(SECONDS)
        calls = json.load(urlopen(f"{site.url}/__control/requests"))["binance"]["calls"]
        after = _candles(db)
    return sum(call["requests"] for call in calls if call["timeframe"]) / (after - before)


def _candles(db: object) -> int:
    return int(db._connection.execute("select count(*) from ohlcv_data").fetchall()[0][0])  # type: ignore[attr-defined]
