"""Real traders with a strategy that never returns, and with more missed bars than fit into a lease."""

import signal

import pytest

from db.market_data import markets
from db.sqlite.connection import connect
from db.sqlite.migrate import migrate
from runtime.clock import Clock, now_ms
from tests.backfilling import until
from tests.fleet_processes import begin, events, log_file
from tests.kit.rows import rows
from tests.kit.series import at
from tests.replayed import settings as configured
from tests.trading import MARKET, feed, high

KINDS = '''
"""One that is lost in C when the close is 95, and one that takes 20 ms for a bar."""
import time

from domain.kinds import Kind
from domain.strategy import Signal


class Endless:
    warmup = 2

    def signal(self, indicators):
        if indicators.column("close")[-1] == 95:
            sum(range(10**12))
        return Signal(reason="none")


class Costly:
    warmup = 2

    def signal(self, indicators):
        time.sleep(0.02)
        return Signal(reason="none")


KIND = Kind(name="{name}", doc="own", params={{}}, build=lambda params: {kind}(), warmup=lambda params: 2)
'''
OWN = """\
strategy_id: own-{number}
exchange: binance
symbol: BTC/USDT
timeframe: 1h
strategy: {kind}
capital: 1000
"""


@pytest.fixture
def fleet(tmp_path):
    """A way to the settings of a fleet with strategies of one's own, after three bars."""
    opens = []

    def begun(kind, *strategies):
        (tmp_path / "mine").mkdir()
        (tmp_path / "mine" / "own.py").write_text(KINDS.format(name=kind, kind=kind.capitalize()))
        more = f"environment: simulated\nsupervision: {{ heartbeat: 0.5, lease: 3 }}\nplugins: [{tmp_path / 'mine'}]\n"
        settings = configured(tmp_path, strategies, more)
        clock = Clock(1000 * at(3), now_ms(), 1.0)
        migrate(settings.database, "simulated", clock=clock.dump(), any_filesystem=True)
        opens.append(connect(settings.database, any_filesystem=True))
        markets.save(opens[0], [MARKET], 1)
        feed(opens[0], 99, 98, 97)
        return settings, opens[0]

    yield begun
    for each in opens:
        each.close()


@pytest.fixture
def trader():
    """A way to begin one, which is not left behind when the test fails."""
    processes = []

    def begun(settings, name):
        processes.append(begin(settings, "trader", name))
        return processes[-1]

    yield begun
    for each in processes:
        each.kill()
        each.wait()


def count(settings):
    """How many decisions there are."""
    return rows(settings.database, "select count(*) from decisions")[0][0]


def test_what_cannot_be_interrupted_ends_its_process_once(fleet, trader):
    """The next one comes back without it: its bar fails, the other strategy decides, and the process lives on."""
    settings, db = fleet("endless", high(), OWN.format(number=1, kind="endless"))
    first = trader(settings, "first")
    until(lambda: count(settings) == 2, 120)
    feed(db, 95, first=3)
    assert first.wait(120) == -signal.SIGVTALRM
    assert 'own.py", line' in log_file(settings, "first").read_text()
    second = trader(settings, "second")
    until(lambda: count(settings) == 4, 120)
    feed(db, 94, first=4)
    until(lambda: count(settings) == 6, 120)
    second.terminate()
    assert second.wait(60) == 0
    found = rows(
        settings.database, "select action, reason from decisions where strategy_id = 'own-1' order by timestamp"
    )
    assert [action for action, _ in found] == ["hold", "failed", "hold"]
    assert found[1][1].startswith("took longer than ")
    assert {each["strategy_id"] for each in events(settings, "second", "strategy_failed")} == {"own-1"}


def test_catching_up_outlasts_the_lease_and_keeps_it(fleet, trader):
    """Eight strategies, sixty missed bars at 20 ms each: three leases long. It is done, whoever stops in between."""
    settings, db = fleet("costly", *[OWN.format(number=number, kind="costly") for number in range(8)])
    one = trader(settings, "first")
    until(lambda: count(settings) == 8, 120)
    one.terminate()
    assert one.wait(60) == 0
    feed(db, *[96] * 60, first=3)
    one = trader(settings, "second")
    until(lambda: count(settings) > 8, 120)
    one.terminate()
    assert one.wait(60) == 0
    one = trader(settings, "third")
    until(lambda: count(settings) == 8 * 61, 120)
    one.terminate()
    assert one.wait(60) == 0
    counted = events(settings, "second", "turns") + events(settings, "third", "turns")
    assert sum(each["hold"] for each in counted) == 8 * 60
