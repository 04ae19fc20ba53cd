"""`fleet demo`: the whole fleet against a simulated exchange whose clock runs faster. No account, key or internet."""

import argparse
import json
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from config import environment
from config.load import load
from config.settings import Settings
from db import meta, private, reports
from db.connection import connect_readonly
from db.filesystem import COMPANY, beside
from domain.errors import ConfigError, Unavailable
from fleet import render, up
from runtime.clock import Clock
from runtime.command import prepared
from runtime.output import say
from runtime.stop import Stop
from strategies import kinds

SHIPPED = Path(__file__).resolve().parents[1] / "config" / "demo"
LEAVINGS = ("", *COMPANY)


def demo(options: argparse.Namespace) -> int:
    """Run the demo and print its report; returns the exit status."""
    settings = load(options.config, kinds.load, database=options.database)
    if settings.environment != "simulated":
        raise ConfigError(f"{options.config}/fleet.yaml: the demo needs `environment: simulated`")
    with up.alone(settings), Stop() as stop:
        _clear(settings.database)
        with simulated(options, up.logs(settings)) as exchange:
            _prepare(settings, exchange)
            specs = up.workers(settings, options.traders, _variables(settings, exchange["url"]))
            status, first = up.supervised(settings, specs, stop, "tradefleet demo", options.seconds)
    _farewell(settings, first)
    return status


@contextmanager
def simulated(options: argparse.Namespace, logs: Path) -> Iterator[Mapping[str, Any]]:
    """A simulated exchange in a process of its own, for the length of the block: its url and its clock."""
    private.folder(logs)
    log = logs / "simulator.log"
    private.create(log)
    start = int(time.time() - options.seconds * options.speed)
    arguments = ["--start", str(start), "--speed", str(options.speed), "--seed", str(options.seed)]
    arguments += [word for fault in options.fault for word in ("--fault", fault)]
    arguments += ["--replay", *map(str, options.replay)] if options.replay else []
    command = [sys.executable, "-P", "-m", "fleet.child", str(os.getpid()), "exchange.simulated", *arguments]
    with (
        log.open("w") as errors,
        subprocess.Popen(  # noqa: S603  our own interpreter and module
            command, stdout=subprocess.PIPE, stderr=errors, text=True, start_new_session=True
        ) as process,
    ):
        try:
            assert process.stdout is not None
            line = process.stdout.readline()
            if not line:
                raise Unavailable(f"the simulated exchange did not start: {log.read_text().strip()}")
            yield json.loads(line)
        finally:
            process.terminate()
            process.communicate()


def _prepare(settings: Settings, exchange: Mapping[str, Any]) -> None:
    """A new database that follows the exchange's clock."""
    clock = Clock(exchange["start"], exchange["origin"], exchange["speed"])
    prepared(settings, clock=clock.dump())


def _variables(settings: Settings, url: str) -> dict[str, str]:
    """The environment of the processes: every exchange is the simulated one."""
    urls = {f"exchanges__{name}__base_url": f"{url}/{name}" for name in settings.exchanges}
    return environment.child(settings.directory, settings.database, **urls)


def _clear(database: Path) -> None:
    """Remove the demo of before; a database that holds anything else is refused."""
    if database.exists():
        with connect_readonly(database) as db:
            meta.check_environment(db, "simulated")
    for ending in LEAVINGS:
        beside(database, ending).unlink(missing_ok=True)


def _farewell(settings: Settings, first: float | None) -> None:
    """The report, and what to type next."""
    with connect_readonly(settings.database) as db:
        rows = [dict(row) for row in reports.rows(db, "strategy_performance")]
        totals = [dict(row) for row in reports.totals(db)]
    render.people(rows, render.Look("strategy_performance", "strategy_performance", more="fleet report --all-columns"))
    say()
    render.people(totals, render.Look("totals", "fleet, by quote currency", more="fleet report --all-columns"))
    fleet, database = _typed(), _shown(settings.database)
    trade = "no trade yet" if first is None else f"first trade after {first:.1f} s"
    say(f"""
{trade}. The database is {database}, the logs are in {_shown(up.logs(settings))}. Next:

  {fleet} sql leaderboard --database {database}
  {fleet} report --database {database} --view round_trips
{_own(fleet)}
""")


def _own(fleet: str) -> str:
    """What to type for a fleet of one's own."""
    if not Path(environment.directory()).is_dir():
        return f"  {fleet} init my-fleet   a folder with a configuration to start from"
    return (
        f"  {fleet} validate        check config/strategies/*.yaml, where your own strategies go\n"
        f"  {fleet} up              real exchanges, public data, paper money"
    )


def _typed() -> str:
    """The command as one would type it here: its name alone where the shell finds it so."""
    file, found = Path(sys.executable).parent / "fleet", shutil.which("fleet")
    return "fleet" if found and Path(found).resolve() == file.resolve() else str(_shown(file))


def _shown(path: Path) -> Path:
    """A path as one would type it here."""
    return path.relative_to(Path.cwd()) if path.is_relative_to(Path.cwd()) else path
