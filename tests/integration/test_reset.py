"""`fleet reset`: the old life stands apart, the new one begins with the next candle, also beside a trader."""

import json

import pytest

from db.fleet import controls, leases
from db.fleet.controls import Level
from db.fleet.leases import Kind
from db.trading import resetting
from db.trading.recording import Clocks, record
from domain.errors import ConfigError, Rejected
from domain.turns import Outcome
from fleet import cli
from runtime import clock
from tests.kit.rows import change, rows
from tests.trading import actions, assigned, balanced, feed, high, look, opened, ring
from trader.turn import turn_of

TABLES = ("decisions", "trades", "orders", "equity", "runs", "run_totals", "strategy_totals", "positions")


@pytest.fixture
def room(tmp_path):
    """A trader whose strategy has bought and sold: the bars 1 to 3 are decided."""
    settings, db = opened(tmp_path, high())
    with db:
        feed(db, 99, 98)
        made = assigned(settings, db)
        ring(made, 1)
        for number, close in ((2, 101), (3, 99)):
            feed(db, close, first=number)
            ring(made, number)
        yield settings, db, made


def taken_again(made):
    """What a trader does at its heartbeat: the new lease is not its own until it has taken it."""
    made.renew()
    made.claim()


def test_the_old_life_stands_apart_and_the_new_one_has_its_capital(room):
    """All rows of it, whole, under another id, removed; the books of both balance."""
    _, db, _ = room
    before = {table: rows(db, f"select count(*) from {table}") for table in TABLES}
    kept = rows(db, "select cash, qty, realised_pnl from positions")
    (worth,) = rows(db, "select equity from strategy_performance")[0]
    assert resetting.reset(db, "one", 7) == "one~1"
    for table in TABLES[:4]:
        assert rows(db, f"select distinct strategy_id from {table}") == [("one~1",)]
        assert rows(db, f"select count(*) from {table}") == before[table]
    assert rows(db, "select cash, qty, realised_pnl from positions where strategy_id = 'one~1'") == kept
    assert rows(db, "select cash, qty, realised_pnl, round_trip from positions where strategy_id = 'one'") == [
        (1000, 0, 0, 0)
    ]
    found = rows(db, "select strategy_id, enabled, round_trips, equity from strategy_performance order by 1")
    assert found == [("one", 1, 0, 1000), ("one~1", 0, 1, worth)]
    assert rows(db, "select run_id, strategy_id, started_ms from runs where started_ms = 7") == [("one.2", "one", 7)]
    assert rows(db, "pragma foreign_key_check") == []


def test_a_trader_goes_on_with_the_next_candle(room):
    """It takes the lease at its heartbeat; nothing is decided twice, and the new one trades under its own run."""
    _, db, made = room
    resetting.reset(db, "one", 7)
    taken_again(made)
    assert ring(made, 3) == 0
    feed(db, 102, first=4)
    assert ring(made, 4) == 1
    feed(db, 98, first=5)
    assert ring(made, 5) == 1
    assert actions(db, "one") == ["enter", "exit"]
    assert rows(db, "select timestamp from decisions group by timestamp having count(*) > 1") == []
    assert rows(db, "select distinct run_id from decisions where strategy_id = 'one'") == [("one.2",)]
    assert balanced(db)


def test_what_was_on_its_way_for_the_old_one_is_refused(room):
    """A turn of before is nobody's; the trader that would go on with it lets the strategy go until its heartbeat."""
    _, db, made = room
    late = turn_of(made, made.active["one"], ())
    resetting.reset(db, "one", 7)
    assert record(db, [late], Clocks(clock.now_ms)) == {"one": Outcome.LEASE_LOST}
    feed(db, 103, first=4)
    assert ring(made, 4) == 0
    assert "one" not in made.active
    assert actions(db, "one") == []
    taken_again(made)
    assert ring(made, 4) == 1
    assert actions(db, "one") == ["enter"]


def test_the_epoch_grows(room):
    """Whoever takes the new one has a right that nobody had before, and nobody acts for the old one."""
    _, db, made = room
    before = rows(db, "select epoch from leases")[0][0]
    resetting.reset(db, "one", 7)
    assert leases.held(db, Kind.STRATEGY, clock.now_ms(), 600_000) == {}
    taken_again(made)
    assert rows(db, "select strategy_id, holder from leases") == [("one", made.holder)]
    assert rows(db, "select epoch from leases")[0][0] > before


def test_one_that_holds_something_is_not_reset(room):
    """What it holds would be nobody's: it is told how to sell first, and nothing changes."""
    _, db, made = room
    feed(db, 102, first=4)
    ring(made, 4)
    with pytest.raises(Rejected, match="fleet exit one"):
        resetting.reset(db, "one", 7)
    assert rows(db, "select strategy_id from strategies") == [("one",)]
    assert ring(made, 4) == 0


def test_once_more_keeps_both(room):
    """~1 is the older one; repeated at once it does nothing."""
    _, db, made = room
    assert resetting.reset(db, "one", 7) == "one~1"
    assert resetting.reset(db, "one", 8) is None
    taken_again(made)
    feed(db, 98, first=4)
    ring(made, 4)
    assert resetting.reset(db, "one", 9) == "one~2"
    assert rows(db, "select strategy_id, run_id from runs order by run_id") == [
        ("one~1", "one.1"), ("one~2", "one.2"), ("one", "one.3"),
    ]  # fmt: skip


def test_while_nobody_trades_it_begins_with_the_newest_candle(room):
    """As one that was never seen does: what came in meanwhile was nobody's."""
    _, db, made = room
    made.release()
    feed(db, 98, 97, 96, first=4)
    resetting.reset(db, "one", 7)
    taken_again(made)
    assert ring(made, 6) == 1
    assert rows(db, "select count(*) from decisions where strategy_id = 'one'") == [(1,)]


def test_what_keeps_it_from_trading_stays(room):
    """A pause, and that it was disabled."""
    _, db, made = room
    controls.put(db, ["one"], [Level.PAUSE], "news", 1)
    change(db, "update strategies set state = 'disabled', state_reason = 'it raised'")
    resetting.reset(db, "one", 7)
    assert rows(db, "select state, state_reason from strategies where strategy_id = 'one'") == [
        ("disabled", "it raised")
    ]
    assert controls.load(db)["one"].level is Level.PAUSE
    look(made, 3)
    assert "one" not in made.active


def test_one_that_has_decided_nothing_has_no_history(tmp_path):
    """It stays as it is; after its first decision it has one."""
    settings, db = opened(tmp_path, high())
    with db:
        made = assigned(settings, db)
        assert resetting.reset(db, "one", 7) is None
        assert rows(db, "select strategy_id, run_id from strategies") == [("one", "one.1")]
        feed(db, 99, 98)
        assert ring(made, 1) == 1
        assert resetting.reset(db, "one", 7) == "one~1"


def test_only_what_is_configured_begins_anew(room):
    """Not one whose file is gone, nor what is kept of a life before."""
    _, db, _ = room
    resetting.reset(db, "one", 7)
    with pytest.raises(ConfigError, match="is removed"):
        resetting.reset(db, "one~1", 8)


def test_the_verb_says_where_the_history_is(room, capfd):
    """And what reads it; an unknown id is told the nearest."""
    settings, _, _ = room
    where = ["--config", str(settings.directory), "--database", str(settings.database)]
    capfd.readouterr()
    assert cli.main(["reset", "one", *where]) == 0
    assert "fleet trades one~1" in capfd.readouterr().out
    assert cli.main(["trades", "one~1", "--format", "json", *where]) == 0
    assert [row["exit_code"] for row in json.loads(capfd.readouterr().out)] == ["exit_signal"]
    assert cli.main(["reset", "onne", *where]) == 2
    assert "did you mean one" in capfd.readouterr().err
