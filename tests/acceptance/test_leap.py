"""The machine's clock is set an hour forward or back while real processes run: nobody doubles, nobody stands still."""

import os
import signal

import pytest

from config.settings import Settings
from db.market_data import markets
from db.sqlite.connection import connect
from db.sqlite.migrate import migrate
from runtime.clock import Clock, now_ms
from tests.backfilling import fleet, simulator, stored, until
from tests.fleet_processes import begin, machine_clock
from tests.kit.rows import rows
from tests.kit.series import HOURLY, at
from tests.replayed import settings as configured
from tests.trading import MARKET, feed, high

LEASE = 2.0
NAMES = ("one", "two", "three", "four")


@pytest.fixture
def traders(tmp_path):
    """Two traders that have shared four strategies and decided the newest candle."""
    more = f"environment: simulated\nsupervision: {{ heartbeat: 0.2, lease: {LEASE} }}\n"
    settings = configured(tmp_path, [high(name) for name in NAMES], more)
    clock = Clock(1000 * at(3), now_ms(), 1.0)
    migrate(settings.database, "simulated", clock=clock.dump(), any_filesystem=True)
    with connect(settings.database, any_filesystem=True) as db:
        markets.save(db, [MARKET], 1)
        feed(db, 99, 98, 97)
        started = [begin(settings, "trader", name) for name in ("first", "second")]
        try:
            until(lambda: shared(settings, 2) and decided(settings) == 4)
            yield settings, db, started
        finally:
            for each in started:
                each.terminate()
            assert {each.wait(60) for each in started} <= {0, -signal.SIGKILL}


def shared(settings: Settings, count: int) -> bool:
    """Whether so many traders hold all strategies, each as many."""
    moment = now_ms() + 1000 * (int(machine_clock(settings).read_text()) if machine_clock(settings).exists() else 0)
    found = rows(settings.database, "select holder, count(*) from leases where expires_ms > ? group by 1", (moment,))
    return [row[1] for row in found] == [len(NAMES) // count] * count


def decided(settings: Settings) -> int:
    """How many decisions there are."""
    return int(rows(settings.database, "select count(*) from decisions")[0][0])


@pytest.mark.parametrize("leap", [3600, -3600, 3, -3])
def test_leases_outlive_a_leap(traders, leap):
    """Whatever happens to the clock, each candle is decided once, soon, and the dead are replaced in time."""
    settings, db, started = traders
    machine_clock(settings).write_text(str(leap))
    feed(db, 96, first=3)
    until(lambda: decided(settings) == 8)
    until(lambda: shared(settings, 2))
    os.kill(started[0].pid, signal.SIGKILL)
    until(lambda: shared(settings, 1))
    feed(db, 95, first=4)
    until(lambda: decided(settings) == 12)
    assert rows(
        settings.database, "select max(n) from (select count(*) n from decisions group by strategy_id, timestamp)"
    ) == [(1,)]


@pytest.mark.parametrize("leap", [3600, -3600])
def test_candles_go_on_arriving_after_a_leap(tmp_path, leap):
    """The backfiller learns anew how far the exchange's clock is from ours."""
    with simulator(speed=1200.0) as running:
        settings = fleet(tmp_path, running, "binance BTC/USDT 1h 10")
        process = begin(settings, "backfiller")
        try:
            until(lambda: len(stored(settings, HOURLY)) >= 11)
            machine_clock(settings).write_text(str(leap))
            count = len(stored(settings, HOURLY))
            until(lambda: len(stored(settings, HOURLY)) >= count + 4)
        finally:
            process.terminate()
            assert process.wait(60) == 0
