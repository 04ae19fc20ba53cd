"""Pruning in the database: what goes, what stays, and that no candle is decided again."""

import pytest

from db.fleet import events
from db.fleet.events import Code, Event
from db.trading import retention
from db.trading.retention import Pruned
from domain.timeframes import DAY
from tests.db_files import fresh
from tests.kit.rows import change, column, rows

NOW = 1_700_000_000 // DAY * DAY + 50_000
NOW_MS = NOW * 1000
DECIDED = """
insert into decisions (strategy_id, timestamp, action, reason, indicators, run_id, epoch, decided_ms, stored_ms, late)
values ('s', ?, ?, '', '{}', 'r', 1, 1, 1, 0)
"""
POINT = """
insert into equity (strategy_id, timestamp, run_id, cash, qty, close, equity) values ('s', ?, 'r', 0.0, 1.0, 5.0, ?)
"""


@pytest.fixture
def db(tmp_path):
    """A database with one strategy that has decided until now."""
    with fresh(tmp_path) as database:
        known(database, "s", NOW)
        change(database, "insert into runs values ('r', 's', 1, 1000.0, '{}')")
        yield database


def known(db, strategy_id, mark):
    """A strategy that has decided up to a moment."""
    columns = "strategy_id, exchange, symbol, timeframe, mode, kind, quote, capital"
    values = "?, 'binance', 'BTC/USDT', '1h', 'paper', 'rsi', 'USDT', 1000.0"
    change(db, f"insert into strategies ({columns}) values ({values})", (strategy_id,))
    totals = "insert into strategy_totals (strategy_id, decided_timestamp, equity, open_pnl) values (?, ?, 1000.0, 0.0)"
    change(db, totals, (strategy_id, mark))


def decide(db, days_ago, action, timestamp=None):
    """A decision, so many days ago."""
    moment = NOW - days_ago * DAY if timestamp is None else timestamp
    change(db, DECIDED, (moment, action))


def actions(db):
    return column(db, "select action from decisions order by timestamp")


def marks(db):
    """How far the strategy is thinned: decisions, equity."""
    return rows(db, "select decisions_before, equity_before from retention_marks")


def test_old_decisions_that_did_nothing_go(db):
    """Holds and blocked entries after 30 days; what traded or failed stays for ever."""
    for days, action in enumerate(("enter", "exit", "hold", "blocked", "stale", "failed"), 40):
        decide(db, days, action)
    decide(db, 29, "hold")
    assert retention.step(db, NOW_MS, 30, 30) == Pruned(decisions=2, equity=0)
    assert actions(db) == ["failed", "stale", "exit", "enter", "hold"]


def test_nothing_at_or_after_the_high_water_mark_goes(db):
    """What the mark does not cover would be decided again."""
    mark = NOW - 60 * DAY
    change(db, "update strategy_totals set decided_timestamp = ?", (mark,))
    for timestamp in (mark - 3600, mark, mark + 3600):
        decide(db, 0, "hold", timestamp)
    assert retention.step(db, NOW_MS, 30, 30).decisions == 1
    change(db, "update strategy_totals set decided_timestamp = null")
    assert retention.step(db, NOW_MS, 30, 30).decisions == 0


def test_many_decisions_go_in_small_steps(db):
    """2,500 rows are two of them, and a mark says where the next begins; afterwards there is nothing to do."""
    rows = [(NOW - 100 * DAY + n * 60, "hold") for n in range(2500)]
    change(db, DECIDED, rows)
    assert retention.step(db, NOW_MS, 30, 30) == Pruned(2000, 0, done=False)
    assert marks(db) == [(rows[1999][0] + 1, NOW // DAY * DAY - 30 * DAY)]
    assert retention.step(db, NOW_MS, 30, 30) == Pruned(500, 0)
    assert retention.step(db, NOW_MS, 30, 30) == Pruned(0, 0)


def test_old_equity_is_thinned_and_young_equity_is_whole(db):
    """Of an old day that rises steadily the first of the run and the last of the day stay."""
    today = NOW // DAY * DAY
    rows = [(today - days * DAY + n * 3600, 1000.0 + n) for days in (40, 30, 1) for n in range(24)]
    change(db, POINT, rows)
    assert retention.step(db, NOW_MS, 30, 30).equity == 22
    left = column(db, "select timestamp from equity order by timestamp")
    assert left == [today - 40 * DAY, today - 40 * DAY + 23 * 3600, *(row[0] for row in rows[24:])]


def test_what_is_thinned_is_not_looked_at_again(db):
    """A day later only the day that has become old is read: rows before the mark are not even seen."""
    retention.step(db, NOW_MS, 30, 30)
    old = NOW // DAY * DAY - 30 * DAY
    for timestamp in (old - 60, old + 60):
        decide(db, 0, "hold", timestamp)
    assert retention.step(db, NOW_MS + DAY * 1000, 30, 30).decisions == 1
    assert actions(db) == ["hold"]


def test_thinning_in_steps_keeps_what_thinning_at_once_keeps(db, monkeypatch):
    """Whole days, and of a run that goes on over the steps the first point once."""
    first = NOW // DAY * DAY - 60 * DAY
    rows = [(first + n * 3600, 1000.0 + n * 37 % 101) for n in range(24 * 20)]
    change(db, POINT, rows)
    keep = retention.kept([retention.Point(timestamp, "r", equity) for timestamp, equity in rows])
    monkeypatch.setattr(retention, "ROWS", 60)
    assert not retention.step(db, NOW_MS, 30, 30).done
    while not retention.step(db, NOW_MS, 30, 30).done:
        pass
    assert set(column(db, "select timestamp from equity")) == keep


def test_a_trader_that_was_away_finds_nothing_thinned_ahead_of_it(db):
    """What it will write for bars older than the limit is thinned then: the mark never passes the high-water mark."""
    mark = NOW - 60 * DAY
    change(db, "update strategy_totals set decided_timestamp = ?", (mark,))
    retention.step(db, NOW_MS, 30, 30)
    assert marks(db) == [(mark, mark // DAY * DAY)]


@pytest.mark.parametrize(("days", "kept"), [(2, 2), (1, 1), (0, 1)])
def test_events_grow_as_old_as_decisions_may_but_a_day_at_least(db, days, kept):
    """To the millisecond."""
    with db.write() as tx:
        for ago_ms in (0, 1, 1000 * DAY, 1000 * DAY + 1, 2000 * DAY, 2000 * DAY + 1):
            events.note(tx, Event(NOW_MS - ago_ms, Code.LOST, "s", "it is told"))
    assert retention.forget_events(db, NOW_MS, days) == 5 - 2 * kept
    assert column(db, "select min(at_ms) from events") == [NOW_MS - 1000 * kept * DAY]


def test_a_step_is_bounded_however_many_strategies_there_are(db):
    """The others come in the next step; a strategy that never decided is not looked at."""
    for strategy_id, mark in [*((f"s{number:02}", NOW) for number in range(30)), ("new", None)]:
        known(db, strategy_id, mark)
    assert not retention.step(db, NOW_MS, 30, 30).done
    assert len(marks(db)) == retention.STRATEGIES
    assert retention.step(db, NOW_MS, 30, 30).done
    assert len(marks(db)) == 31
