"""What happened to rights stands in the database, written in the transaction in which it happened."""

import json

import pytest

from db.fleet import controls, workers
from db.sqlite.connection import connect
from db.trading import registration as store
from db.trading import retention, strategies
from fleet import cli
from runtime import clock
from runtime.agreement import registrations
from tests.fleet_processes import command
from tests.kit.rows import rows
from tests.replayed import settings as configured
from tests.trading import assigned, feed, high, opened, ring, run_out

EVENTS = "select code, subject, holder, epoch from events order by event_id"


@pytest.fixture
def room(tmp_path):
    """A trader that acts for one strategy, with a bar on which it enters."""
    settings, db = opened(tmp_path, high())
    with db:
        feed(db, 99, 98, 101)
        yield settings, db, assigned(settings, db)


def test_a_write_that_is_refused_leaves_the_event_and_nothing_else(room):
    """The other one has taken over: both are said, each once."""
    settings, db, first = room
    run_out(db, "first")
    with connect(settings.database, any_filesystem=True) as other:
        assigned(settings, other, "second")
    assert ring(first, 2) == 0
    assert rows(db, EVENTS) == [("taken_over", "one", "second", 2), ("fenced", "one", "first", 1)]
    assert rows(db, "select count(*) from decisions") == [(0,)]


def test_a_write_for_an_id_that_is_gone_is_refused(room):
    """Somebody has given the strategy another one while the trader slept beyond its life."""
    _, db, first = room
    run_out(db, "first")
    strategies.rename(db, "one", "old", clock.now_ms())
    assert ring(first, 2) == 0
    assert rows(db, EVENTS) == [("fenced", "one", "first", 1)]
    assert first.active == {}


def test_what_was_lost_is_said_by_who_lost_it(room):
    """At its next heartbeat."""
    _, db, first = room
    workers.end(db, ["first"])
    first.renew()
    assert first.active == {}
    ((code, subject, holder, epoch),) = rows(db, EVENTS)
    assert (code, subject, epoch) == ("lost", "one", 1)
    assert holder == first.holder != "first"


def test_a_turn_under_another_configuration_is_refused(room, tmp_path):
    """Somebody else has registered another one."""
    _, db, first = room
    other = configured(tmp_path / "other", [high().replace("close > 100", "close > 50")])
    store.register(db, registrations(other), 1)
    assert ring(first, 2) == 0
    assert rows(db, EVENTS) == [("refused", "one", "first", 1)]


def test_the_kill_switch_says_when_it_was_turned_on_and_what_it_refused(room):
    """The entry is recorded as blocked, and the event beside it."""
    settings, db, first = room
    where = ("--config", str(settings.directory), "--database", str(settings.database))
    assert cli.main(["kill-switch", *where, "on", "--reason", "news"]) == 0
    assert ring(first, 2) == 1
    assert rows(db, EVENTS) == [("halted", "fleet", None, None), ("halted", "one", "first", 1)]
    assert rows(db, "select text from events")[0] == ("the kill switch was turned on: news",)


def test_a_person_reads_them_and_they_grow_old(room):
    """`fleet sql events`: newest first. As old as decisions may become, but a day at least."""
    settings, db, _ = room
    now = clock.now_ms()
    for number in range(2):
        controls.mirror(db, f"reason {number}", now + number)
    shown = json.loads(command(settings, "sql", "--format", "json", "events").stdout)
    assert [each["text"] for each in shown] == [f"the kill switch was turned on: reason {each}" for each in (1, 0)]
    day = 86_400_000
    assert [retention.forget_events(db, now + ms, days) for ms, days in ((day, 0), (2 * day, 2), (day + 1, 0))] == [
        0, 0, 1,
    ]  # fmt: skip
    assert rows(db, "select text from events") == [("the kill switch was turned on: reason 1",)]
