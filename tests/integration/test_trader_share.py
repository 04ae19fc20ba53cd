"""Replicas that share: each takes its part, gives up what is too much, and takes over what is left alone."""

import pytest

from db import leases
from runtime import clock
from tests.trading_desk import beat, desk, feed, high, opened, ring, rows

NAMES = ("a", "b", "c")


@pytest.fixture
def fleet(tmp_path):
    """Ten strategies, and a way to open a replica's desk."""
    settings, db = opened(tmp_path, *[high(f"s{number}") for number in range(10)])

    def replica(name):
        beat(db, name)
        return desk(settings, db, name, shares=True)

    yield db, replica
    db.close()


def settle(*desks):
    """Heartbeats until nothing moves."""
    for _ in range(3):
        for each in desks:
            beat(each.db, each.holder)
            each.renew()
            each.claim()


def test_one_replica_takes_all_and_gives_up_half(fleet):
    """When another joins; back again when it leaves."""
    _, replica = fleet
    first = replica("a")
    assert len(first.seats) == 10
    second = replica("b")
    assert len(second.seats) == 0
    settle(first, second)
    assert (len(first.seats), len(second.seats)) == (5, 5)
    second.release()
    first.db.read("workers_all")
    with first.db.write() as tx:
        tx.run("workers_leave", worker_id="b")
    settle(first)
    assert len(first.seats) == 10


def test_it_knows_what_it_waits_for(fleet):
    """Our part that another one still holds: it is taken as soon as it is given back, not a heartbeat later."""
    _, replica = fleet
    first, second = replica("a"), replica("b")
    assert len(second.awaited) == 5
    settle(first)
    assert second.claim() == second.seats.keys()
    assert second.awaited == set()


def test_three_replicas_are_within_one_of_each_other(fleet):
    """Ten over three, each held exactly once."""
    _, replica = fleet
    desks = [replica(name) for name in NAMES]
    settle(*desks)
    assert sorted(len(each.seats) for each in desks) == [3, 3, 4]
    assert len({strategy_id for each in desks for strategy_id in each.seats}) == 10


def test_a_dead_replica_is_replaced(fleet):
    """Its heartbeat and its leases run out; the others share what it had."""
    db, replica = fleet
    desks = [replica(name) for name in NAMES]
    settle(*desks)
    beat(db, "c", ago_ms=1_000_000)
    with db.write() as tx:
        for strategy_id in desks[2].seats:
            tx.run("leases_take", strategy_id=strategy_id, holder="c", epoch=1, expires_ms=clock.now_ms() - 1)
    settle(*desks[:2])
    assert [len(each.seats) for each in desks[:2]] == [5, 5]
    feed(db, 99, 98, 97)
    assert ring(desks[2], 2) == 0
    assert desks[2].seats == {}
    assert ring(desks[0], 2) + ring(desks[1], 2) == 10
    assert rows(db, "select count(*) from decisions") == [(10,)]


def test_a_trader_that_was_told_its_strategies_is_left_alone(tmp_path):
    """What it holds is not dealt."""
    settings, db = opened(tmp_path, *[high(f"s{number}") for number in range(4)])
    with db:
        told = desk(settings, db, "told")
        told.release()
        leases.claim(db, ["s0"], "told", clock.now_ms(), told.leasing.length_ms)
        beat(db, "a")
        one = desk(settings, db, "a", shares=True)
        assert set(one.seats) == {"s1", "s2", "s3"}


def test_a_clock_that_was_set_back_stops_nobody(fleet):
    """A lease that ends later than any could is no lease."""
    db, replica = fleet
    first = replica("a")
    with db.write() as tx:
        for strategy_id in first.seats:
            tx.run(
                "leases_take", strategy_id=strategy_id, holder="gone", epoch=7, expires_ms=clock.now_ms() + 3_600_000
            )
    first.seats.clear()
    assert len(first.claim()) == 10
    assert {seat.epoch for seat in first.seats.values()} == {8}
