"""`python -m tests.soak --minutes 60 --traders 50`: a fleet on an accelerated clock, with a kill -9 every few seconds.

Prints a line a minute, then the verdict: lock errors, lost or doubled candles, decisions and trades, integrity. Exit
status 0 when all of it is 0.
"""

import argparse
import random
import signal
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path

from config.settings import Settings
from tests.backfilling import fleet, simulator, stored, unexplained
from tests.fleet_processes import begin, query

STRATEGY = """\
strategy_id: {kind}-{{base}}-{{timeframe}}-{{params}}
exchange: binance
strategy: {kind}
warmup: 30
capital: 1000
matrix:
  symbol: [BTC/USDT, ETH/USDT, SOL/USDT, BNB/USDT, XRP/USDT]
  timeframe: [1m, 5m]
  params: {params}
"""
KINDS = {
    "rsi": "[{ length: 4, oversold: 40, overbought: 55 }, { length: 6, oversold: 40, overbought: 60 }]",
    "macd": "[{ fast: 3, slow: 7, signal: 3 }, { fast: 5, slow: 12, signal: 4 }]",
    "trend": "[{ entry_length: 5, exit_length: 3 }, { entry_length: 9, exit_length: 4 }]",
}
LOCKED = ("is locked", "write lock", "locking failed")  # what SQLite says of it, and what the house says
PACE = {"supervision__lease": "4", "supervision__heartbeat": "1"}
CHECKS = {
    "trades doubled": "select count(*) - count(distinct client_order_id) from trades",
    "integrity": "select count(*) from pragma_integrity_check where integrity_check != 'ok'",
    "dangling references": "select count(*) from pragma_foreign_key_check",
    "orders without trade": "select count(*) from orders o where not exists"
    " (select 1 from trades t where t.client_order_id = o.client_order_id)",
    "fills without decision": "select abs((select count(*) from trades) - (select count(*) from decisions"
    " where action in ('enter', 'exit')))",
    "ledgers that do not add up": "select count(*) from positions p join strategies s using (strategy_id)"
    " where abs(p.cash + p.cost - s.capital - p.realised_pnl) > 1e-6",
    "candles not decided": "select count(*) from strategies s join ohlcv_data o using (exchange, symbol, timeframe)"
    " where o.timestamp between (select min(timestamp) from decisions d where d.strategy_id = s.strategy_id)"
    " and s.decided_timestamp and not exists (select 1 from decisions d where d.strategy_id = s.strategy_id"
    " and d.timestamp = o.timestamp)",
    "candles decided twice": "select count(*) - count(distinct strategy_id || ' ' || timestamp) from decisions",
}


def main() -> int:
    """Run the soak; the exit status."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--minutes", type=float, default=60.0)
    parser.add_argument("--traders", type=int, default=50)
    parser.add_argument("--pause", type=float, default=4.0, help="mean seconds between two kills")
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="tradefleet-soak-") as name, simulator(speed=60.0, start=None) as running:
        folder = Path(name)
        (folder / "strategies").mkdir()
        for kind, params in KINDS.items():
            (folder / "strategies" / f"{kind}.yaml").write_text(STRATEGY.format(kind=kind, params=params))
        settings = fleet(folder, running, "binance BTC/USDT 1m 200")
        kills = _live(settings, options)
        return _verdict(settings, kills)


def _live(settings: Settings, options: argparse.Namespace) -> int:
    """Let it run; how many were killed."""
    dice, kills = random.Random(options.seed), 0
    rooms = ["backfiller", *["trader"] * options.traders]
    processes = [begin(settings, room, f"{room}-{number}", **PACE) for number, room in enumerate(rooms)]
    end, told = time.monotonic() + 60 * options.minutes, time.monotonic()
    try:
        while time.monotonic() < end:
            time.sleep(dice.expovariate(1 / options.pause))
            place = 0 if dice.random() < 0.1 else dice.randrange(len(rooms))
            processes[place].send_signal(signal.SIGKILL)
            processes[place].wait()
            processes[place] = begin(settings, rooms[place], f"{rooms[place]}-{place}", **PACE)
            kills += 1
            if time.monotonic() - told > 60:
                told = time.monotonic()
                print(f"{(end - told) / 60:.0f} minutes left, {kills} kills, {_counts(settings)}", flush=True)
        time.sleep(20)
    finally:
        for process in processes:
            process.terminate()
        print("exit statuses", dict(Counter(process.wait(60) for process in processes)))
    return kills


def _ask(settings: Settings, sql: str) -> int:
    return int(query(settings, sql)[0][0])


def _counts(settings: Settings) -> str:
    found = {table: _ask(settings, f"select count(*) from {table}") for table in ("ohlcv_data", "decisions", "trades")}
    late = _ask(settings, "select count(*) from decisions where action = 'stale'")
    return ", ".join(f"{count} {table}" for table, count in found.items()) + f", {late} too late to enter"


def _verdict(settings: Settings, kills: int) -> int:
    """Print what was found."""
    logs = "".join(file.read_text(errors="replace") for file in settings.directory.glob("*.log"))
    found = {name: _ask(settings, sql) for name, sql in CHECKS.items()}
    found["lock errors"] = sum(map(logs.count, LOCKED))
    found["failed turns"] = logs.count("turn_failed") + logs.count("exchange_thread_failed")
    for each in settings.series:
        bars = stored(settings, each.series)
        lost = len(unexplained(settings, each.series, bars[0].timestamp, bars[-1].timestamp))
        found["candles lost or doubled"] = found.get("candles lost or doubled", 0) + lost
    print(f"{kills} kills, {_counts(settings)}")
    for name, count in found.items():
        print(f"  {name}: {count}")
    return 1 if any(found.values()) else 0


if __name__ == "__main__":
    sys.exit(main())
