"""A fleet such as somebody has who follows the documents: what `fleet init` makes, with candles, trades and logs.

It lives on a simulated exchange whose clock nearly stands still, so that what is typed says the same at any speed.
"""

import gzip
import json
import os
import re
import signal
import subprocess
import sys
import zipfile
from collections.abc import Collection, Mapping
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

from config.load import load
from db.sqlite.connection import connect, connect_readonly
from domain.errors import FleetError
from exchange.simulated import Simulator
from runtime.clock import now_ms
from strategies import kinds
from tests.backfilling import until
from tests.fleet_processes import HEARS_CTRL_C
from tests.kit.rows import rows
from tests.kit.series import HOUR
from tests.replayed import on

NOW = 1_749_124_200  # 2025-06-05 11:50 UTC
DAYS = 20 * 86_400  # seconds that those strategies have traded:
TRADING = {"btc-bin-1h", "eth-bin-4h", "trend-kr-btc-4h"}
JANUARY = 1_704_067_200  # 2024-01-01
BARS = [[JANUARY + number * HOUR, 100.5, 102.5, 99.5, 101.5, 7.25] for number in range(48)]
DATABASE = Path("data", "trading.db")
README = (Path(__file__).resolve().parents[1] / "README.md").read_text("utf-8")
(FIRST,) = re.findall(r"```yaml\n(strategy_id: my-first\n.*?)```", README, re.DOTALL)
IN_CONTAINERS = (
    "docker compose up -d --scale trader=5",
    "docker compose up -d --scale trader=8",
    "docker compose up -d --scale trader=8 --scale backfiller=2",
    "fleet ps",
    "fleet ps --all-columns",
    "fleet ps --format json",
    "fleet scale 5",
    "fleet scale 2",
    "fleet restart",
    "docker compose exec trader fleet report",
    "docker compose exec trader fleet backup /data/2025-06-01.db",
    "docker compose exec -T trader cat /data/2025-06-01.db > 2025-06-01.db",
    "docker compose stop backfiller trader",
    "docker compose run --rm migrate fleet restore /data/2025-06-01.db && docker compose up -d",
    "docker compose --profile demo up -d demo-trader",
    "docker compose --profile demo up -d",
    "fleet scale 2 --demo",
    "docker compose down",
)  # lines of the documents and of --help that need a Docker engine, in the order in which they can be typed
LIVING = "select distinct room from workers where beat_ms > ?"


def variables(url: str, home: Path, engine: str) -> dict[str, str]:
    """The environment of whoever types: the exchanges are simulated, no container runs, the home is one's own."""
    names = {f"TRADEFLEET_EXCHANGES__{name.upper()}": name for name in ("binance", "kraken", "coinbase")}
    there = {f"{key}__BASE_URL": f"{url}/{name}" for key, name in names.items()} | {
        f"{key}__RATE": "100" for key in names
    }
    programs = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    own = {"HOME": str(home), "PATH": programs, "DOCKER_HOST": engine, "COLUMNS": "120"}
    return {**there, **own, "TRADEFLEET_ENVIRONMENT": "simulated", "TRADEFLEET_ANY_FILESYSTEM": "true"}


def made(folder: Path, running: Simulator, environ: Mapping[str, str]) -> None:
    """Make the fleet in a folder: its configuration as it is shipped."""
    typed(f"fleet init {folder}", folder.parent, environ).check_returncode()
    (folder / "config" / "strategies" / "my-first.yaml").write_text(FIRST)
    (folder / "data").mkdir(mode=0o700)
    (folder / "data" / "dry-clock.json").write_text(json.dumps(running.clock.triple()))
    typed("fleet migrate --clock data/dry-clock.json && fleet backfill --once", folder, environ).check_returncode()
    settings = load(folder / "config", kinds.load, database=folder / DATABASE, environ=dict(environ))
    walked = tuple(each for each in settings.strategies if each.strategy_id in TRADING)
    long = replace(settings, strategies=walked, supervision=replace(settings.supervision, lease=3600))
    with connect(settings.database, any_filesystem=True) as db:
        on(db, long, NOW - DAYS)
    downloaded(folder)


def downloaded(folder: Path) -> None:
    """What the documents import, in the formats of those that offer it."""
    lines = [",".join(map(str, row)) for row in BARS]
    with gzip.open(folder / "binance__BTC-USDT__1h.csv.gz", "wt") as file:
        file.write("\n".join(["timestamp,open,high,low,close,volume", *lines]))
    with zipfile.ZipFile(folder / "BTCUSDT-1h-2024-01.zip", "w") as archive:
        archive.writestr("BTCUSDT-1h-2024-01.csv", "\n".join(f"{stamp}000,{rest}" for stamp, rest in _parted(lines)))
    with zipfile.ZipFile(folder / "Kraken_OHLCVT.zip", "w") as archive:
        for pair in ("XBTUSD", "ETHUSD"):
            archive.writestr(f"{pair}_60.csv", "\n".join(f"{line},3" for line in lines))
    (folder / "user_data" / "data" / "binance").mkdir(parents=True)
    rows = [[stamp * 1000, *rest] for stamp, *rest in BARS]
    (folder / "user_data" / "data" / "binance" / "ETH_USDT-1h.json").write_text(json.dumps(rows))


def _parted(lines: list[str]) -> list[tuple[str, str]]:
    """Lines as their first field and the rest."""
    return [(line.partition(",")[0], line.partition(",")[2]) for line in lines]


def typed(line: str, folder: Path, environ: Mapping[str, str]) -> "subprocess.CompletedProcess[str]":
    """A line as a shell takes it, run to its end."""
    words = ["bash", "-c", line]
    env = {**os.environ, **environ}
    return subprocess.run(words, cwd=folder, env=env, capture_output=True, text=True, check=False, timeout=120)


def interrupted(
    line: str, folder: Path, environ: Mapping[str, str], rooms: Collection[str], database: Path = DATABASE
) -> "subprocess.CompletedProcess[str]":
    """A line that goes on: Ctrl-C once workers of these rooms live and it has said something."""
    began, out = now_ms(), folder / "typed.out"
    with out.open("w") as said:
        process = subprocess.Popen(
            ["bash", "-c", line], cwd=folder, env={**os.environ, **environ}, stdout=said, stderr=said,
            start_new_session=True, **HEARS_CTRL_C,
        )  # fmt: skip
    try:
        until(
            lambda: (
                process.poll() is not None or (living(folder / database, began) >= {*rooms} and out.stat().st_size > 0)
            )
        )
    finally:
        os.killpg(process.pid, signal.SIGINT)
        process.wait(60)
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGTERM)  # what stands in the background hears no Ctrl-C
    return subprocess.CompletedProcess(line, process.returncode, out.read_text(), "")


def living(database: Path, since_ms: int) -> set[str]:
    """The rooms whose workers have told that they live since a moment, real milliseconds."""
    try:
        with connect_readonly(database) as db:
            return {room for (room,) in rows(db, LIVING, (since_ms,))}
    except FleetError:
        return set()
