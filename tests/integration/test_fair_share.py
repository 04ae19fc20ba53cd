"""Replicas that share: each takes its part, gives up what is too much, and takes over what is left alone."""

import pytest

from db.fleet import leases, workers
from db.fleet.leases import Kind
from runtime import clock
from tests.kit.rows import rows
from tests.trading import assigned, beat, feed, high, opened, ring

NAMES = ("a", "b", "c")


@pytest.fixture
def fleet(tmp_path):
    """Ten strategies, and a way to open a replica's trader."""
    settings, db = opened(tmp_path, *[high(f"s{number}") for number in range(10)])

    def replica(name):
        beat(db, name)
        return assigned(settings, db, name, shares=True)

    yield db, replica
    db.close()


def settle(*traders):
    """Heartbeats until nothing moves."""
    for _ in range(3):
        for each in traders:
            beat(each.db, each.holder)
            each.renew()
            each.claim()


def test_one_replica_takes_all_and_gives_up_half(fleet):
    """When another joins; back again when it leaves."""
    _, replica = fleet
    first = replica("a")
    assert len(first.active) == 10
    second = replica("b")
    assert len(second.active) == 0
    settle(first, second)
    assert (len(first.active), len(second.active)) == (5, 5)
    second.release()
    first.db.read("workers_all")
    workers.leave(first.db, "b")
    settle(first)
    assert len(first.active) == 10


def test_it_knows_what_it_waits_for(fleet):
    """Our part that another one still holds: it is taken as soon as it is given back, not a heartbeat later."""
    _, replica = fleet
    first, second = replica("a"), replica("b")
    assert len(second.awaited) == 5
    settle(first)
    assert second.claim() == second.active.keys()
    assert second.awaited == set()


def test_three_replicas_are_within_one_of_each_other(fleet):
    """Ten over three, each held exactly once."""
    _, replica = fleet
    traders = [replica(name) for name in NAMES]
    settle(*traders)
    assert sorted(len(each.active) for each in traders) == [3, 3, 4]
    assert len({strategy_id for each in traders for strategy_id in each.active}) == 10


def test_a_dead_replica_is_replaced(fleet):
    """Its heartbeat and its leases run out; the others share what it had."""
    db, replica = fleet
    traders = [replica(name) for name in NAMES]
    settle(*traders)
    beat(db, "c", ago_ms=1_000_000)
    settle(*traders[:2])
    assert [len(each.active) for each in traders[:2]] == [5, 5]
    feed(db, 99, 98, 97)
    assert ring(traders[2], 2) == 0
    assert traders[2].active == {}
    assert ring(traders[0], 2) + ring(traders[1], 2) == 10
    assert rows(db, "select count(*) from decisions") == [(10,)]


def test_a_trader_that_was_told_its_strategies_is_left_alone(tmp_path):
    """What it holds is not dealt."""
    settings, db = opened(tmp_path, *[high(f"s{number}") for number in range(4)])
    with db:
        told = assigned(settings, db, "told")
        told.release()
        leases.claim(db, Kind.STRATEGY, ["s0"], "told", clock.now_ms(), told.leasing.length_ms)
        beat(db, "a")
        one = assigned(settings, db, "a", shares=True)
        assert set(one.active) == {"s1", "s2", "s3"}


def test_a_clock_that_was_set_back_stops_nobody(fleet):
    """A life that ends later than any can is none."""
    db, replica = fleet
    first = replica("a")
    beat(db, "gone", ago_ms=-3_000_000)
    with db.write() as tx:
        for strategy_id in first.active:
            tx.run("claims_take", kind=Kind.STRATEGY, claim=strategy_id, holder="gone", epoch=7)
    first.active.clear()
    assert len(first.claim()) == 10
    assert {active.epoch for active in first.active.values()} == {8}
