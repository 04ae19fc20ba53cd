"""Bars in which nobody traded, made or printed: decided as such, and what is due is sold once somebody trades."""

import pytest

from db.market_data import gaps
from db.sqlite.connection import connect
from domain.gaps import Cause
from runtime.stop import Stop
from strategies import kinds
from tests.kit.rows import rows
from tests.kit.series import HOURLY, START, at
from tests.trading import assigned, balanced, feed, high, opened, ring
from trader import replay

ONE_BAR = "exits: { max_bars: 1 }"
DECISIONS = "select (timestamp - {start}) / 3600, action, code, late, held from decisions order by timestamp"
SALES = "select (timestamp - {start}) / 3600, price, late from trades where side = 'sell'"


def decisions(db):
    """Number of the bar, what was done and why, whether it was walked later, and whether something is held then."""
    return rows(db, DECISIONS.format(start=START))


def sales(db):
    """Number of the bar at whose close something was sold, at which price, and whether late."""
    return rows(db, SALES.format(start=START))


def untraded(db, number):
    """Nobody traded in this bar: the exchange has shown its neighbours without it."""
    gaps.mark(db, HOURLY, at(number), at(number), Cause.NO_TRADES)


@pytest.fixture
def room(tmp_path):
    """A trader whose strategy has bought at the close of bar 3, for one bar."""
    settings, db = opened(tmp_path, high(more=ONE_BAR))
    feed(db, 99, 98, 97)
    made = assigned(settings, db)
    ring(made, 2)
    feed(db, 101, first=3)
    ring(made, 3)
    yield settings, db, made
    db.close()


ENTERED = [(2, "hold", "no_entry", 0, 0), (3, "enter", "signal", 0, 1)]


def test_an_exit_on_a_made_bar_fills_at_the_next_close(room):
    """104 less 5 bps is 103.948, down to the tick; held until then."""
    _, db, made = room
    untraded(db, 4)
    feed(db, 104, first=5)
    ring(made, 5)
    assert decisions(db) == [*ENTERED, (4, "exit", "time_limit", 1, 1), (5, "blocked", "missed_exit", 0, 0)]
    assert sales(db) == [(5, 103.94, 1)]
    assert rows(db, "select code from orders where side = 'sell'") == [("time_limit",)]
    assert balanced(db)


def test_no_stop_fills_within_a_made_bar(tmp_path):
    """Bought at 101.06, stopped at 101.05: bar 4 opens at 101, where nobody bought it; bar 5 closes at 104."""
    settings, db = opened(tmp_path, high(more="exits: { stop: 0.0001, check: intrabar }"))
    with db:
        feed(db, 99, 98, 97, 101)
        made = assigned(settings, db)
        ring(made, 3)
        untraded(db, 4)
        feed(db, 104, first=5)
        ring(made, 5)
        assert sales(db) == [(5, 103.94, 1)]


def test_a_replay_says_the_same(room, tmp_path):
    """Bar by bar, from the same candles."""
    settings, db, made = room
    untraded(db, 4)
    feed(db, 104, 99, 103, first=5)
    for number in (5, 6, 7):
        ring(made, number, upto=number)
    replay.run(settings, kinds.load(), replay.Part([], at(2), 2**40), tmp_path / "copy.db", Stop())
    with connect(tmp_path / "copy.db", any_filesystem=True) as copy:
        assert (decisions(copy), sales(copy)) == (decisions(db), sales(db))
    assert len(sales(db)) == 1


def test_after_downtime_it_fills_at_the_newest_close(room):
    """Nobody was there at the close of bar 5."""
    _, db, made = room
    untraded(db, 4)
    feed(db, 104, 105, 90, first=5)
    ring(made, 7)
    assert [row[1:3] for row in decisions(db)[2:]] == [("exit", "time_limit"), *[("blocked", "missed_exit")] * 3]
    assert sales(db) == [(7, 89.95, 1)]


def test_it_waits_until_somebody_trades_whoever_acts_then(room):
    """Bar 5 is printed without volume; another process goes on from what the database knows."""
    settings, db, made = room
    untraded(db, 4)
    feed(db, 101, first=5, volume=0.0)
    ring(made, 5)
    assert (sales(db), decisions(db)[-1]) == ([], (5, "blocked", "missed_exit", 0, 1))
    made.release()
    feed(db, 102, first=6)
    ring(assigned(settings, db, "second"), 6)
    assert sales(db) == [(6, 101.94, 1)]
    assert "held for 1 bars" in str(rows(db, "select reason from orders where side = 'sell'"))


def test_no_entry_where_nobody_traded(tmp_path):
    """Printed or made, it is blocked as what it is, though it is decided an hour later; the next bar is bought."""
    settings, db = opened(tmp_path, high())
    with db:
        feed(db, 99, 98, 97)
        made = assigned(settings, db)
        ring(made, 2)
        feed(db, 101, first=3, volume=0.0)
        ring(made, 3)
        untraded(db, 4)
        feed(db, 102, first=5)
        ring(made, 5)
        blocked = [(3, "blocked", "not_traded", 0, 0), (4, "blocked", "not_traded", 1, 0)]
        assert decisions(db)[1:] == [*blocked, (5, "enter", "signal", 0, 1)]
