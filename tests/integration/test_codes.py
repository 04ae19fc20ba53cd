"""What is recorded beside the sentences: why, for programs, of decisions, orders and round trips."""

import pytest

from db.fleet import controls
from db.fleet.controls import Level
from db.reading import reports
from tests.kit.rows import rows
from tests.trading import assigned, feed, high, opened, ring
from trader.controls import apply_controls, barred

CODES = "select action, code from decisions order by timestamp"
EXITS = "exits: { stop: 0.05, target: 0.1, trailing: 0.02 }"


def walked(made, *closes, first):
    """Bars with these closes, each decided when it has closed."""
    for number, close in enumerate(closes, first):
        feed(made.db, close, first=number)
        ring(made, number)


@pytest.fixture
def room(tmp_path):
    """A strategy with exits that has seen one bar."""
    settings, db = opened(tmp_path, high(more=EXITS))
    with db:
        made = assigned(settings, db)
        walked(made, 99, first=0)
        yield settings, db, made


def test_every_decision_has_its_code(room):
    """Warming up, nothing wished, entered, kept, and the trailing stop; then a hole."""
    _, db, made = room
    walked(made, 99, 101, 102, 100.5, 99, first=1)
    walked(made, 120, first=8)
    assert [row[1] for row in rows(db, CODES)] == [
        "warming_up", "no_entry", "signal", "holding", "holding", "trailing_stop", "gap",
    ]  # fmt: skip


@pytest.mark.parametrize(("level", "code"), [(Level.PAUSE, "paused"), (Level.STOP, "stopped")])
def test_what_a_person_forbids_has_its_code(room, level, code):
    """Whether the strategy is paused or stopped; one that is stopped and flat decides what was due already."""
    _, db, made = room
    walked(made, 99, first=1)
    controls.put(db, ["one"], [level], "because", 1)
    made.barred = barred(controls.load(db))
    walked(made, 101, first=2)
    assert rows(db, CODES)[-1] == ("blocked", code)


def test_the_kill_switch_has_its_code(room):
    """Seen inside the transaction."""
    _, db, made = room
    walked(made, 99, first=1)
    controls.halt(db, "news", 1)
    walked(made, 101, first=2)
    assert rows(db, CODES)[-1] == ("blocked", "halted")


@pytest.mark.parametrize(("closes", "code"), [((101, 94), "stop"), ((101, 120), "target")])
def test_a_round_trip_has_its_levels_and_its_exit(tmp_path, closes, code):
    """Bought at 101.06: the stop 5 % below, the target 10 % above, both rounded up to the cent; a trail of 40 %."""
    settings, db = opened(tmp_path, high(more="exits: { stop: 0.05, target: 0.1, trailing: 0.4 }"))
    with db:
        walked(assigned(settings, db), 99, 99, *closes, first=0)
        trip = reports.rows(db, "round_trips")[0]
        assert [trip[name] for name in ("stop", "target", "trailing_distance", "exit_code")] == [
            96.01,
            111.17,
            40.43,
            code,
        ]
        assert rows(db, "select side, code from orders order by timestamp") == [("buy", "signal"), ("sell", code)]
        assert rows(db, "select count(*) from trades where side = 'sell' and stop is not null") == [(0,)]


def test_an_ordered_sale_has_its_code(room):
    """Also where the exits say nothing."""
    _, db, made = room
    walked(made, 99, 101, first=1)
    controls.put(db, ["one"], [Level.EXIT], "because", 1)
    apply_controls(made, 1)
    assert reports.rows(db, "round_trips")[0]["exit_code"] == "manual"
