"""What a fleet keeps to itself: modes of its files, texts in its database, requests that stay with their exchange."""

import os
import threading
from http.server import BaseHTTPRequestHandler, HTTPServer

import numpy as np
import pytest

from db.fleet import workers
from db.fleet.workers import Worker
from db.market_data import candles, quarantine
from db.sqlite.connection import connect
from db.sqlite.migrate import migrate
from domain.errors import Unavailable
from exchange import ccxt_exchange
from exchange.ccxt_exchange import Connection
from tests.db_files import fresh
from tests.integration.test_exchange import Freely
from tests.kit.rows import rows
from tests.kit.series import HOURLY
from tests.trading import living
from tests.unit.test_secrets import CANARY

TOLD = ("select detail from workers", "select state from series_heads", "select payload, reason from quarantine")


@pytest.mark.parametrize(("folder", "expected"), [(0o755, 0o600), (0o2775, 0o660)])
def test_files_are_their_owners(tmp_path, folder, expected):
    """The umask lets everybody read; the folder of a group makes them the group's."""
    tmp_path.chmod(folder)
    before = os.umask(0)
    try:
        with fresh(tmp_path) as db:
            workers.leave(db, "nobody")
            modes = {path.name: path.stat().st_mode & 0o777 for path in tmp_path.glob("trading.db*")}
    finally:
        os.umask(before)
    names = ("trading.db", "trading.db-wal", "trading.db-shm", "trading.db.lock")
    assert {name: modes[name] for name in names} == dict.fromkeys(names, expected)


def test_a_mode_that_a_person_has_set_stays(tmp_path):
    """Only new files are made so."""
    fresh(tmp_path).close()
    (tmp_path / "trading.db").chmod(0o640)
    migrate(tmp_path / "trading.db", "real", any_filesystem=True)
    assert (tmp_path / "trading.db").stat().st_mode & 0o777 == 0o640


def test_no_secret_reaches_the_database(tmp_path):
    """Heartbeats, states of series, quarantined rows."""
    with fresh(tmp_path) as db:
        told = {
            "exchanges": {"binance": f"Bearer {CANARY}"},
            "configuration": f"password: {CANARY}",
            "headers": [CANARY],
        }
        living(db, Worker(worker_id="w", room="trader", host="h", pid=1, started_ms=1, detail=told), 1)
        candles.set_state(db, HOURLY, f"GET https://me:{CANARY}@api.test/?a={CANARY}")
        quarantine.add(db, HOURLY, [(f"['apiKey={CANARY}']", f"token={CANARY}")], 1)
    with connect(tmp_path / "trading.db", any_filesystem=True) as db:
        told = [[*row] for sql in TOLD for row in rows(db, sql)]
        dump = str(told)
    assert "api.test" in dump
    assert "canary" not in dump


class Elsewhere(BaseHTTPRequestHandler):
    """Redirects whatever is asked to `target`, and keeps what was asked."""

    target, asked = "", []

    def do_GET(self):
        """One request."""
        self.asked.append(self.path)
        self.send_response(302 if self.target else 200)
        if self.target:
            self.send_header("Location", self.target)
        self.end_headers()

    def log_message(self, *_):
        """Silence."""


@pytest.fixture
def servers():
    """Two servers on this machine: the first redirects to where a test says, the second answers."""
    made = [HTTPServer(("127.0.0.1", 0), type(name, (Elsewhere,), {"asked": []})) for name in ("First", "Second")]
    for server in made:
        threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
    yield made
    for server in made:
        server.shutdown()
        server.server_close()


@pytest.mark.parametrize("path", ["/x?key=1", "//{}/x", "http://{}/x"])
def test_a_redirect_is_not_followed_elsewhere(servers, path):
    """Another port is elsewhere; the header with the key does not arrive. At home it is followed a few times only."""
    first, second = (f"127.0.0.1:{server.server_port}" for server in servers)
    servers[0].RequestHandlerClass.target = path.format(second)
    reached = ccxt_exchange.connect("binance", Freely(), Connection(base_url=f"http://{first}", timeout=5))
    with pytest.raises(Unavailable):
        reached.now_ms()
    reached.close()
    assert servers[1].RequestHandlerClass.asked == []
    assert len(servers[0].RequestHandlerClass.asked) <= 4


def test_no_row_of_many_brings_a_secret_into_the_database(tmp_path):
    """By name, row for row; what goes in as a table holds numbers only, and a tuple has no names."""
    row = {"exchange": "binance", "until_ms": 1, "now_ms": 1, "void_ms": 1, "reason": f"Bearer {CANARY}"}
    with fresh(tmp_path) as db:
        with db.write() as tx:
            tx.run_many("budgets_pause", [row, row | {"exchange": "kraken"}])
            with pytest.raises(AttributeError):
                tx.run_many("budgets_pause", [tuple(row.values())])
            for texts in (np.array([[f"Bearer {CANARY}"]]), np.array([[CANARY]], dtype=object)):
                with pytest.raises(TypeError, match="may hold texts"):
                    tx.insert_rows("candles_insert", ("binance", "A/B", "1h", 0), texts)
        paused = rows(db, "select pause_reason from budgets")
    assert paused == [("Bearer ***",)] * 2
    assert not any(b"canary" in file.read_bytes() for file in tmp_path.iterdir())
