"""A strategy that is disabled because it raised keeps the exits that need no code of its own."""

import pytest

from db.fleet import controls
from tests.kit.rows import rows
from tests.trading import actions, assigned, feed, high, opened, ring
from trader.controls import apply_controls

RISEN = (101, 104, 108, 112)
EXITS = {
    "stop": ("stop: 0.05", (*RISEN, 95), "stop"),
    "target": ("target: 0.2", (*RISEN, 125), "target"),
    "trailing": ("trailing: 0.1", (*RISEN, 100.5), "stop"),
    "max_bars": ("max_bars: 4", (*RISEN, 111), "held for 4 bars"),
}


def disabled(tmp_path, exits):
    """A trader with a strategy that entered on bar 0 and was then disabled; its database."""
    settings, db = opened(tmp_path, high(more=f"exits: {{ {exits} }}").replace("close < 100", "close < 112"))
    feed(db, 90, 101, first=-1)
    made = assigned(settings, db)
    ring(made, 0)
    with db.write() as tx:
        tx.run("strategies_set_state", strategy_id="one", state="disabled", reason="it raised")
        tx.run("strategies_changed")
    made.let_go({"one"}, "disabled")
    made.claim()
    return db, made


@pytest.mark.parametrize("name", EXITS)
def test_its_exits_go_on(tmp_path, name):
    """On the bar on which they are due, though its own rule, which is not asked, wished to exit on every bar."""
    exits, closes, reason = EXITS[name]
    db, made = disabled(tmp_path, exits)
    with db:
        feed(db, *closes[1:], first=1)
        for number in range(1, 5):
            ring(made, number)
        assert actions(db) == ["enter", "hold", "hold", "hold", "exit"]
        assert reason in str(rows(db, "select reason from decisions order by timestamp desc limit 1"))
        assert rows(db, "select state from strategies") == [("disabled",)]


def test_it_enters_no_more(tmp_path):
    """Once flat it is let go, and nobody takes it."""
    db, made = disabled(tmp_path, "stop: 0.05")
    with db:
        feed(db, 95, 120, first=1)
        ring(made, 1)
        apply_controls(made, 1)
        assert made.active == {}
        assert made.claim() == set()
        assert ring(made, 2) == 0


def test_started_again_it_is_asked_again(tmp_path):
    """While it still holds: by its own rule from the next bar on."""
    db, made = disabled(tmp_path, "stop: 0.5")
    with db:
        controls.start(db, ["one"])
        apply_controls(made, 1)
        feed(db, 105, first=1)
        ring(made, 1)
        assert actions(db) == ["enter", "exit"]
