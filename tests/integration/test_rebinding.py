"""An id that has decided nothing of its own follows its file to another series; one that has is bound for ever."""

from dataclasses import replace

import pytest

from db.market_data import markets, storing
from db.trading import registration
from domain.candles import Series, Source
from runtime.agreement import registrations
from tests.kit.candles import bar
from tests.kit.rows import change, rows
from tests.kit.series import ETHER, HOUR, START, decided_ms
from tests.replayed import settings as configured
from tests.trading import MARKET, PATIENT, assigned, feed, high, opened, ring, take
from trader import registration as registering
from trader.deciding import SeriesAdvance

QUARTERS = Series("binance", "BTC/USDT", "15m")
ROWS = ("decisions", "equity", "daily_totals", "retention_marks")


@pytest.fixture
def room(tmp_path):
    """A strategy that is registered on BTC/USDT 1h, and its folder."""
    settings, db = opened(tmp_path, high())
    with db:
        registering.register(db, settings, 1)
        yield tmp_path, db


def mended(room, *, more="", **said):
    """Its file says something else now, such as symbol="ETH/USDT": the settings."""
    lines = (line.split(": ", 1) for line in high().strip().splitlines())
    return configured(room[0], ["\n".join(f"{key}: {said.get(key, value)}" for key, value in lines)], PATIENT + more)


def register(room, settings):
    """What is said of what a file says."""
    return registration.register(room[1], registrations(settings), 2)


def warmed(room, more=""):
    """A trader that has decided one bar, on which the strategy was warming up."""
    feed(room[1], 101)
    made = assigned(mended(room, more=more), room[1])
    assert ring(made, 0) == 1
    assert rows(room[1], "select code from strategy_totals") == [("warming_up",)]
    return made


@pytest.mark.parametrize("said", [{"symbol": "ETH/BTC"}, {"exchange": "kraken"}, {"timeframe": "15m"}])
def test_an_id_that_never_decided_follows_its_file(room, said):
    """Under another run; it is on what the file says."""
    settings = mended(room, **said)
    assert register(room, settings) == {}
    (series,) = (each.series for each in settings.strategies)
    found = rows(room[1], "select exchange, symbol, timeframe, quote, run_id from strategies")
    quote = series.symbol.partition("/")[2]
    assert found == [(series.exchange, series.symbol, series.timeframe, quote, "one.2")]
    assert register(room, settings) == {}
    assert rows(room[1], "select count(*) from runs") == [(2,)]


def test_nothing_is_left_of_where_it_was_warming_up(room):
    """No row is of the series of before, and the capital is what the file says; it is configured again, without the
    error of before.
    """
    warmed(room)
    db = room[1]
    change(db, "insert into retention_marks (strategy_id, decisions_before, equity_before) values ('one', 1, 1)")
    change(db, "update strategies set enabled = 0, last_error = 'boom'")
    assert register(room, mended(room, symbol="ETH/USDT", capital="700")) == {}
    assert rows(db, "select enabled, last_error from strategies") == [(1, None)]
    assert [rows(db, f"select count(*) from {table}") for table in ROWS] == [[(0,)]] * len(ROWS)
    assert rows(db, "select run_id, decided from run_totals") == [("one.2", 0)]
    assert rows(db, "select decided, equity, action from strategy_totals") == [(0, 700, None)]
    assert rows(db, "select cash, qty from positions") == [(700, 0)]


@pytest.mark.parametrize("more", ["", "retention: { decisions: 0 }\n"])
def test_an_id_that_has_decided_is_bound(room, more):
    """That it wished nothing is a decision of its own, also where no row of it is kept."""
    made = warmed(room, more)
    feed(room[1], 99, first=1)
    assert ring(made, 1) == 1
    assert "fleet rename one one-old" in register(room, mended(room, symbol="ETH/USDT"))["one"]
    assert rows(room[1], "select symbol, run_id from strategies") == [("BTC/USDT", "one.1")]


def test_whoever_has_not_read_the_file_decides_nothing_more(room):
    """Neither under the run of before nor, on the old series, under the new one; its lease goes to who has."""
    made = warmed(room)
    register(room, mended(room, symbol="ETH/USDT"))
    feed(room[1], 101, first=1)
    assert ring(made, 1) == 0
    assert made.claim() == set()
    markets.save(room[1], [replace(MARKET, symbol="ETH/USDT", market_id="ETHUSDT", base="ETH")], 1)
    feed(room[1], 50, 60, 70, series=ETHER)
    other = assigned(mended(room, symbol="ETH/USDT"), room[1], "second")
    assert take(other, SeriesAdvance(series=ETHER, now_ms=decided_ms(2), stored_ms=1)) == 2
    assert rows(room[1], "select distinct run_id, epoch from decisions") == [("one.2", 2)]


def test_no_candle_is_decided_again(room):
    """There and back again: the bar that was decided stays so, whatever was stored meanwhile; the next counts."""
    warmed(room).release()
    quarters = [bar(number, 101, length=900) for number in range(4)]
    storing.store(room[1], QUARTERS, quarters, Source.EXCHANGE, 1)
    for timeframe in ("15m", "1h"):
        register(room, mended(room, timeframe=timeframe))
    made = assigned(mended(room), room[1], "second")
    assert ring(made, 0) == 0
    feed(room[1], 99, first=1)
    assert ring(made, 1) == 1
    assert rows(room[1], "select timestamp, run_id from decisions") == [(START + HOUR, "one.3")]


def test_a_longer_bar_that_is_still_open_counts(room):
    """From minutes to hours: the hour in which the minutes were decided is the first to be decided."""
    quarters = [bar(number, 101, length=900) for number in range(2)]
    register(room, mended(room, timeframe="15m"))
    storing.store(room[1], QUARTERS, quarters[:1], Source.EXCHANGE, 1)
    minutes = assigned(mended(room, timeframe="15m"), room[1])
    assert take(minutes, SeriesAdvance(series=QUARTERS, now_ms=1000 * (START + 901), stored_ms=1)) == 1
    minutes.release()
    register(room, mended(room))
    feed(room[1], 98, 99, first=-1)
    made = assigned(mended(room), room[1], "second")
    assert ring(made, 0) == 1
    assert [row[0] for row in rows(room[1], "select timestamp from decisions")] == [START]
