"""A trader that freezes in the middle of a turn and wakes after its lease: its write is refused, and it goes on."""

import json
import os
import signal

import pytest

from db.market_data import markets
from db.sqlite.connection import connect
from db.sqlite.migrate import migrate
from runtime.clock import Clock, now_ms
from tests.backfilling import until
from tests.fleet_processes import begin, events
from tests.kit.rows import rows
from tests.kit.series import at
from tests.replayed import settings as configured
from tests.trading import MARKET, feed, high

SLOW = '''
"""A kind that says when it has begun, and goes on once it is let."""
import time
from pathlib import Path

from domain.kinds import Kind
from domain.strategy import Signal


class Slow:
    warmup = 2

    def signal(self, indicators):
        Path(__file__).with_name("begun").touch()
        while not Path(__file__).with_name("go").exists():
            time.sleep(0.01)
        return Signal(entry="always")


KIND = Kind(name="slow", doc="slow", params={}, build=lambda params: Slow(), warmup=lambda params: 2)
'''
STRATEGY = """\
strategy_id: slow
exchange: binance
symbol: BTC/USDT
timeframe: 1h
strategy: slow
capital: 1000
warmup: 2
"""


@pytest.fixture
def frozen(tmp_path):
    """The settings of a fleet, and its first trader, frozen while it decides for `slow`."""
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "slow.py").write_text(SLOW)
    more = f"environment: simulated\nsupervision: {{ heartbeat: 0.2, lease: 1 }}\nplugins: [{tmp_path / 'mine'}]\n"
    settings = configured(tmp_path, [STRATEGY, high()], more)
    clock = Clock(1000 * at(3), now_ms(), 1.0)
    migrate(settings.database, "simulated", clock=clock.dump(), any_filesystem=True)
    with connect(settings.database, any_filesystem=True) as db:
        markets.save(db, [MARKET], 1)
        feed(db, 99, 98, 97)
    first = begin(settings, "trader", "first")
    until((tmp_path / "mine" / "begun").exists)
    os.kill(first.pid, signal.SIGSTOP)
    (tmp_path / "mine" / "go").touch()
    yield settings, first
    first.send_signal(signal.SIGCONT)
    first.terminate()
    assert first.wait(60) == 0


def test_its_write_is_refused_and_it_goes_on(frozen):
    """Another one has taken over and decided; nothing is doubled; afterwards both share the work."""
    settings, first = frozen
    second = begin(settings, "trader", "second")
    try:
        until(lambda: rows(settings.database, "select count(*) from decisions") == [(2,)])
        os.kill(first.pid, signal.SIGCONT)
        until(lambda: told(settings, "fenced") | told(settings, "lease_lost") == {("one", 1), ("slow", 1)})
        assert ("slow", 1) in told(settings, "fenced")
        until(
            lambda: {holder for (holder,) in rows(settings.database, VALID.format(now_ms()))} == set(workers(settings))
        )
        assert rows(settings.database, "select strategy_id, epoch from decisions order by 1") == [
            ("one", 2),
            ("slow", 2),
        ]
        assert rows(settings.database, "select count(*), min(epoch) from trades") == [(1, 2)]
    finally:
        second.terminate()
        assert second.wait(60) == 0
    over = events(settings, "second", "lease_taken_over")
    assert {(each["strategy_id"], each["epoch"]) for each in over} == {("one", 2), ("slow", 2)}


def told(settings, event):
    """What the first one says that it lost, under which epoch."""
    return {(each["strategy_id"], each["epoch"]) for each in events(settings, "first", event)}


VALID = "select holder from leases where expires_ms > {}"


def workers(settings):
    """The names of the two."""
    found = rows(settings.database, "select worker_id, detail from workers where room = 'trader'")
    return [worker_id for worker_id, detail in found if json.loads(detail)["shares"]]
