"""Another executor than paper's: orders that fill in parts are recorded as they were, and every report adds up."""

import math
from dataclasses import replace
from pathlib import Path

import pytest

from db.reading import reports
from db.trading import positions
from domain.executions import on_paper
from tests.definition import Definition, differing
from tests.kit.rows import rows
from tests.kit.series import at
from tests.trading import assigned, balanced, feed, high, opened, ring
from trader import strategy_turn


def in_parts(order, market, terms):
    """A third of an order a tick below the price of paper, then the rest a tick above."""
    (whole,) = on_paper(order, market, terms)
    third = (order.qty / 3).quantize(market.amount_step)
    sizes = ((third, -market.price_tick, third), (order.qty - third, market.price_tick, order.qty))
    return tuple(
        replace(part, price=part.price + moved, filled=filled, exchange_trade_id=str(number))
        for number, (qty, moved, filled) in enumerate(sizes, 1)
        for part in on_paper(replace(order, qty=qty), market, terms)
        for part in (replace(part, order=whole.order),)
    )


@pytest.fixture
def room(tmp_path, monkeypatch):
    """A trader whose orders fill in parts, after two round trips: one closed, one open."""
    monkeypatch.setitem(strategy_turn.EXECUTORS, "paper", in_parts)
    settings, db = opened(tmp_path, high(more="stake: { fixed: 100 }\nexits: { stop: 0.03 }"))
    with db:
        feed(db, 99, 98, 101, 97, 104)
        made = assigned(settings, db)
        for number in (2, 3, 4):
            assert ring(made, number, upto=number) == 1
        yield db


def test_an_order_stands_once_at_the_mean_price_and_each_execution_is_a_trade(room):
    """0.988 of them: 0.329 at 101.05 and 0.659 at 101.07, a tick around the 101.06 of paper."""
    assert rows(room, f"select status, qty from orders where timestamp = {at(2)}") == [("filled", 0.988)]
    parts = rows(room, f"select exchange_trade_id, qty, price from trades where timestamp = {at(2)} order by trade_id")
    assert parts == [("1", 0.329, 101.05), ("2", 0.659, 101.07)]
    ((mean,),) = rows(room, f"select price from orders where timestamp = {at(2)}")
    assert mean == pytest.approx((0.329 * 101.05 + 0.659 * 101.07) / 0.988, rel=1e-14)


def test_the_position_is_entered_at_that_mean(room):
    """Its stop of 3 % below follows from it, rounded up to the tick, on the order's trades as in the position."""
    holding = positions.load(room, ["one"])["one"].position.holding
    ((mean,),) = rows(room, f"select price from orders where timestamp = {at(4)}")
    assert float(holding.entry_price) == mean
    stops = rows(room, f"select distinct stop from trades where timestamp = {at(4)}")
    assert stops == [(float(holding.stop),)] == [(math.ceil(mean * 97) / 100,)]


def test_the_round_trip_counts_once_and_all_adds_up(room):
    """Four trades closed and two open: the report says what follows from the rows."""
    assert rows(room, "select count(*), count(pnl), max(round_trip) from trades") == [(6, 2, 2)]
    assert [row["round_trip"] for row in reports.rows(room, "round_trips")] == [1]
    (row,) = reports.rows(room, "strategy_performance")
    assert (row["round_trips"], row["total_trades"]) == (1, 6)
    assert differing(row, Definition(Path(room.store)).strategy("one")) == {}
    assert balanced(room)


@pytest.mark.parametrize(("parts", "status", "qty"), [(0, "new", 0.0), (1, "open", 0.328671)])
def test_an_order_that_is_not_filled_whole_says_so(tmp_path, monkeypatch, parts, status, qty):
    """It stands there with what was ordered, at the decided price while nothing is filled, without a moment of a fill;
    what is held is what was filled, less the fee in coins.
    """
    monkeypatch.setitem(strategy_turn.EXECUTORS, "paper", lambda *order: in_parts(*order)[:parts])
    settings, db = opened(tmp_path, high(more="stake: { fixed: 100 }"))
    with db:
        feed(db, 99, 98, 101)
        ring(assigned(settings, db), 2)
        found = rows(db, "select status, qty, price, filled_ms from orders")
        assert found == [(status, 0.988, 101.05 if parts else 101.0, None)]
        position = positions.load(db, ["one"])["one"].position
        assert (float(position.ledger.qty), position.holding is not None) == (qty, bool(parts))
        assert balanced(db)
