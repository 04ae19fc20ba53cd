"""Workers: who has told lately that it lives, and who is forgotten."""

from dataclasses import replace

import pytest

from db.fleet import workers
from db.fleet.workers import Worker
from db.sqlite.connection import connect
from db.sqlite.migrate import migrate
from tests.kit.rows import rows
from tests.trading import living

NOW = 1_800_000_000_000
LENGTH = 6_000
HOUR = 3_600_000  # milliseconds


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


def test_of_whatever_room_they_live_as_far_as_seen_for_fifteen_seconds(db):
    """Whatever their lives last; by a clock that may have been set since."""
    for name, ago_ms in (("now", 0), ("just", 14_999), ("ahead", -14_999), ("dead", 15_000), ("far", -15_000)):
        beat(db, name, ago_ms)
    beat(db, "other", room="backfiller")
    assert {each.worker_id for each in workers.living(db, NOW)} == {"now", "just", "ahead", "other"}


def test_what_a_worker_tells_comes_back(db):
    """Its detail is JSON in the file."""
    beat(db, "one")
    beat(db, "one")
    assert [(each.worker_id, each.detail, each.beat_ms) for each in workers.workers(db)] == [
        ("one", {"shares": True}, NOW)
    ]


def test_workers_are_told_as_they_began(db):
    """All that each has said of itself, by room, then by age, then by name; and in the view that people read."""
    first = Worker(worker_id="b", room="backfiller", host="h", pid=2, started_ms=3, place="p", container="c", birth=4)
    later = replace(first, worker_id="a", started_ms=5)
    twin, trader = replace(later, worker_id="z"), replace(first, worker_id="0", room="trader")
    for each in (trader, twin, later, first):
        workers.begin(db, each, NOW, LENGTH)
    expected = [replace(each, beat_ms=NOW) for each in (first, later, twin, trader)]
    assert workers.workers(db) == expected
    assert workers.alive(db, "trader", NOW, LENGTH) == expected[3:]
    view = rows(db, "select worker_id, room, host, pid, started_ms, beat_ms, detail from workers where worker_id = 'b'")
    assert view == [("b", "backfiller", "h", 2, 3, NOW, "{}")]


def test_a_heartbeat_tells_anew_and_of_one_alone(db):
    """What it holds lasts longer from then on; another worker lives no longer for it."""
    beat(db, "one")
    beat(db, "two")
    later = Worker(worker_id="one", room="trader", host="here", pid=1, started_ms=NOW, detail={"shares": False})
    assert workers.beat(db, later, NOW + 1, LENGTH)
    found = rows(db, "select holder, beat_ms, expires_ms, detail from holders order by holder")
    assert [row[:2] for row in found] == [("one", NOW + 1), ("two", NOW)]
    assert (found[0][2:], found[1][3]) == ((NOW + 1 + LENGTH, '{"shares": false}'), '{"shares": true}')


def test_the_dead_are_forgotten(db):
    """An hour after they fell silent, at somebody's next heartbeat; who leaves is gone at once."""
    beat(db, "dead", HOUR + 1)
    beat(db, "silent", HOUR)
    beat(db, "one")
    assert {each.worker_id for each in workers.workers(db)} == {"silent", "one"}
    workers.leave(db, "one")
    assert [each.worker_id for each in workers.workers(db)] == ["silent"]
