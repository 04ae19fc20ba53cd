"""The totals that turns keep: they are what the rows say, whatever has happened, and at every commit."""

import pytest

from db.trading import filling, total_columns, totals
from tests.kit.rows import change, rows
from tests.lives import Life
from tests.trading import assigned, feed, high, opened, ring

TABLES = {
    "strategy_totals": "strategy_id",
    "run_totals": "run_id",
    "daily_totals": "strategy_id, timestamp, run_id",
}
FORGET = (
    "delete from daily_totals",
    "update run_totals set day = null, started = null, total_trades = 0, round_trips = 0, total_pnl = 0",
    "update strategy_totals set started = null, total_trades = 0, equity = 1, open_pnl = 1, action = null, decided = 0",
)


@pytest.fixture(scope="module", params=[*range(10), 18, 27])
def life(request, tmp_path_factory):
    """A life of three strategies."""
    return Life(tmp_path_factory.mktemp("life"), request.param, ("4h", "1h", "1d", "1w")[request.param % 4]).walk(150)


def stored(life):
    """All totals as they stand in the database."""
    return {table: rows(life.db, f"select * from {table} order by {key}") for table, key in TABLES.items()}


def test_what_turns_have_written_is_what_the_rows_say(life):
    """Folded anew from decisions, equity and trades, every total is the same, to the last bit."""
    before = stored(life)
    assert len(before["daily_totals"]) > 10
    for statement in FORGET:
        change(life.db, statement)
    with life.db.write() as tx:
        filling.fill(tx)
    after = stored(life)
    assert {table: differences(before[table], after[table]) for table in TABLES} == {table: [] for table in TABLES}


def differences(before, after):
    """The rows that are not the same."""
    return [pair for pair in zip(before, after, strict=True) if pair[0] != pair[1]]


@pytest.fixture
def trader(tmp_path):
    """One that has decided three bars of one strategy."""
    settings, db = opened(tmp_path, high())
    with db:
        feed(db, 99, 98, 97, 96, 95, 94)
        made = assigned(settings, db)
        for number in range(3):
            ring(made, number, upto=number)
        yield db, made


def test_totals_that_are_remembered_are_not_worked_out_again(trader, monkeypatch):
    """Neither those of the strategy nor those of its run; after them they are what the rows say."""
    db, made = trader
    monkeypatch.setattr(totals, "sums", lambda *_, **__: pytest.fail("read again"))
    assert ring(made, 3, upto=3) == 1
    monkeypatch.undo()
    assert rows(db, "select decided from strategy_totals") == rows(db, "select decided from run_totals") == [(4,)]


@pytest.mark.parametrize("table", ["strategy_totals", "run_totals"])
def test_totals_that_somebody_has_changed_are_not_remembered(trader, table):
    """What stands in the database is carried on, to the last column."""
    db, made = trader
    change(db, f"update {table} set decided = 40, fees = 1.5")
    ring(made, 3, upto=3)
    assert rows(db, f"select decided, fees from {table}") == [(41, 1.5)]


def test_a_turn_that_was_undone_is_not_remembered(trader, monkeypatch):
    """A transaction that fails at its end, and the same turn once more."""
    db, made = trader
    monkeypatch.setattr(db, "_commit", lambda: (_ for _ in ()).throw(OSError("no space")))
    with pytest.raises(OSError, match="no space"):
        ring(made, 3, upto=3)
    monkeypatch.undo()
    assert ring(made, 3, upto=3) == 1
    assert rows(db, "select decided from strategy_totals") == [(4,)]


def test_the_columns_of_totals_are_read_in_the_order_in_which_they_are_written(trader):
    """Else nothing would ever be as it was remembered."""
    db, _ = trader
    (strategy,), (run,) = db.read("totals_of_strategy", strategy_id="one"), db.read("totals_of_run", run_id="one.1")
    assert tuple(strategy.keys()) == ("strategy_id", *total_columns.STANDING, *total_columns.SUMS)
    assert tuple(run.keys()) == ("run_id", *total_columns.RUN)
    (of_all,) = db.read("totals_of_runs", strategy_id="one")
    assert tuple(of_all.keys()) == ("run_id", *total_columns.RUN, "capital")
