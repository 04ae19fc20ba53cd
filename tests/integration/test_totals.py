"""The totals that turns keep: they are what the rows say, whatever has happened, and at every commit."""

import pytest

from db.trading import filling
from tests.kit.rows import change, rows
from tests.lives import Life

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
