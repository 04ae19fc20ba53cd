"""Workers: who has told lately that it lives, and who is forgotten."""

import pytest

from db.fleet import workers
from db.fleet.workers import SILENT, Worker
from db.sqlite.connection import connect
from db.sqlite.migrate import migrate
from tests.trading import living

NOW = 1_800_000_000_000
LENGTH = 6_000


@pytest.fixture
def db(tmp_path):
    """A new database."""
    migrate(tmp_path / "trading.db", "simulated", any_filesystem=True)
    with connect(tmp_path / "trading.db", any_filesystem=True) as found:
        yield found


def beat(db, name, ago_ms=0, room="trader"):
    """A worker has told that it lives."""
    who = Worker(worker_id=name, room=room, host="here", pid=1, started_ms=NOW, detail={"shares": True})
    living(db, who, NOW - ago_ms)


def test_the_living_are_those_who_told_lately(db):
    """Of one room; a moment ahead counts too: somebody has set the clock back."""
    for name, ago_ms in (("now", 0), ("just", LENGTH - 1), ("ahead", 1 - LENGTH), ("dead", LENGTH), ("far", -LENGTH)):
        beat(db, name, ago_ms)
    beat(db, "other", room="backfiller")
    assert [each.worker_id for each in workers.alive(db, "trader", NOW, LENGTH)] == ["ahead", "just", "now"]


def test_what_a_worker_tells_comes_back(db):
    """Its detail is JSON in the file."""
    beat(db, "one")
    beat(db, "one")
    assert [(each.worker_id, each.detail, each.beat_ms) for each in workers.workers(db)] == [
        ("one", {"shares": True}, NOW)
    ]


def test_the_dead_are_forgotten(db):
    """An hour after they fell silent, at somebody's next heartbeat; who leaves is gone at once."""
    beat(db, "dead", SILENT + 1)
    beat(db, "silent", SILENT)
    beat(db, "one")
    assert {each.worker_id for each in workers.workers(db)} == {"silent", "one"}
    workers.leave(db, "one")
    assert [each.worker_id for each in workers.workers(db)] == ["silent"]
