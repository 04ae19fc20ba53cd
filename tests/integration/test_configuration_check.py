"""A backfiller whose files are not those that the traders of its database have registered says so."""

from dataclasses import replace

import pytest
from structlog.testing import capture_logs

from backfiller import configuration_check
from backfiller.configuration_check import ConfigurationCheck
from db.fleet import configurations, workers
from db.fleet.configurations import Agreed
from db.fleet.workers import Worker
from db.sqlite.connection import connect
from db.trading.registration import register
from runtime import agreement, clock
from runtime.reload import Configuration
from tests.backfilling import fixed, fleet, following, simulator, until
from tests.replayed import settings as configured
from tests.trading import high, living, opened


@pytest.fixture
def room(tmp_path):
    """The files of the traders, the database, and a comparison with a backfiller's other files."""
    theirs, db = opened(tmp_path / "theirs", high("one"))
    with db:
        mine = configured(tmp_path / "mine", [high("two")], "supervision: { lease: 600 }\n")
        yield theirs, db, ConfigurationCheck(db=db, configuration=fixed(mine))


def traded(db, settings):
    """A trader that lives has registered these files."""
    told = Agreed(agreement.digest(db, settings), "elsewhere", 1)
    register(db, agreement.registrations(settings), 1, agreed=told)
    trader = Worker(worker_id="t", room="trader", host="h", pid=1, started_ms=1, detail={"digest": told.digest})
    living(db, trader, clock.now_ms())
    return trader


def later(monkeypatch):
    """Longer than a lease has passed on the clock that nobody sets."""
    now = clock.steady_ms() + 10**6
    monkeypatch.setattr(configuration_check.clock, "steady_ms", lambda: now)


def test_it_is_said_once_it_has_lasted(room, monkeypatch):
    """In the log once, and in what the heartbeat tells until they agree."""
    theirs, db, made = room
    traded(db, theirs)
    with capture_logs() as told:
        for _ in range(2):
            made.run()
        assert (made.heartbeat_detail, told) == ({}, [])
        later(monkeypatch)
        for _ in range(3):
            made.run()
    assert [line["event"] for line in told if line["log_level"] == "error"] == ["configuration_differs"]
    assert "registered by elsewhere on 1970-01-01 00:00:00" in made.heartbeat_detail["configuration"]
    made.configuration.current = (theirs, {})
    made.run()
    assert made.heartbeat_detail == {}


def test_the_files_are_read_once_more_first(room):
    """They may be the same by now, under a time and size that have not changed."""
    theirs, db, made = room
    traded(db, theirs)
    mine = made.configuration.current[0]
    found = [replace(theirs, database=mine.database), mine]
    made.configuration = Configuration(lambda: (found.pop(), {}))
    made.run()
    assert made.configuration.reload_if_changed()
    made.run()
    assert (made.heartbeat_detail, found) == ({}, [])


def test_a_change_that_the_traders_read_a_little_later_is_none(room, monkeypatch):
    """The backfiller happened to read it first."""
    theirs, db, made = room
    traded(db, theirs)
    made.run()
    traded(db, made.configuration.current[0])
    later(monkeypatch)
    made.run()
    assert made.heartbeat_detail == {}


def test_files_that_nobody_follows_do_not_count(room, monkeypatch):
    """No trader lives that has read them: the next one that starts registers its own."""
    theirs, db, made = room
    workers.leave(db, traded(db, theirs).worker_id)
    for _ in range(2):
        made.run()
        later(monkeypatch)
    assert (made.heartbeat_detail, configurations.agreed(db).host) == ({}, "elsewhere")


def test_it_stands_in_the_heartbeat_of_a_backfiller_that_runs(tmp_path):
    """Beside what else it tells; candles come all the same."""
    with simulator() as running:
        settings = fleet(tmp_path / "mine", running, "binance BTC/USDT 1h 30")
        theirs = configured(tmp_path, [high("one")])
        with connect(settings.database, any_filesystem=True) as db, following(settings):
            trader = traded(db, theirs)

            def told():
                living(db, trader, clock.now_ms())
                return [each.detail for each in workers.workers(db) if "configuration" in each.detail]

            until(told)
            assert "registered by elsewhere" in told()[0]["configuration"]
            until(lambda: [each["candles"] for each in told()] == [30])
