"""A trader at work, as a process of its own."""

import signal

import pytest

from db.market_data import markets
from db.sqlite.connection import connect
from db.sqlite.migrate import migrate
from runtime.clock import Clock, now_ms
from tests.backfilling import until
from tests.fleet_processes import begin
from tests.kit.rows import rows
from tests.kit.series import at
from tests.replayed import settings as configured
from tests.trading import MARKET, feed, high


@pytest.fixture
def trading(tmp_path):
    """A trader with one strategy that holds, and a way to write files beside it."""
    more = "environment: simulated\nsupervision: { heartbeat: 0.2, lease: 1 }\n"
    settings = configured(tmp_path, [high()], more)
    clock = Clock(1000 * at(4), now_ms(), 1.0)  # entries on the bar number 3 are in time
    migrate(settings.database, "simulated", clock=clock.dump(), any_filesystem=True)
    with connect(settings.database, any_filesystem=True) as db:
        markets.save(db, [MARKET], 1)
        feed(db, 99, 98, 97)
        process = begin(settings, "trader")
        try:
            until(lambda: rows(settings.database, "select count(*) from decisions") == [(1,)])
            yield settings, db
        finally:
            process.terminate()
            assert process.wait(60) in {0, -signal.SIGKILL}
