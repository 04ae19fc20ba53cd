"""One series of an exchange that is not answered, is deep or cannot be made holds up no other series of it."""

import time
from dataclasses import replace

import pytest

from config.settings import SeriesSettings
from db.sqlite.connection import connect_readonly
from domain import timeframes
from domain.candles import Series
from exchange.simulated.faults import parse
from tests.backfilling import fleet, following, once, simulator, state, stored, unexplained, until
from tests.kit.rows import column, script

BITCOIN, ETHER = Series("binance", "BTC/USDT", "1m"), Series("binance", "ETH/USDT", "1m")
TWO = ("binance BTC/USDT 1m 50", "binance ETH/USDT 1m 50")
MANY = tuple(f"binance {symbol}/USDT {each} 50" for symbol in ("BTC", "ETH") for each in ("1m", "5m", "15m", "1h"))
SILENCES = ("broken", "hangs", "dropped")


def asked(running, series):
    """How often the simulated exchange was asked for candles of a series."""
    calls = running.traffic[series.exchange].report()["calls"]
    mine = (series.symbol, series.timeframe)
    return sum(call["requests"] for call in calls if (call["symbol"], call["timeframe"]) == mine)


def reached(settings):
    """What the backfiller's heartbeat says of the exchanges."""
    with connect_readonly(settings.database) as db:
        return str(column(db, "select detail from workers"))


@pytest.mark.parametrize("name", SILENCES)
def test_a_market_that_is_never_answered_holds_up_itself(tmp_path, name):
    """From the start: it is asked for less and less often, its neighbour gets every bar; later it is filled."""
    with simulator(speed=60.0, faults=(f"{name}:binance,symbol=BTC/USDT",)) as running:
        settings = fleet(tmp_path, running, *TWO, timeout=0.5)
        began = time.monotonic()
        with following(settings):
            until(lambda: len(stored(settings, ETHER)) >= 50)
            until(lambda: asked(running, BITCOIN) >= 8)
            assert time.monotonic() - began > 0.5 + 1 + 2  # newest bars and history, each in its own time
            before = len(stored(settings, ETHER))
            until(lambda: len(stored(settings, ETHER)) >= before + 3)
            assert '"binance": null' in reached(settings)
            until(lambda: "cannot be reached" in str(state(settings, BITCOIN)))
            assert not stored(settings, BITCOIN)
            running.faults.clear()
            until(lambda: len(stored(settings, BITCOIN)) >= 50)
        assert state(settings, BITCOIN) is None
    found = [each.timestamp for each in stored(settings, ETHER)]
    assert not unexplained(settings, ETHER, found[0], found[-1])


def test_a_market_that_falls_silent_is_made_up_for(tmp_path):
    """While it is followed: the others go on, and afterwards no bar of it is missing."""
    with simulator(speed=60.0) as running:
        settings = fleet(tmp_path, running, *TWO)
        with following(settings):
            until(lambda: min(len(stored(settings, each)) for each in (BITCOIN, ETHER)) >= 52)
            running.faults.add(parse("broken:binance,symbol=BTC/USDT"))
            until(lambda: "cannot be reached" in str(state(settings, BITCOIN)))
            newest = stored(settings, BITCOIN)[-1].timestamp
            until(lambda: stored(settings, ETHER)[-1].timestamp >= newest + 5 * 60)
            running.faults.clear()
            until(lambda: stored(settings, BITCOIN)[-1].timestamp > newest + 5 * 60)
        found = [each.timestamp for each in stored(settings, BITCOIN)]
        assert not unexplained(settings, BITCOIN, found[0], found[-1])


def test_an_exchange_that_is_down_is_not_asked_for_each_of_its_series(tmp_path):
    """Eight series, two requests after each wait, and the waits double; once it is back all of them are."""
    with simulator(speed=60.0, faults=("broken:binance,path=klines",)) as running:
        settings = fleet(tmp_path, running, *MANY)
        began = time.monotonic()
        with following(settings):
            until(lambda: sum(asked(running, Series(*each.split()[:3])) for each in MANY) >= 10)
            assert time.monotonic() - began > (0.5 + 1 + 2 + 4) / 2  # a wait is at least half of its ceiling
            until(lambda: "cannot be reached" in reached(settings))
            running.faults.clear()
            until(lambda: all(len(stored(settings, Series(*each.split()[:3]))) >= 50 for each in MANY))
            until(lambda: '"binance": null' in reached(settings))


def test_one_run_fills_what_is_answered(tmp_path):
    """And names the other: status 1."""
    with simulator(faults=("broken:binance,symbol=BTC/USDT",)) as running:
        settings = fleet(tmp_path, running, *TWO)
        assert once(settings) == 1
        assert asked(running, BITCOIN) <= 5
    assert (len(stored(settings, BITCOIN)), len(stored(settings, ETHER))) == (0, 50)


def test_new_bars_come_before_a_deep_history(tmp_path):
    """20,000 bars in 20 slow requests: the newest of the others, and its own, come meanwhile."""
    deep, other = BITCOIN, ETHER
    slow = "slow:binance,symbol=BTC/USDT,amount=0.35"
    with simulator(speed=60.0, faults=(slow,)) as running:
        settings = fleet(tmp_path, running, "binance BTC/USDT 1m 20000", "binance ETH/USDT 1m 100")
        wanted = timeframes.last_closed(running.clock.now_ms(), 60, 0) - 19_900 * 60
        with following(settings):
            until(lambda: stored(settings, other) and stored(settings, deep))
            assert stored(settings, deep)[0].timestamp > wanted
            first = {each: stored(settings, each)[-1].timestamp for each in (deep, other)}
            until(lambda: stored(settings, deep)[0].timestamp <= wanted)
            due = (running.clock.now_ms() / 1000 - first[other]) / 60
            for series in (deep, other):
                assert (stored(settings, series)[-1].timestamp - first[series]) / 60 > due / 2 > 3


@pytest.mark.parametrize("damage", ["high = 9e999", "volume = 9e999 * (1 - 2 * (timestamp / 7200 % 2))"])
def test_a_series_that_cannot_be_made_costs_itself(tmp_path, damage):
    """Bars of 4h out of 2h of which some are no candles: it says so, the others are made."""
    series = [Series("coinbase", symbol, "4h") for symbol in ("BTC/USD", "ETH/USD")]
    with simulator() as running:
        settings = fleet(tmp_path, running, "coinbase BTC/USD 2h 100")
        assert once(settings) == 0
        script(settings.database, f"pragma ignore_check_constraints = on; update ohlcv_data set {damage}")
        settings = fleet(tmp_path, running, "coinbase BTC/USD 4h 20", "coinbase ETH/USD 4h 20")
        assert once(settings) == 1
        assert [len(stored(settings, each)) for each in series] == [0, 20]
        assert str(state(settings, series[0])).startswith(("refused: ", "failed: "))
        assert state(settings, series[1]) is None


def test_an_exchange_that_ccxt_has_no_more_costs_itself(tmp_path):
    """Its series are named with the reason, those of the others are filled; beside one that follows, it stays told."""
    with simulator() as running:
        settings = fleet(tmp_path, running, "binance BTC/USDT 1h 20")
        gone = SeriesSettings(series=Series("gone", "BTC/USDT", "1h"))
        settings = replace(settings, series=(*settings.series, gone))
        assert once(settings) == 1
        assert len(stored(settings)) == 20
        with following(settings):
            until(lambda: "gone is an exchange that ccxt does not have" in reached(settings))
            until(lambda: '"binance": null' in reached(settings))
