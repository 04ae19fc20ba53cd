"""What people have ordered, as rows: the newest order counts, a stop stays one, only what is named is taken back."""

import pytest

from db.fleet import controls
from db.fleet.controls import Control, Level
from tests.db_files import fresh


@pytest.fixture
def db(tmp_path):
    """A new database that knows two strategies."""
    with fresh(tmp_path) as found:
        series = {"exchange": "binance", "symbol": "BTC/USDT", "timeframe": "1h", "mode": "paper", "quote": "USDT"}
        with found.write() as tx:
            for name in ("one", "two"):
                tx.run("strategies_insert", strategy_id=name, kind="rsi", capital=1000.0, **series)
        yield found


def put(db, scope, level, reason, now_ms):
    """A person's order."""
    controls.put(db, [scope], [level], reason, now_ms)


def test_the_newest_order_counts(db):
    """With its own reason and moment; each strategy has its own, told in the order of their ids."""
    put(db, "two", Level.PAUSE, "first", 1)
    put(db, "two", Level.STOP, "second", 2)
    put(db, "one", Level.PAUSE, "third", 3)
    put(db, "one", Level.PAUSE, "fourth", 4)
    expected = [("one", Control(Level.PAUSE, "fourth", 4)), ("two", Control(Level.STOP, "second", 2))]
    assert list(controls.load(db).items()) == expected


def test_a_pause_takes_no_stop_back(db):
    """The stop keeps its reason; another stop has the newer one."""
    put(db, "one", Level.STOP, "first", 1)
    put(db, "one", Level.PAUSE, "second", 2)
    assert controls.load(db) == {"one": Control(Level.STOP, "first", 1)}
    put(db, "one", Level.STOP, "third", 3)
    assert controls.load(db) == {"one": Control(Level.STOP, "third", 3)}


def test_only_the_pause_of_those_named_is_over(db):
    """Who was stopped stays so, and who was not named."""
    for scope, level in (("one", Level.PAUSE), ("two", Level.PAUSE), ("three", Level.STOP)):
        put(db, scope, level, "because", 1)
    controls.resume(db, ["one", "three"])
    assert {scope: control.level for scope, control in controls.load(db).items()} == {
        "three": Level.STOP,
        "two": Level.PAUSE,
    }


def test_a_start_takes_all_back_that_was_ordered_of_one(db):
    """Also that it is to be sold; what was ordered of others stands."""
    for scope in ("two", "one"):
        controls.put(db, [scope], [Level.STOP, Level.EXIT], "first", 1)
    put(db, "two", Level.EXIT, "second", 2)
    assert list(controls.exit_orders(db).items()) == [
        ("one", Control(Level.EXIT, "first", 1)),
        ("two", Control(Level.EXIT, "second", 2)),
    ]
    controls.start(db, ["one"])
    assert controls.standing(db) == [
        ("two", Control(Level.STOP, "first", 1)),
        ("two", Control(Level.EXIT, "second", 2)),
    ]


def test_what_was_ordered_of_one_goes_with_it_to_another_id(db):
    """And of nobody else."""
    for scope in ("one", "two"):
        put(db, scope, Level.STOP, "because", 1)
    with db.write() as tx:
        tx.run("controls_rename", old="one", new="three")
    assert controls.load(db).keys() == {"two", "three"}


def test_the_kill_switch_is_a_row_of_its_own(db):
    """No other order is it, and what was ordered of strategies stands when it is off again."""
    put(db, "one", Level.STOP, "because", 1)
    assert not controls.mirrored(db)
    controls.mirror(db, "news", 2)
    assert controls.mirrored(db)
    controls.release(db)
    assert (controls.mirrored(db), controls.load(db).keys()) == (False, {"one"})
