"""Series that nobody wants any more: a typing error leaves nothing behind, candles are never deleted."""

import pytest

from backfiller import unwanted
from db.fleet import workers
from db.market_data import candles, gaps
from db.reading import problems
from db.reading.status import status
from db.sqlite.connection import connect
from domain.candles import Series, SeriesState
from domain.gaps import Cause
from runtime import clock
from tests.backfilling import fleet, following, simulator, until
from tests.kit.rows import rows
from tests.kit.series import ETHER, HOUR, HOURLY, START, at
from tests.trading import feed, high, opened
from tests.trading import holding as held_since
from trader import registration

GHOST = Series("binance", "BTC/USDD", "1h")


@pytest.fixture
def room(tmp_path):
    """A strategy on BTC/USDT, what a typing error has left beside it, and candles of a series that was wanted once."""
    settings, db = opened(tmp_path, high())
    with db:
        registration.register(db, settings, 1)
        gaps.mark(db, GHOST, START, at(9), Cause.NOT_FETCHED)
        candles.set_state(db, GHOST, "not listed: no such market", SeriesState.NOT_LISTED)
        feed(db, 99, 98, series=ETHER)
        feed(db, 99, 98, 97)
        gaps.mark(db, ETHER, START - HOUR, START - HOUR, Cause.OUTAGE)
        yield db


def states(db):
    """How every series stands that anybody is told of."""
    found = status(db, 1000 * at(99))
    return {each.series: each.state_code for each in found.series}, problems.problems(found, {}, clock.now_ms())


def test_a_series_without_a_candle_is_forgotten(room):
    """It stands in no listing, is no red line, and no gap of it is told."""
    assert unwanted.settle(room, {HOURLY})
    found, told = states(room)
    assert GHOST not in found
    assert told == []
    assert rows(room, "select distinct symbol from gaps") == [("ETH/USDT",)]


def test_candles_that_nobody_wants_stay(room):
    """Their series says that nobody is on it, which is no trouble, and says so no more once somebody is."""
    unwanted.settle(room, {HOURLY})
    assert states(room)[0] == {HOURLY: None, ETHER: SeriesState.UNWANTED}
    assert len(candles.newest(room, ETHER, 9)) == 2
    unwanted.settle(room, {HOURLY, ETHER})
    assert states(room)[0] == {HOURLY: None, ETHER: None}


def test_what_a_strategy_is_on_is_wanted(room):
    """Whether or not the backfiller has read of it: it looks again then."""
    assert not unwanted.settle(room, set())
    assert states(room)[0] == {HOURLY: None, ETHER: SeriesState.UNWANTED}


def test_what_is_held_is_wanted(tmp_path):
    """Also by a strategy that is removed: its exits need the candles."""
    with held_since(tmp_path) as (_, db, _):
        with db.write() as tx:
            tx.run("strategies_enable", strategy_id="one", enabled=0)
        assert not unwanted.settle(db, set())
        assert states(db)[0] == {HOURLY: None}


def test_what_is_left_to_another_backfiller(room):
    """Series of an exchange for which it acts: it may follow what we do not. Those of the others are ours to judge."""
    assert unwanted.settle(room, set(), {"binance"})
    assert GHOST in states(room)[0]
    assert unwanted.settle(room, {HOURLY}, {"kraken"})
    assert GHOST not in states(room)[0]


def test_a_backfiller_forgets_at_its_start(tmp_path):
    """What a process before has left, while it follows what is wanted and what that is made from."""
    with simulator() as running:
        settings = fleet(tmp_path, running, "kraken BTC/USD 2h 20")
        with connect(settings.database, any_filesystem=True) as db:
            candles.set_state(db, GHOST, "not listed: no such market", SeriesState.NOT_LISTED)
            with following(settings):
                until(lambda: GHOST not in candles.heads(db))
                until(lambda: len(candles.heads(db)) == 2)
            assert {each.symbol for each in candles.heads(db)} == {"BTC/USD"}


def test_a_backfiller_of_some_series_forgets_none(tmp_path):
    """It does not know what else is wanted."""
    with simulator() as running:
        settings = fleet(tmp_path, running, "binance BTC/USDT 1h 20")
        with connect(settings.database, any_filesystem=True) as db:
            candles.set_state(db, GHOST, "not listed: no such market", SeriesState.NOT_LISTED)
            with following(settings, "binance:BTC/USDT:1h"):
                until(lambda: HOURLY in candles.heads(db))
                beats = workers.workers(db)[0].beat_ms
                until(lambda: workers.workers(db)[0].beat_ms > beats)
            assert GHOST in candles.heads(db)
