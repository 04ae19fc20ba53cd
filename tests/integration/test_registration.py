"""Registering: one strategy's trouble costs that one, only what differs is written, ids and runs are never mixed up."""

import pytest

from db.fleet import leases
from db.fleet.leases import Kind
from db.fleet.workers import Worker
from db.sqlite.connection import connect
from db.trading import registration, strategies
from domain import semantics
from domain.errors import ConfigError
from fleet import database_changes
from runtime.agreement import registrations
from tests.kit.rows import change, changes, rows
from tests.kit.series import at
from tests.replayed import settings as configured
from tests.trading import assigned, feed, high, living, opened, ring
from trader.registration import register as register_all

LATER = 1 << 50  # milliseconds: every lease has run out


@pytest.fixture
def room(tmp_path):
    """Two strategies that are registered."""
    settings, db = opened(tmp_path, high("one"), high("two"))
    with db:
        register_all(db, settings, 1)
        yield tmp_path, db


def register(db, settings, now_ms=2):
    """What a process does when it has read these."""
    return registration.register(db, registrations(settings), now_ms)


def configurations(db):
    """How each strategy is registered now: run and capital."""
    return rows(db, "select run_id, capital from strategies order by strategy_id")


def test_another_identity_costs_that_strategy(room):
    """Once it has decided something; the others are registered with what they have to say."""
    folder, db = room
    feed(db, 99, 98)
    ring(assigned(configured(folder, [high("one"), high("two")]), db), 1)
    files = [high("one").replace("BTC/USDT", "ETH/USDT"), high("two").replace("capital: 1000", "capital: 1500")]
    troubles = register(db, configured(folder, files))
    assert list(troubles) == ["one"]
    assert "fleet rename one one-old" in troubles["one"]
    assert f"{folder}/config/strategies/0.yaml:1: one: symbol was BTC/USDT, is ETH/USDT" in troubles["one"]
    assert configurations(db) == [("one.1", 1000), ("two.2", 1500)]


def test_a_withdrawal_larger_than_the_cash_costs_that_strategy(room):
    """What is bound in a position cannot be taken out."""
    folder, db = room
    with db.write() as tx:
        tx.run("positions_deposit", strategy_id="one", cash=10.0)
    poorer = [high(name).replace("capital: 1000", "capital: 900") for name in ("one", "two")]
    assert "out of 10" in register(db, configured(folder, poorer))["one"]
    assert configurations(db) == [("one.1", 1000), ("two.2", 900)]


@pytest.mark.parametrize(("cash", "left"), [(100.0, 0.0), (100.5, 0.5)])
def test_the_whole_cash_may_be_withdrawn(room, cash, left):
    """To the last cent."""
    folder, db = room
    with db.write() as tx:
        tx.run("positions_deposit", strategy_id="one", cash=cash)
    assert register(db, configured(folder, [high("one").replace("capital: 1000", "capital: 900")])) == {}
    assert rows(db, "select cash from positions where strategy_id = 'one'") == [(left,)]


def test_a_rule_of_the_schema_costs_that_strategy(room):
    """What the schema refuses, whatever it is, undoes one registration."""
    folder, db = room
    found = {each.strategy_id: each for each in registrations(configured(folder, [high("one"), high("three")]))}
    object.__setattr__(found["three"], "mode", "barter")
    assert "rule of the schema" in registration.register(db, list(found.values()), 2)["three"]
    assert rows(db, "select strategy_id, enabled from strategies order by 1") == [("one", 1), ("two", 0)]


def test_nothing_is_written_where_nothing_differs(room):
    """No lock is taken either: somebody else may hold it for as long as he likes."""
    folder, db = room
    settings = configured(folder, [high("one"), high("two")])
    with connect(db.path, any_filesystem=True) as other, other.write():
        assert register(db, settings) == {}


def test_a_complaint_that_stands_is_told_without_the_lock(room):
    """What does not fit is found at every look at the files; it is written down once."""
    folder, db = room
    feed(db, 99, 98)
    ring(assigned(configured(folder, [high("one"), high("two")]), db), 1)
    moved = configured(folder, [high("one").replace("BTC/USDT", "ETH/USDT"), high("two")])
    told = register(db, moved)
    with connect(db.path, any_filesystem=True) as other, other.write():
        assert register(db, moved) == told != {}
    assert rows(db, "select strategy_id from strategies where state_reason is not null") == [("one",)]


def test_only_what_differs_is_written(room):
    """One changed file among many."""
    folder, db = room
    before = changes(db)
    assert register(db, configured(folder, [high("one"), high("two").replace("1000", "1500")])) == {}
    assert changes(db) - before == 6  # cash, run, strategy, the totals of both, that some changed


FEES = {
    "costs: { taker: 0.0015 }": 2,
    "costs: { maker: 0.0005 }": 2,
    "min_cost: 7": 2,
    "costs: { slippage_bps: 6 }": 2,
    "costs: { taker: 0.001 }": 1,
    "costs: { taker: 0.00100 }": 1,
    "rate: 3": 1,
}


@pytest.mark.parametrize("said", FEES)
def test_changed_costs_open_a_run(room, said):
    """What a run costs belongs to it; the same costs written down, and what costs nothing, do not."""
    folder, db = room
    more = f"exchanges: {{ binance: {{ {said} }} }}\n"
    assert register(db, configured(folder, [high("one"), high("two")], more)) == {}
    assert [row[0] for row in configurations(db)] == [f"{one}.{FEES[said]}" for one in ("one", "two")]


def test_other_rules_open_a_run(room, monkeypatch):
    """A release that computes something differently mixes no two definitions in one run."""
    folder, db = room
    settings = configured(folder, [high("one"), high("two")])
    monkeypatch.setattr("config.settings.RULES", semantics.RULES + 1)
    register(db, settings)
    assert configurations(db) == [("one.2", 1000), ("two.2", 1000)]
    assert register(db, settings) == {}
    assert configurations(db) == [("one.2", 1000), ("two.2", 1000)]


def test_a_freed_id_starts_after_what_was_decided_under_it(tmp_path):
    """Run ids and order ids of the one before are never met again: the next candle is decided, under a new run."""
    settings, db = opened(tmp_path, high("one"))
    with db:
        made = assigned(settings, db)
        feed(db, 99, 101)
        ring(made, 1)
        made.release()
        strategies.rename(db, "one", "old", LATER)
        made = assigned(settings, db, "second")
        assert ring(made, 1) == 0
        feed(db, 102, first=2)
        assert ring(made, 2) == 1
        found = rows(db, "select strategy_id, run_id, action from decisions order by timestamp")
        assert found == [("old", "one.1", "enter"), ("one", "one.2", "enter")]
        assert rows(db, "select count(*) from trades") == [(2,)]


def test_a_freed_id_on_a_series_that_has_gone_on_starts_with_the_newest(tmp_path):
    """What has come since was nobody's to decide; where nothing newer came, or nothing at all is stored, it waits."""
    settings, db = opened(tmp_path, high("one"))
    with db:
        made = assigned(settings, db)
        feed(db, 99, 101)
        ring(made, 1)
        made.release()
        strategies.rename(db, "one", "old", LATER)
        feed(db, 99, 99, 99, first=2)
        made = assigned(settings, db, "second")
        assert ring(made, 4) == 1
        assert rows(db, "select timestamp from decisions where strategy_id = 'one'") == [(at(4),)]
        made.release()
        strategies.rename(db, "one", "older", LATER)
        register_all(db, configured(tmp_path, [high("one").replace("BTC/USDT", "ETH/USDT")]), 3)
        assert rows(db, "select decided_timestamp from strategy_totals where strategy_id = 'one'") == [(at(4),)]


def test_a_freed_id_keeps_the_newest_of_its_marks(room):
    """Whoever had it last may have decided less; and who takes such an id goes on after what was decided under it."""
    _, db = room
    marks = "select strategy_id, decided_timestamp from freed_ids order by 1"
    for mark, new in ((50, "first"), (40, "second")):
        change(db, "update strategy_totals set decided_timestamp = ? where strategy_id = 'one'", (mark,))
        strategies.rename(db, "one", new, LATER)
        register_all(db, configured(room[0], [high("one"), high("two")]), 3)
    assert rows(db, marks) == [("one", 50)]
    strategies.rename(db, "one", "third", LATER)
    for old, mark in (("two", None), ("first", 60), ("second", 40)):
        change(db, "update strategy_totals set decided_timestamp = ? where strategy_id = ?", (mark, old))
        strategies.rename(db, old, "one", LATER)
        assert rows(db, "select decided_timestamp from strategy_totals where strategy_id = 'one'") == [
            (max(mark or 0, 50 if old != "second" else 60),)
        ]
        strategies.rename(db, "one", f"{old}-again", LATER)


def test_an_id_that_is_freed_twice_numbers_on(tmp_path):
    """Whoever has the runs by now."""
    settings, db = opened(tmp_path, high("one"))
    with db:
        for number, name in enumerate(("first", "second"), 1):
            register_all(db, settings, number)
            strategies.rename(db, "one", name, LATER)
        register_all(db, settings, 3)
        found = rows(db, "select strategy_id, run_id from runs order by run_id")
        assert found == [("first", "one.1"), ("second", "one.2"), ("one", "one.3")]


def test_an_unknown_strategy_is_not_renamed_and_a_known_id_is_not_taken(room):
    """Both are told; nothing has changed."""
    _, db = room
    for old, new, told in (("ona", "new", "did you mean one"), ("one", "two", "two is taken")):
        with pytest.raises(ConfigError, match=told):
            strategies.rename(db, old, new, LATER)
    assert configurations(db) == [("one.1", 1000), ("two.1", 1000)]


def test_what_a_person_ordered_goes_with_the_strategy(room):
    """A stop of the one before does not stop the next holder of its id."""
    _, db = room
    with db.write() as tx:
        tx.run("controls_write", scope="one", level="stop", reason="news", now_ms=1)
    strategies.rename(db, "one", "old", LATER)
    assert rows(db, "select scope from controls") == [("old",)]


def test_a_strategy_that_is_traded_is_not_renamed(room):
    """Its trader would go on under an id that is nobody's: refused, with what to do."""
    _, db = room
    living(db, Worker(worker_id="trader-1", room="trader", host="here", pid=1, started_ms=1), 1000, 6000)
    leases.claim(db, Kind.STRATEGY, ["one"], "trader-1", 1000, 6000)
    with pytest.raises(ConfigError, match=r"traded by trader-1.*fleet stop one"):
        strategies.rename(db, "one", "old", 2000)


@pytest.mark.parametrize("name", ["x/../../y", "", "A", "one/exit"])
def test_a_new_id_is_one_that_a_file_could_have(name):
    """It stands in file names and in SQL."""
    with pytest.raises(ConfigError, match="is no id"):
        database_changes._an_id(name)
