"""A worker that is killed is replaced at once where its machine lives, however long its lease would last."""

import os
import signal
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from config.settings import Settings
from db.market_data import markets
from db.sqlite.connection import connect
from db.sqlite.migrate import migrate
from runtime.clock import Clock, now_ms
from tests.backfilling import until
from tests.fleet_processes import begin, log_file, spelled
from tests.kit.rows import rows
from tests.kit.series import HOUR, START
from tests.replayed import settings as configured
from tests.trading import MARKET, feed, high

NAMES = ("one", "two", "three", "four")
LEASE = 60  # seconds: whoever is replaced sooner was found dead
NOBODY = "exchanges: { binance: { base_url: 'http://127.0.0.1:9' } }\n"


def prepared(folder: Path, heartbeat: float) -> Settings:
    """Four strategies over stored candles, and nobody who acts for them."""
    more = f"environment: simulated\nsupervision: {{ heartbeat: {heartbeat}, lease: {LEASE} }}\n{NOBODY}"
    settings = configured(folder, [high(name) for name in NAMES], more)
    clock = Clock((START + 3 * HOUR) * 1000, now_ms(), 1.0)
    migrate(settings.database, "simulated", clock=clock.dump(), any_filesystem=True)
    with connect(settings.database, any_filesystem=True) as db:
        markets.save(db, [MARKET], 1)
        feed(db, 99, 98, 97)
    return settings


@contextmanager
def ended(*started: "subprocess.Popen[bytes]") -> Iterator[None]:
    """The processes drain at the end of the block."""
    try:
        yield
    finally:
        for each in started:
            each.terminate()
        assert {each.wait(60) for each in started} <= {0, -signal.SIGKILL}


def pids(settings: Settings) -> list[int]:
    """The processes of the holders of all four strategies, each once; none while some are nobody's."""
    held = rows(settings.database, "select holder from leases where expires_ms > ?", (now_ms(),))
    return sorted({int(holder.split("-")[-2]) for (holder,) in held}) if len(held) == len(NAMES) else []


def killed(settings: Settings) -> float:
    """Seconds from the death of one of two traders until somebody else holds what it held."""
    until(lambda: len(pids(settings)) == 2)
    victim, began = pids(settings)[0], time.monotonic()
    os.kill(victim, signal.SIGKILL)
    until(lambda: pids(settings) and victim not in pids(settings))
    return time.monotonic() - began


def test_whoever_shares_its_machine_finds_it_dead_at_the_next_heartbeat(tmp_path):
    """Nobody watches the processes here, and none of the dead is reaped."""
    settings = prepared(tmp_path, 0.3)
    with ended(*(begin(settings, "trader", name) for name in ("first", "second"))):
        assert killed(settings) < LEASE / 2
        assert rows(settings.database, "select distinct code from events") == [("taken_over",)]


def test_the_supervisor_frees_what_its_process_held(tmp_path):
    """Without waiting for anybody's heartbeat; the process that it starts instead shares again."""
    settings = prepared(tmp_path, LEASE / 2)
    with log_file(settings, "up").open("wb") as log:
        up = subprocess.Popen(spelled(settings, "up", "--traders", "2"), stdout=log, stderr=log)
    with ended(up):
        until(lambda: len(pids(settings)) == 2)
        before = set(pids(settings))
        assert killed(settings) < LEASE / 4
        until(lambda: len(pids(settings)) == 2)
        assert len(before & set(pids(settings))) == 1
