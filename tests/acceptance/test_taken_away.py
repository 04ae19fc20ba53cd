"""The database taken away under running workers: they end with a clear word, and nobody trades in a new one."""

import re
import subprocess

import pytest

from db.market_data import markets
from db.sqlite.connection import connect
from db.sqlite.migrate import migrate
from runtime.clock import Clock, now_ms
from tests.backfilling import until
from tests.db_files import deleted, replaced
from tests.fleet_processes import begin, command, log_file, spelled
from tests.kit.rows import rows
from tests.kit.series import at
from tests.replayed import settings as configured
from tests.trading import MARKET, feed, high

MORE = """\
environment: simulated
supervision: { heartbeat: 0.2, lease: 1, traders: 1 }
exchanges: { binance: { base_url: "http://127.0.0.1:9/binance" } }
"""


def emptied(path):
    path.write_bytes(b"")


@pytest.fixture
def settings(tmp_path):
    """A fleet with one strategy and some candles."""
    made = configured(tmp_path, [high()], MORE)
    clock = Clock(1000 * at(4), now_ms(), 1.0)
    migrate(made.database, "simulated", clock=clock.dump(), any_filesystem=True)
    with connect(made.database, any_filesystem=True) as db:
        markets.save(db, [MARKET], 1)
        feed(db, 99, 98, 97)
    return made


@pytest.mark.parametrize("room", ["trader", "backfiller"])
@pytest.mark.parametrize(
    ("harm", "words"),
    [
        (deleted, "was deleted"),
        (replaced, "was replaced"),
        (emptied, "cut short|-wal was deleted|is not an SQLite database"),
    ],
)
def test_a_worker_whose_database_is_taken_away_ends(settings, room, harm, words):
    """With status 1 and a sentence, whatever else it waits for: here an exchange that does not answer."""
    process = begin(settings, room)
    try:
        until(lambda: rows(settings.database, "select count(*) from workers") == [(1,)], 100)
        harm(settings.database)
        assert process.wait(100) == 1
    finally:
        process.kill()
        process.wait()
    assert re.search(words, log_file(settings, room).read_text())


def test_up_ends_and_starts_nobody_in_a_new_file(settings):
    """Neither does it begin again until a person has put the database back."""
    process = subprocess.Popen(spelled(settings, "up"), stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    try:
        until(lambda: rows(settings.database, "select count(*) from workers") != [(0,)], 100)
        settings.database.unlink()
        _, errors = process.communicate(timeout=100)
    finally:
        process.kill()
        process.wait()
    assert process.returncode == 1
    assert "was deleted while it was in use" in errors
    assert not settings.database.exists()
    again = command(settings, "up")
    assert (again.returncode, "`fleet restore FILE`" in again.stderr) == (2, True)
