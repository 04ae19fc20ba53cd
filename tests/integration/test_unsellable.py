"""A position that the market does not take for a while is not forgotten: it is sold as soon as that can be done."""

from dataclasses import replace
from decimal import Decimal

import pytest

from db.fleet import controls
from db.fleet.controls import Level
from db.market_data import markets
from db.trading import positions
from runtime import clock
from tests.kit.rows import rows
from tests.kit.series import HOURLY, at, decided_ms
from tests.trading import MARKET, SALES, actions, balanced, feed, high, holding, look, ring
from trader import failed_series
from trader.controls import apply_controls
from trader.deciding import SeriesAdvance
from trader.sales import SaleRequest, sell
from trader.turn import take_turn

TOO_LARGE = [
    {"min_cost": Decimal(5000)},
    {"min_amount": Decimal(100)},
    {"amount_step": Decimal(100)},
]
NEWEST = "select action, reason, code from decisions order by timestamp desc limit 1"
CHECKS = ["close", "intrabar"]


@pytest.fixture
def room(tmp_path, monkeypatch):
    """A trader with one strategy that holds since the bar 3, with a stop at 99.04."""
    monkeypatch.setattr(failed_series, "FIRST", 0.0)
    yield from held(tmp_path, "close")


def held(folder, check, stake="1"):
    """That trader, with all that the stake buys."""
    more = f"exits: {{ stop: 0.02, check: {check} }}\nstake: {{ fraction: {stake} }}"
    with holding(folder, high(more=more)) as (_, db, made):
        yield db, made


def walk(db, made, *closes, first=4):
    """These bars, each decided."""
    for number, close in enumerate(closes, first):
        feed(db, close, first=number)
        ring(made, number)


def describe(db, **changes):
    """The exchange describes the market, with these changes."""
    markets.save(db, [replace(MARKET, **changes)], 2)


def position(db):
    """What the strategy has."""
    return positions.load(db, ["one"])["one"].position


def order(db):
    """A person wants it sold."""
    controls.put(db, ["one"], [Level.EXIT], "because", clock.now_ms())


@pytest.mark.parametrize("check", CHECKS)
@pytest.mark.parametrize("described", TOO_LARGE)
@pytest.mark.parametrize(("stake", "qty"), [("1", 9.875), ("0.5", 4.937)])
def test_it_is_sold_on_the_first_bar_on_which_the_market_takes_it(tmp_path, described, check, stake, qty):
    """The decisions before say that the stop was hit, and what the market wants."""
    for db, made in held(tmp_path, check, stake):
        before = position(db)
        describe(db, **described)
        walk(db, made, 96, 95)
        ((action, reason, code),) = rows(db, NEWEST)
        assert (action, code) == ("hold", "unsellable")
        assert all(words in reason for words in ("the stop 99.04", "cannot be sold: of", "the market wants"))
        assert (position(db).ledger, position(db).holding.stop) == (before.ledger, before.holding.stop)
        describe(db)
        walk(db, made, 94, first=6)
        assert actions(db) == ["enter", "hold", "hold", "exit"]
        assert rows(db, "select qty, timestamp from trades where side = 'sell'") == [(qty, at(6))]
        assert balanced(db)


def test_where_no_exit_is_due_any_more_it_is_held_on(room):
    """The price came back: the same position, the same stop, sold when that is hit again."""
    db, made = room
    describe(db, min_cost=Decimal(5000))
    feed(db, 96, first=4)
    (turn,) = take_turn(made, SeriesAdvance(series=HOURLY, now_ms=decided_ms(4)))
    assert turn.steps[0].refused  # the log tells of it
    describe(db)
    walk(db, made, 104, 98, first=5)
    assert actions(db) == ["enter", "hold", "hold", "exit"]
    assert rows(db, "select count(*), max(round_trip) from trades") == [(2, 1)]


def test_what_its_price_has_made_too_little_is_a_residue(tmp_path):
    """It counts as flat, the strategy trades on, and the next exit takes all of it along."""
    for db, made in held(tmp_path, "close", stake="0.5"):
        qty = position(db).ledger.qty
        walk(db, made, 0.6)
        assert position(db).holding is None
        assert "counts as flat" in rows(db, NEWEST)[0][1]
        walk(db, made, 101, 95, first=5)
        assert actions(db) == ["enter", "hold", "enter", "exit"]
        ((sold,),) = rows(db, "select qty from trades where side = 'sell'")
        assert sold > qty
        assert balanced(db)


def test_a_strategy_that_raises_keeps_what_cannot_be_sold(room, monkeypatch):
    """Its bar fails; the stop is there at the next one."""
    db, made = room
    describe(db, min_cost=Decimal(5000))
    with monkeypatch.context() as broken:
        broken.setattr(type(made.active["one"].strategy), "signal", lambda *_: 1 / 0)
        walk(db, made, 96)
    describe(db)
    walk(db, made, 95, first=5)
    assert actions(db) == ["enter", "failed", "exit"]


def test_an_order_waits_until_the_market_takes_it(room):
    """What the trader tells of it until then; the holding and its levels are there."""
    db, made = room
    before = position(db)
    describe(db, min_cost=Decimal(5000))
    order(db)
    look(made, 3)
    assert (rows(db, SALES), list(controls.exit_orders(db)), position(db)) == ([], ["one"], before)
    ((_, told),) = made.failed_series
    assert all(words in told for words in ("one cannot be sold", "because", "the market wants 0.001 BTC and 5000 USDT"))
    describe(db)
    apply_controls(made, decided_ms(3))
    assert ([row[2:] for row in rows(db, SALES)], controls.standing(db)) == ([("manual", 1, "because")], [])
    assert (position(db).holding, list(made.failed_series)) == (None, [])
    assert balanced(db)


def test_an_order_that_was_taken_back_is_no_trouble_any_more(room, monkeypatch):
    """Nobody tries it again."""
    db, made = room
    describe(db, min_cost=Decimal(5000))
    order(db)
    apply_controls(made, decided_ms(3))
    controls.start(db, ["one"])
    apply_controls(made, decided_ms(3))
    made.failed_series.forget(made.active.series)
    assert len(list(made.failed_series)) == 1  # it may be tried again yet
    monkeypatch.setattr(failed_series, "LONGEST", 0.0)
    made.failed_series.forget(made.active.series)
    assert (list(made.failed_series), made.failed_series.due) == ([], False)


def stranded(db, made):
    """As before this was known: the position counts as flat, all of it is there, and no cash."""
    with db.write() as tx:
        tx.run("positions_save", **positions.columns("one", replace(position(db), holding=None)))
    made.reload("one")


def test_an_order_sells_what_counted_as_flat(room):
    """Under the round trip and the run that bought it."""
    db, made = room
    run_id = positions.load(db, ["one"])["one"].run_id
    stranded(db, made)
    with db.write() as tx:
        tx.run(
            "runs_insert", run_id="one.2", strategy_id="one", now_ms=1, capital=1000, configuration=stored(db, run_id)
        )
        tx.run("strategies_open_run", strategy_id="one", run_id="one.2", kind="rules", capital=1000)
    made.reload("one")
    order(db)
    look(made, 3)
    assert [row[2:] for row in rows(db, SALES)] == [("manual", 1, "because")]
    found = rows(db, "select run_id, entry_run_id, round_trip, qty from trades where side = 'sell'")
    assert found == [("one.2", run_id, 1, 9.875)]
    assert rows(db, "select run_id, round_trip from round_trips") == [(run_id, 1)]
    assert balanced(db)


def stored(db, run_id):
    """The configuration of a run."""
    return rows(db, f"select configuration from runs where run_id = '{run_id}'")[0][0]


def test_a_sale_of_it_that_was_not_heard_of_is_not_repeated(room):
    """The commit happened, the process believes that it is all there."""
    db, made = room
    stranded(db, made)
    before = made.active["one"]
    sell(made, before, SaleRequest(reason="because", now_ms=decided_ms(3)))
    sell(made, before, SaleRequest(reason="because", now_ms=decided_ms(3)))
    assert len(rows(db, SALES)) == 1
    assert balanced(db)
