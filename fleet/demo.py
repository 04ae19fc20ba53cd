"""`fleet demo`: the whole fleet against a simulated exchange whose clock runs faster. No account, key or internet."""

import argparse
import json
import os
import subprocess
import sys
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import NamedTuple

from config import environment
from config.load import load
from config.settings import Settings
from db import opened
from db.fleet import meta
from db.market_data import candles
from db.sqlite import private
from db.sqlite.filesystem import COMPANY, beside
from domain.candles import Series
from domain.clock_text import LAST_MS
from domain.dates import moment
from domain.errors import ConfigError, Unavailable
from fleet import demo_span, demo_summary, pacing, up
from fleet.demo_span import DemoSpan, ReplayedSpan
from fleet.pacing import DemoPacing
from runtime.clock import Clock, now_ms
from runtime.command import prepared
from runtime.output import say, warn
from runtime.plugin_kinds import DescribedKinds
from runtime.stop import Stop
from strategies import kinds

SHIPPED = Path(__file__).resolve().parents[1] / "config" / "demo"
CLOCK = ".clock"  # beside the database: what the exchange and every process read candle time from
LEAVINGS = ("", CLOCK, *COMPANY)
LOOK = 0.05  # seconds between two looks whether the history is there


class DemoRun(NamedTuple):
    """Where and when a demo lives: its span and its clock, the exchange's url, and what the files to replay hold."""

    length: DemoSpan
    clock: Clock
    url: str
    spans: Mapping[Series, ReplayedSpan]


def demo(options: argparse.Namespace) -> int:
    """Run the demo and print its report; returns the exit status."""
    with DescribedKinds() as described:
        known = partial(kinds.load, define=described.define)
        settings = load(options.config, known, database=options.database)
    if settings.environment != "simulated":
        raise ConfigError(f"{options.config}/fleet.yaml: the demo needs `environment: simulated`")
    spans = demo_span.replayed(options.replay or (), {each.series for each in settings.strategies if each.enabled})
    length = demo_span.planned(settings, options, spans)
    with up.only_supervisor(settings), Stop() as stop:
        _clear(settings.database)
        file = beside(settings.database, CLOCK).absolute()
        clock = _begun(length, file, paced=not options.fault)
        with simulated(options, file, up.logs(settings)) as url:
            prepared(settings, clock=clock.dump())
            status, first = _traded(settings, options, DemoRun(length, clock, url, spans), stop)
        _let_go(settings.database, clock)
        file.unlink(missing_ok=True)
    demo_summary.say_summary(settings, first, invented=not options.replay)
    return status


def _begun(length: DemoSpan, file: Path, *, paced: bool) -> Clock:
    """The clock at the beginning, in a file for the exchange to follow: it waits there where it is paced."""
    clock = length.clock(file if paced else None)
    private.folder(file.parent)
    pacing.write(clock, clock.start_ms if paced else LAST_MS, file)
    return clock


def _traded(settings: Settings, options: argparse.Namespace, demo_run: DemoRun, stop: Stop) -> tuple[int, float | None]:
    """Let the fleet live for the length of the demo: its exit status, and after how long the first trade came."""
    length, clock = demo_run.length, demo_run.clock
    variables = _variables(settings, demo_run.url)
    specs = up.workers(settings, options.traders, variables)
    awaited: Mapping[str, Series] = {}
    if clock.paced:
        say(f"fetches the candles before {moment(length.begin)} from the simulated exchange")
        _fetch(settings, variables, demo_run.spans, stop)
        awaited = _served(settings)
    with DemoPacing(length, clock, settings.database, awaited, stop):
        return up.supervised(settings, specs, stop, "tradefleet demo", length.passed)


@contextmanager
def simulated(options: argparse.Namespace, clock: Path, logs: Path) -> Iterator[str]:
    """A simulated exchange in a process of its own that follows this clock, for the length of the block: its url."""
    private.folder(logs)
    log = logs / "simulator.log"
    private.create(log)
    arguments = ["--follow", str(clock), "--seed", str(options.seed)]
    arguments += [word for fault in options.fault for word in ("--fault", fault)]
    arguments += ["--replay", *map(str, options.replay)] if options.replay else []
    with (
        log.open("w") as errors,
        subprocess.Popen(  # noqa: S603  our own interpreter and module
            _child("exchange.simulated", *arguments),
            stdout=subprocess.PIPE,
            stderr=errors,
            text=True,
            start_new_session=True,
        ) as process,
    ):
        try:
            assert process.stdout is not None
            line = process.stdout.readline()
            if not line:
                raise Unavailable(f"the simulated exchange did not start: {log.read_text().strip()}")
            yield json.loads(line)["url"]
        finally:
            process.terminate()
            process.communicate()


def _fetch(settings: Settings, variables: Mapping[str, str], spans: Iterable[Series], stop: Stop) -> None:
    """Fetch all history, while candle time waits: the first decision of every strategy sees the same candles. Where
    files are replayed, only what they hold is asked for.
    """
    only = [word for each in spans for word in ("--series", f"{each.exchange}:{each.symbol}:{each.timeframe}")]
    log = up.logs(settings) / "backfiller.log"
    private.create(log)
    with (
        log.open("a") as output,
        subprocess.Popen(  # noqa: S603  our own interpreter and module
            _child("backfiller", "--once", *only),
            env=dict(variables),
            stdout=output,
            stderr=output,
            start_new_session=True,
        ) as process,
    ):
        while process.poll() is None and not stop.wait(LOOK):
            continue
        process.terminate()


def _served(settings: Settings) -> dict[str, Series]:
    """The strategies that have candles to decide on, and what they trade; the others are named."""
    with opened(settings.database, read_only=True) as db:
        heads = {series for series, head in candles.heads(db).items() if head.candles}
    enabled = {each.strategy_id: each.series for each in settings.strategies if each.enabled}
    for one, series in enabled.items():
        if series not in heads:
            warn(f"{one} stands by: there is no candle of {series}, see {up.logs(settings)}/backfiller.log")
    return {one: series for one, series in enabled.items() if series in heads}


def _child(*words: str) -> list[str]:
    """The command of a process that does not outlive this one: a module and its arguments."""
    return [sys.executable, "-P", "-m", "fleet.child", str(os.getpid()), *words]


def _let_go(database: Path, clock: Clock) -> None:
    """Nobody paces candle time any more: it runs on from where it is, and what is not traded grows old."""
    if clock.paced:
        now = Clock(clock.now_ms(), now_ms(), clock.speed)
        with opened(database, any_filesystem=True) as db:
            meta.set_clock(db, now.dump())


def _variables(settings: Settings, url: str) -> dict[str, str]:
    """The environment of the processes: every exchange is the simulated one."""
    urls = {f"exchanges__{name}__base_url": f"{url}/{name}" for name in settings.exchanges}
    return environment.child(settings.directory, settings.database, **urls)


def _clear(database: Path) -> None:
    """Remove the demo of before; a database that holds anything else is refused."""
    if database.exists():
        with opened(database, read_only=True) as db:
            meta.check_environment(db, "simulated")
    for ending in LEAVINGS:
        beside(database, ending).unlink(missing_ok=True)
