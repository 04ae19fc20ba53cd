"""A strategy that raises keeps the exits that need no code of its own, on the very bar on which it raises."""

import pytest

from db.trading import positions
from tests.integration.test_disabled import EXITS
from tests.kit.rows import rows
from tests.trading import actions, assigned, balanced, feed, opened, ring

OWN = '''
"""A kind that buys on a close of 101, and on every other bar above 90 does something odd."""
from domain.kinds import Kind
from domain.strategy import Signal


class Own:
    warmup = 2

    def signal(self, indicators):
        close = indicators.column("close")[-1]
        if close <= 90:
            return Signal(reason="none")
        if close == 101:
            return Signal(entry="up")
        {odd}


KIND = Kind(name="own", doc="own", params={{}}, build=lambda params: Own(), warmup=lambda params: 2)
'''
OWN_FILE = """\
strategy_id: one
exchange: binance
symbol: BTC/USDT
timeframe: 1h
strategy: own
capital: 1000
exits: {{ {exits} }}
"""
RAISES = "raise ValueError('no idea')"
NO_TEXT = "TypeError: entry, exit and reason of a Signal are texts: what was seen, in words"
ODD = {
    RAISES: "ValueError: no idea",
    'return Signal(reason="odd", indicators={"x": {1}})': "TypeError: Object of type set is not JSON serializable",
    "return Signal(exit=object())": NO_TEXT,
    "return Signal(reason=object())": NO_TEXT,
}


@pytest.fixture
def begin(tmp_path):
    """A way to a trader with such a strategy, which has entered on bar 0."""
    opens = []

    def begun(exits, odd=RAISES):
        (tmp_path / "mine").mkdir()
        (tmp_path / "mine" / "own.py").write_text(OWN.format(odd=odd))
        settings, db = opened(tmp_path, OWN_FILE.format(exits=exits), more=f"plugins: [{tmp_path / 'mine'}]\n")
        opens.append(db)
        feed(db, 90, 101, first=-1)
        made = assigned(settings, db)
        ring(made, 0)
        return db, made

    yield begun
    for db in opens:
        db.close()


def live(db, made, *closes):
    """Bars from 1 on, each decided when it has closed."""
    for number, close in enumerate(closes, 1):
        feed(db, close, first=number)
        ring(made, number)


def standing(db):
    """What the database says of the strategy."""
    return rows(db, "select state, failures, last_error from strategies")[0]


@pytest.mark.parametrize("odd", ODD)
@pytest.mark.parametrize("name", EXITS)
def test_they_go_on_where_it_raises_on_every_bar(begin, name, odd):
    """On the bar on which they are due; the trailing stop has followed the highs meanwhile. The failure counts."""
    exits, closes, reason = EXITS[name]
    db, made = begin(exits, odd)
    live(db, made, *closes[1:])
    assert actions(db) == ["enter", "failed", "failed", "failed", "exit"]
    assert reason in str(rows(db, "select reason from decisions order by timestamp desc limit 1"))
    assert standing(db) == ("active", 4, ODD[odd])
    assert balanced(db)


def test_missed_bars_are_no_different(begin):
    """All walked at once: the exit is late, and fills at the newest close."""
    db, made = begin("stop: 0.05")
    feed(db, 104, 95, 89, 88, first=1)
    ring(made, 4)
    assert actions(db) == ["enter", "failed", "exit", "blocked", "blocked"]
    assert rows(db, "select price, late from trades where side = 'sell'") == [(87.95, 1)]
    assert balanced(db)


def test_an_order_that_rests_within_the_bar_fills_there(begin):
    """`check: intrabar`: the low reaches the stop, the close does not."""
    db, made = begin("stop: 0.05, check: intrabar")
    feed(db, 96.4, first=1)
    ring(made, 1)
    assert actions(db) == ["enter", "exit"]
    assert "low 95.9 reached the stop" in str(rows(db, "select reason from decisions order by timestamp desc limit 1"))
    assert standing(db)[:2] == ("active", 1)


def test_the_failure_that_is_one_too_many_may_exit_too(begin):
    """It is disabled, and flat."""
    db, made = begin("stop: 0.05")
    live(db, made, 104, 104, 104, 104, 95)
    assert actions(db) == ["enter", *["failed"] * 4, "exit"]
    assert (standing(db)[0], made.active) == ("disabled", {})
    assert positions.load(db, ["one"])["one"].position.holding is None


def test_an_exit_that_cannot_be_recorded_fails(begin):
    """The strategy gives a reason that is no UTF-8: the position is kept, and the next bar is decided."""
    db, made = begin("stop: 0.05", r'return Signal(exit="\ud800")')
    live(db, made, 104, 95)
    assert actions(db) == ["enter", "failed", "exit"]
    assert balanced(db)


def test_nothing_is_bought_on_it(begin):
    """It says what cannot be recorded, and wishes to enter."""
    db, made = begin("stop: 0.05", 'return Signal(entry="up", exit="down", indicators={"x": {1}})')
    live(db, made, 95, 104, 89)
    assert actions(db) == ["enter", "exit", "failed", "hold"]
    assert rows(db, "select side from trades") == [("buy",), ("sell",)]
    assert rows(db, "select timestamp from equity where abs(cash + qty * close - equity) > 1e-7") == []
    assert balanced(db)


def test_an_entry_that_is_refused_takes_with_it_what_failed_after_it(begin):
    """By a clock that is behind it would have been in time: nothing is held, and the bar is decided anew."""
    db, made = begin("stop: 0.05")
    live(db, made, 95)
    db.path.with_name("trading.db.halt").touch()
    feed(db, 101, 104, first=2)
    ring(made, 2)
    assert actions(db) == ["enter", "exit", "blocked", "failed"]
    assert positions.load(db, ["one"])["one"].position.holding is None
    assert balanced(db)
