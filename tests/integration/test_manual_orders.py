"""A person's order to sell takes its place after the bars that are due, under a name of its own, once."""

from dataclasses import replace
from decimal import Decimal

import pytest

from db.fleet import controls, leases
from db.fleet.controls import Level
from db.market_data import markets
from db.sqlite.connection import connect
from db.trading import positions, recording
from runtime import clock
from tests.kit.rows import rows
from tests.kit.series import at, decided_ms
from tests.replayed import settings as configured
from tests.trading import (
    MARKET,
    PATIENT,
    SALES,
    actions,
    assigned,
    balanced,
    feed,
    high,
    holding,
    look,
    opened,
    ring,
)
from trader.controls import apply_controls


@pytest.fixture
def room(tmp_path):
    """A trader with one strategy that holds since the bar 3."""
    with holding(tmp_path) as found:
        yield found


def exit_now(db, reason="because"):
    """A person's wish."""
    controls.put(db, ["one"], [Level.EXIT], reason, clock.now_ms())


def test_it_waits_for_the_bars_that_are_due(room):
    """Bars 4 and 5 came in with the order: they are decided as held, then 5 is sold at its close; no row is added."""
    _, db, made = room
    feed(db, 102, 103, first=4)
    exit_now(db)
    look(made, 5)
    assert actions(db) == ["enter", "hold", "hold"]
    assert rows(db, SALES) == [(at(5), 102.94, "manual", 1, "because")]
    assert rows(db, "select timestamp from trades where side = 'sell'") == [(at(5),)]
    assert positions.load(db, ["one"])["one"].position.holding is None
    assert balanced(db)


def test_it_is_left_alone_while_bars_are_due(room):
    """Whoever looks at it before its turn: the order stands, nothing is sold."""
    _, db, made = room
    feed(db, 102, first=4)
    exit_now(db)
    apply_controls(made, decided_ms(4))
    assert (rows(db, SALES), list(controls.exit_orders(db))) == ([], ["one"])
    ring(made, 4)
    apply_controls(made, decided_ms(4))
    assert ([row[0] for row in rows(db, SALES)], controls.standing(db)) == ([at(4)], [])


def test_a_sale_belongs_to_the_run_that_opened_the_position(room):
    """Whatever was bought and sold before it under another one."""
    settings, db, made = room
    exit_now(db)
    look(made, 3)
    made.release()
    changed = configured(settings.database.parent, [high(more="exits: { stop: 0.5 }")], PATIENT)
    made = assigned(changed, db)
    feed(db, 104, first=4)
    look(made, 4)
    exit_now(db)
    look(made, 4)
    sales = rows(db, "select round_trip, run_id, entry_run_id from trades where side = 'sell' order by trade_id")
    assert sales == [(1, "one.1", "one.1"), (2, "one.2", "one.2")]


def test_the_next_bar_is_decided_as_flat(room):
    """It may enter again at once, and be sold again: every sale has its own name and its reason."""
    _, db, made = room
    for number in (4, 5, 6):
        exit_now(db, f"because {number}")
        look(made, number - 1)
        feed(db, 100 + number, first=number)
        look(made, number)
    exit_now(db, "at last")
    look(made, 6)
    assert actions(db) == ["enter"] * 4
    assert [row[4] for row in rows(db, SALES)] == ["because 4", "because 5", "because 6", "at last"]
    assert rows(db, "select count(*), count(distinct client_order_id) from orders") == [(8, 8)]
    assert balanced(db)


def test_two_orders_are_one_sale(room):
    """The second finds nothing to sell, and is gone as well."""
    _, db, made = room
    for reason in ("first", "second"):
        exit_now(db, reason)
        look(made, 3)
    assert [row[4] for row in rows(db, SALES)] == ["first"]
    assert controls.standing(db) == []


def test_a_second_attempt_on_the_same_bar_has_another_name(room):
    """A position that came back under the same mark: the attempt is counted in the database."""
    _, db, made = room
    held = made.active["one"].position
    exit_now(db)
    look(made, 3)
    with db.write() as tx:
        tx.run("positions_save", **positions.columns("one", held))
    made.reload("one")
    exit_now(db)
    look(made, 3)
    assert [(row[0], row[3]) for row in rows(db, SALES)] == [(at(3), 1), (at(3), 2)]


def test_whoever_takes_over_carries_it_out(room):
    """Once: the one that lost its lease is refused, the other one sells."""
    settings, db, made = room
    exit_now(db)
    leases.release(db, "first")
    with connect(settings.database, any_filesystem=True) as other_db:
        other = assigned(settings, other_db, "second")
        apply_controls(made, decided_ms(3))
        assert (made.active, rows(db, SALES)) == ({}, [])
        apply_controls(other, decided_ms(3))
    assert [row[4] for row in rows(db, SALES)] == ["because"]
    assert rows(db, "select epoch from trades where side = 'sell'") == [(2,)]


def test_a_sale_that_was_not_heard_of_is_not_repeated(room):
    """The commit happened, the process believes that it still holds: another order finds nothing to sell."""
    _, db, made = room
    before = made.active["one"]
    exit_now(db)
    apply_controls(made, decided_ms(3))
    made.active["one"] = before
    exit_now(db, "again")
    apply_controls(made, decided_ms(3))
    assert [row[4] for row in rows(db, SALES)] == ["because"]
    assert made.active["one"].position.holding is None


def test_a_residue_stays(tmp_path, capsys):
    """Bought at 120 for 200, worth 168 where the market takes 185: another entry would do, so that it counts as flat,
    and the log says so; the order is gone.
    """
    settings, db = opened(tmp_path, high(more="stake: { fixed: 200 }"))
    with db:
        feed(db, 99, 98, 120)
        made = assigned(settings, db)
        ring(made, 2)
        feed(db, 101, first=3)
        markets.save(db, [replace(MARKET, min_cost=Decimal(185))], 2)
        ring(made, 3)
        exit_now(db)
        look(made, 3)
        assert (rows(db, SALES), controls.standing(db)) == ([], [])
        position = positions.load(db, ["one"])["one"].position
        assert (position.holding, position.ledger.qty > 0) == (None, True)
        assert balanced(db)
    assert "the market wants 0.001 BTC and 185 USDT; counts as flat" in capsys.readouterr().out


def test_an_order_that_cannot_be_recorded_is_given_up(room, capsys):
    """It does not fail again at every look; the log says why."""
    _, db, made = room
    exit_now(db)
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(recording, "write_sale", lambda *_: (_ for _ in ()).throw(ValueError("more than 15 digits")))
        apply_controls(made, decided_ms(3))
    assert (rows(db, SALES), controls.standing(db)) == ([], [])
    assert "more than 15 digits" in capsys.readouterr().out
    assert made.active["one"].position.holding is not None


def test_a_sale_takes_the_place_of_the_equity_at_its_bar(room):
    """Sold at the close of the highest bar: the equity there is what was left, which the fall is counted from."""
    _, db, made = room
    feed(db, 120, first=4)
    ring(made, 4)
    exit_now(db)
    look(made, 4)
    found = [
        float(row[0]) for row in rows(db, "select equity from equity where strategy_id = 'one' order by timestamp")
    ]
    peaks = [max(1000.0, *found[: place + 1]) for place in range(len(found))]
    fall = max(1 - equity / peak for equity, peak in zip(found, peaks, strict=True))
    feed(db, 120, first=5)
    ring(made, 5)
    told = rows(db, "select max_drawdown from strategy_performance")[0][0]
    assert told == pytest.approx(fall, rel=1e-9)
