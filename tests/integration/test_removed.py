"""Strategies whose file is gone: exits only under their last settings, until flat, whoever trades them."""

import json

import pytest

from backfiller import selection
from db.reading import status_rows
from db.trading import strategies
from strategies import kinds
from tests.kit.rows import change, rows
from tests.kit.series import HOURLY
from tests.replayed import settings as configured
from tests.trading import actions, assigned, feed, high, opened, ring
from trader import draining, registration
from trader.assignments import REMOVED
from trader.controls import apply_controls

KINDS = kinds.load()


@pytest.fixture
def holding(tmp_path):
    """A strategy that holds, its file removed; the trader that entered, and an empty configuration."""
    text = high(more="exits: { stop: 0.5, target: 2 atr(2), max_bars: 40 }")
    settings, db = opened(tmp_path, text.replace("warmup: 2", "warmup: 3"))  # of its own atr
    with db:
        one = assigned(settings, db)
        feed(db, 99, 98, 97, 101)
        ring(one, 3)
        (tmp_path / "config" / "strategies" / "0.yaml").unlink()
        empty = configured(tmp_path, [])
        registration.register(db, empty, 1)
        yield empty, db, one


def drain(made, settings):
    """What a trader does when it has read the configuration."""
    going = draining.removed(made.db)
    made.adopt(settings, going, registration.built(going, KINDS), dict.fromkeys(going, REMOVED))


def test_it_is_drained(holding):
    """It exits by its own rule, and its lease is given back."""
    settings, db, one = holding
    drain(one, settings)
    apply_controls(one, 1)
    one.claim()
    assert set(one.active) == {"one"}
    feed(db, 90, first=4)
    assert ring(one, 4) == 1
    apply_controls(one, 1)
    assert one.active == {}
    assert actions(db) == ["enter", "exit"]
    assert rows(db, "select expires_ms from leases") == [(0,)]


def test_another_trader_takes_it_over(holding):
    """One that has never seen its file knows its settings from its last run."""
    settings, db, one = holding
    before = one.active["one"].settings
    one.release()
    other = assigned(settings, db, "second")
    assert other.active == {}
    drain(other, settings)
    assert other.claim() == {"one"}
    found = other.active["one"].settings
    assert (found.params, found.terms, found.series, found.kind) == (
        before.params, before.terms, before.series, before.kind,
    )  # fmt: skip
    feed(db, 90, first=4)
    ring(other, 4)
    assert actions(db) == ["enter", "exit"]
    assert other.claim() == set()


def test_a_run_of_an_earlier_release_is_drained(holding):
    """Its configuration says nothing of fees or rules: it goes on under that run, whoever has opened it."""
    settings, db, one = holding
    told = json.loads(str(rows(db, "select configuration from runs")[0][0]))
    del told["rules"], told["terms"]["taker"], told["terms"]["maker"], told["terms"]["min_cost"]
    one.release()
    change(db, "update runs set configuration = ?", (json.dumps(told, sort_keys=True),))
    other = assigned(settings, db, "second")
    drain(other, settings)
    assert other.claim() == {"one"}
    feed(db, 90, first=4)
    assert ring(other, 4) == 1
    assert rows(db, "select run_id, action from decisions order by timestamp") == [
        ("one.1", "enter"),
        ("one.1", "exit"),
    ]


def test_it_enters_no_more(holding):
    """Though its rule says so."""
    settings, db, one = holding
    drain(one, settings)
    feed(db, 90, first=4)
    ring(one, 4)
    feed(db, 105, first=5)
    ring(one, 5)
    assert actions(db) == ["enter", "exit", "blocked"]
    assert "removed" in str(rows(db, "select reason from decisions order by timestamp desc limit 1"))


def test_it_comes_back_with_its_file(holding, tmp_path):
    """And trades on where it stood."""
    _, db, one = holding
    again = configured(tmp_path, [high()])
    registration.register(db, again, 1)
    assert draining.removed(db) == {}
    chosen = registration.wanted(again, [])
    one.adopt(again, chosen, registration.built(chosen, KINDS), {})
    feed(db, 102, first=4)
    ring(one, 4)
    assert actions(db) == ["enter", "hold"]


def test_one_whose_kind_is_gone_keeps_its_stop(holding):
    """Its own exits cannot be asked for; those that need no code of its own go on."""
    settings, db, one = holding
    going = draining.removed(db)
    one.adopt(settings, going, registration.built(going, {}), dict.fromkeys(going, REMOVED))
    feed(db, 60, 45, first=4)
    assert ring(one, 5) == 2
    assert actions(db) == ["enter", "hold", "exit"]
    assert "stop" in str(rows(db, "select reason from decisions order by timestamp desc limit 1"))


def test_its_candles_are_followed(holding):
    """The backfiller keeps the series of what is held, and a person still sees and steers it."""
    settings, db, _ = holding
    assert [each.series for each in selection.with_drained(settings, db)] == [HOURLY]
    assert strategies.known(db) == ["one"]
    row = dict(db.read("status_strategies")[0])
    assert status_rows.strategy_row(row, 1)["why"] == "removed: exits only, until flat"
