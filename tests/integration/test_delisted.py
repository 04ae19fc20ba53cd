"""What is held of a market that is gone is sold beside the decisions, once; if it comes back, all goes on."""

from dataclasses import replace
from decimal import Decimal

import pytest
from structlog.testing import capture_logs

from db.fleet import controls, leases
from db.fleet.controls import Level
from db.market_data import candles, markets, storing
from db.trading import positions, recording
from db.trading.recording import Clocks
from domain.candles import Candle, SeriesState, Source
from domain.turns import Outcome
from runtime import clock
from tests.kit.rows import change, rows
from tests.kit.series import HOURLY, at, decided_ms
from tests.soak import check_trading
from tests.soak.facts import Facts
from tests.trading import SALES, actions, assigned, balanced, feed, high, holding, look, opened, ring
from trader.deciding import SeriesAdvance
from trader.sales import sell_delisted
from trader.strategy_turn import Conditions, SaleOrder, sale
from trader.turn import turn_of

WHY = "delisted: binance does not list BTC/USDT"


@pytest.fixture
def room(tmp_path):
    """A trader with one strategy that holds since the bar 3."""
    with holding(tmp_path) as (_, db, made):
        yield db, made


def vanish(db):
    """The exchange has not listed the market for long enough."""
    candles.set_state(db, HOURLY, WHY, SeriesState.DELISTED)


def gone(number=9):
    """The look of a trader that finds it gone."""
    return {SeriesAdvance(series=HOURLY, now_ms=decided_ms(number)): WHY}


def test_it_is_an_order_on_the_newest_decided_bar(room):
    """At its close, under the reason; no candle is decided by it."""
    db, made = room
    vanish(db)
    look(made, 9)
    assert actions(db) == ["enter"]
    assert rows(db, SALES) == [(at(3), 100.94, "exit", 1, WHY)]
    assert rows(db, "select timestamp, filled_ms from trades where side = 'sell'") == [(at(3), decided_ms(9))]
    account = positions.load(db, ["one"])["one"]
    assert (account.position.holding, account.decided_timestamp) == (None, at(3))
    assert balanced(db)
    look(made, 9)
    assert len(rows(db, SALES)) == 1


def test_bars_that_are_due_are_decided_first(room):
    """Those that came before the market went."""
    db, made = room
    feed(db, 102, 103, first=4)
    vanish(db)
    assert sell_delisted(made, gone())
    assert rows(db, SALES) == []
    look(made, 9)
    assert actions(db) == ["enter", "hold", "hold"]
    assert [row[:2] for row in rows(db, SALES)] == [(at(5), 102.94)]


def test_where_it_comes_back_every_bar_is_decided(room):
    """The one that follows the sale too, as flat; and it may go and be sold again."""
    db, made = room
    vanish(db)
    look(made, 9)
    for number in (4, 5):
        feed(db, 100 + number, first=number)
        look(made, number)
    vanish(db)
    look(made, 9)
    assert actions(db) == ["enter", "enter", "hold"]
    assert [row[0] for row in rows(db, SALES)] == [at(3), at(5)]
    assert rows(db, "select count(*), count(distinct client_order_id) from orders") == [(4, 4)]
    assert balanced(db)


def test_a_person_may_have_been_faster(room):
    """What was sold by order is not sold again; neither name meets the other."""
    db, made = room
    controls.put(db, ["one"], [Level.EXIT], "because", clock.now_ms())
    vanish(db)
    look(made, 9)
    assert [row[2:] for row in rows(db, SALES)] == [("manual", 1, "because")]


def test_an_exit_on_the_same_bar_has_another_name(room):
    """A position that came back under the same mark: the attempt is counted in the database."""
    db, made = room
    held = made.active["one"].position
    sell_delisted(made, gone())
    with db.write() as tx:
        tx.run("positions_save", **positions.columns("one", held))
    made.reload("one")
    sell_delisted(made, gone())
    assert [(row[0], row[3]) for row in rows(db, SALES)] == [(at(3), 1), (at(3), 2)]


def test_a_sale_that_was_not_heard_of_is_not_repeated(room):
    """The commit happened, the process believes that it still holds."""
    db, made = room
    before = made.active["one"]
    sell_delisted(made, gone())
    made.active["one"] = before
    sell_delisted(made, gone())
    assert len(rows(db, SALES)) == 1
    assert made.active["one"].position.holding is None


def sold(made, active, bar, attempt):
    """What the database makes of a sale that was worked out for this strategy on this bar."""
    conditions = Conditions(fleet_id=made.fleet_id, market=made.market(HOURLY))
    order = SaleOrder(WHY, "exit", attempt, active.run_id, decided_ms(9))
    turn = turn_of(made, active, (sale(active, bar, conditions, order),))
    return recording.sell(made.db, turn, active.decided, Clocks(clock.now_ms))


def test_the_database_refuses_what_has_passed(room):
    """A sale of what is sold already, under whatever name, and one worked out before another bar was decided."""
    db, made = room
    before, (bar,) = made.active["one"], candles.newest(db, HOURLY, 1)
    feed(db, 102, first=4)
    ring(made, 4)
    assert sold(made, before, bar, 1) is Outcome.ALREADY
    assert (rows(db, SALES), made.active["one"].position.holding is None) == ([], False)
    holding, (bar,) = made.active["one"], candles.newest(db, HOURLY, 1)
    assert [sold(made, holding, bar, attempt) for attempt in (1, 2)] == [Outcome.RECORDED, Outcome.ALREADY]
    assert len(rows(db, SALES)) == 1


def test_whoever_lost_the_lease_sells_nothing(room):
    """The one that has it now does."""
    db, made = room
    leases.release(db, "first")
    other = assigned(made.settings, db, "second")
    sell_delisted(made, gone())
    assert (made.active, rows(db, SALES)) == ({}, [])
    sell_delisted(other, gone())
    assert rows(db, "select epoch from orders where side = 'sell'") == [(2,)]


def test_what_cannot_be_sold_counts_as_flat(room):
    """The market takes no order any more: nobody tries again."""
    db, made = room
    markets.save(db, [replace(made.market(HOURLY), min_cost=Decimal(5000))], 2)
    vanish(db)
    look(made, 9)
    position = positions.load(db, ["one"])["one"].position
    assert (rows(db, SALES), position.holding, position.ledger.qty > 0) == ([], None, True)
    assert list(made.failed_series) == []
    assert balanced(db)


def test_what_cannot_be_recorded_is_told_once(room):
    """Not at every look; after another bar it is tried again."""
    db, made = room
    with pytest.MonkeyPatch.context() as patched, capture_logs() as told:
        patched.setattr(recording, "write_sale", lambda *_: (_ for _ in ()).throw(ValueError("more than 15 digits")))
        assert all(sell_delisted(made, gone()) for _ in range(3))
    assert [line["event"] for line in told] == ["sale_failed"]
    feed(db, 102, first=4)
    ring(made, 4)
    sell_delisted(made, gone())
    assert len(rows(db, SALES)) == 1


def test_many_are_sold_in_parts(tmp_path):
    """No part outlasts the lease, and each gets on, however slow the machine is."""
    settings, db = opened(tmp_path, high("one"), high("two"))
    with db:
        feed(db, 99, 98, 97, 101)
        made = assigned(settings, db)
        ring(made, 3)
        made.beats.length_ms = 0
        assert [(sell_delisted(made, gone()), len(rows(db, SALES))) for _ in range(3)] == [
            (False, 1),
            (False, 2),
            (True, 2),
        ]


def test_it_may_be_held(tmp_path):
    """`delisted: {then: hold}`: nothing is sold."""
    more = "exchanges: { binance: { delisted: { then: hold } } }\n"
    settings, db = opened(tmp_path, high(), more=more)
    with db:
        feed(db, 99, 98, 97, 101)
        made = assigned(settings, db)
        ring(made, 3)
        vanish(db)
        look(made, 9)
        assert rows(db, "select side from trades") == [("buy",)]
        assert made.active["one"].position.holding is not None


def test_the_soaks_checker_finds_it_right(tmp_path):
    """Whatever it works out anew; the same order under another reason is a violation."""
    settings, db = opened(
        tmp_path, high().replace("close > 100", "close > open").replace("close < 100", "close < open")
    )
    with db:
        feed(db, 99, 98, 97)
        risen = Candle(at(3), 97, 102, 96, 101, 5)
        storing.store(db, HOURLY, [risen], Source.EXCHANGE, 1)
        made = assigned(settings, db)
        ring(made, 3)
        sell_delisted(made, gone())
        facts = Facts(database=settings.database, journal=tmp_path, truth={})
        assert list(check_trading.decisions_are_right(facts)) == []
        change(db, "update orders set reason = 'something else'")
        assert list(check_trading.decisions_are_right(facts)) != []
