"""The machine's clock is wrong, or the exchange's: no unfinished bar is stored, and nobody trades on old prices.

Candle time runs 60 times as fast: half a second of the machine's clock is half a minute of it.
"""

import pytest

from db.market_data import exchanges
from db.sqlite.connection import connect_readonly
from domain.candles import Series
from exchange.simulated.faults import parse
from tests.backfilling import fleet, simulator, stored, until
from tests.fleet_processes import begin, machine_clock
from tests.kit.rows import rows
from tests.trading import feed

MINUTELY = Series("binance", "BTC/USDT", "1m")
BARS = 8


@pytest.fixture
def running():
    """A simulated exchange on which a minute lasts a second."""
    with simulator(speed=60.0) as found:
        yield found


@pytest.fixture
def settings(tmp_path, running):
    """A fleet of one series."""
    return fleet(tmp_path, running, "binance BTC/USDT 1m 20")


@pytest.fixture
def backfiller(settings):
    """Begins the backfiller; it is ended after the test."""
    started = []
    yield lambda: started.append(begin(settings, "backfiller"))
    for each in started:
        each.terminate()
        assert each.wait(60) == 0


def advances(settings):
    """Some candles more."""
    count = len(stored(settings, MINUTELY))
    until(lambda: len(stored(settings, MINUTELY)) >= count + BARS)


def offset(settings):
    """What the exchange's clock is ahead of this machine's, seconds of candle time."""
    with connect_readonly(settings.database) as db:
        return exchanges.offsets(db).get("binance", 0) / 1000


def revised(settings):
    """Bars that were stored before they were finished: the exchange has other values for them now."""
    return rows(settings.database, "select timestamp from ohlcv_revisions")


def test_a_clock_that_is_slewed_right_closes_no_bar_too_early(settings, backfiller):
    """Half a minute behind at start, then put right in steps that are no leaps."""
    machine_clock(settings).write_text("-0.5")
    backfiller()
    until(lambda: len(stored(settings, MINUTELY)) >= 20 and offset(settings) > 10)
    machine_clock(settings).write_text("-0.5 0.1")
    until(lambda: abs(offset(settings)) < 5)
    advances(settings)
    assert not revised(settings)


def test_a_clock_that_gets_ahead_closes_no_bar_too_early(settings, backfiller):
    """By 12 seconds of candle time, which is no leap."""
    backfiller()
    until(lambda: len(stored(settings, MINUTELY)) >= 20)
    machine_clock(settings).write_text("0.2")
    until(lambda: -20 < offset(settings) < -5)
    advances(settings)
    assert not revised(settings)


def test_a_machine_that_stood_still_hears_it_from_the_next_answer(settings, backfiller, running):
    """The world has gone on for two hours, its clocks have not: the Date of an answer says so before anybody acts."""
    backfiller()
    until(lambda: len(stored(settings, MINUTELY)) >= 20)
    running.clock.jump(running.clock.now_ms() + 7_200_000)
    until(lambda: offset(settings) > 7_000)
    advances(settings)
    assert not revised(settings)


def test_an_exchange_whose_own_clock_is_set_is_followed(settings, backfiller, running):
    """Its bars close when it says so."""
    backfiller()
    until(lambda: len(stored(settings, MINUTELY)) >= 20)
    running.faults.add(parse("skewed:binance,amount=90"))
    until(lambda: 60 < offset(settings) < 120)
    advances(settings)
    assert not revised(settings)


def test_a_trader_whose_machine_is_hours_behind_enters_on_no_old_price(trading):
    """The backfiller has learnt it from the exchange; by the machine's own clock the bar had just closed."""
    settings, db = trading
    exchanges.set_offset(db, "binance", 2 * 3_600_000)
    feed(db, 101, first=3)
    until(lambda: rows(settings.database, "select count(*) from decisions") == [(2,)])
    assert rows(settings.database, "select action from decisions order by timestamp desc limit 1") == [("stale",)]
