"""Filling and following, against the simulated exchange over HTTP."""

from itertools import pairwise

from db.market_data import markets
from db.sqlite.connection import connect_readonly
from domain.candles import Series
from domain.gaps import Cause
from tests.backfilling import NOW, fleet, following, holes, once, simulator, state, stored, unexplained, until
from tests.kit.candles import recorded
from tests.kit.rows import column, rows
from tests.kit.series import HOUR, HOURLY

KRAKEN = Series("kraken", "BTC/USD", "1h")
COINBASE = Series("coinbase", "ETH/USD", "5m")


def test_nothing_that_is_stored_is_fetched_again(tmp_path):
    """The second run asks for no candle."""
    with simulator() as running:
        settings = fleet(tmp_path, running, "binance BTC/USDT 1h 2500")
        once(settings)
        running.traffic["binance"].clear()
        assert once(settings) == 0
        calls = running.traffic["binance"].report()["calls"]
    assert not [call for call in calls if call["timeframe"]]
    assert len(stored(settings)) == 2500


def test_three_exchanges_fill_at_once(tmp_path):
    """Each with its own pages and its own holes."""
    with simulator() as running:
        settings = fleet(
            tmp_path, running, "binance BTC/USDT 1h 1500", "kraken BTC/USD 1h 700", "coinbase ETH/USD 5m 900"
        )
        assert once(settings) == 0
    assert [len(stored(settings, series)) for series in (HOURLY, KRAKEN)] == [1500, 700]
    assert not unexplained(settings, COINBASE, NOW // 300 * 300 - 900 * 300, NOW // 300 * 300 - 300)


def test_kraken_serves_the_newest_720(tmp_path):
    """The newest of them is unfinished; what is older is not offered, and says so."""
    with simulator() as running:
        settings = fleet(tmp_path, running, "kraken BTC/USD 1h 1000")
        assert once(settings) == 0
    found = stored(settings, KRAKEN)
    (gap,) = holes(settings, KRAKEN)
    assert (len(found), gap.cause, gap.bars(HOUR)) == (719, Cause.NOT_OFFERED, 281)


def test_a_real_outage_is_an_outage(tmp_path, data):
    """Binance on 2023-03-24: a hole between neighbours that stays when asked again."""
    truth = recorded(data, "binance__BTC-USDT__1h.csv.gz")
    with simulator(start=None, replay=(data / "candles" / "binance__BTC-USDT__1h.csv.gz",)) as running:
        settings = fleet(tmp_path, running, "binance BTC/USDT 1h 40000")
        assert once(settings) == 0
    found = stored(settings)
    assert found == truth[-len(found) :]
    pairs = [(a.timestamp, b.timestamp) for a, b in pairwise(found)]
    expected = [(before + HOUR, after - HOUR) for before, after in pairs if after - before > HOUR]
    assert [(gap.first_timestamp, gap.last_timestamp) for gap in holes(settings)] == expected
    assert {gap.cause for gap in holes(settings)} == {Cause.OUTAGE}


def test_a_bar_without_trades_is_proven(tmp_path, data):
    """Coinbase leaves such bars out; the hole is no outage."""
    with simulator() as running:
        settings = fleet(tmp_path, running, "coinbase ETH/USD 5m 3000")
        assert once(settings) == 0
    assert {gap.cause for gap in holes(settings, COINBASE)} == {Cause.NO_TRADES}
    assert not unexplained(settings, COINBASE, NOW // 300 * 300 - 3000 * 300, NOW // 300 * 300 - 300)


def test_before_the_listing_there_is_nothing(tmp_path, data):
    """History begins with the first candle that the exchange ever had."""
    with simulator(start=None, replay=(data / "candles" / "binance__PEPE-USDT__1h.csv.gz",)) as running:
        settings = fleet(tmp_path, running, "binance PEPE/USDT 1h 12000")
        assert once(settings) == 0
    series = Series("binance", "PEPE/USDT", "1h")
    truth = recorded(data, "binance__PEPE-USDT__1h.csv.gz")
    assert stored(settings, series) == truth
    assert holes(settings, series)[0].cause is Cause.BEFORE_LISTING
    assert holes(settings, series)[0].last_timestamp == truth[0].timestamp - HOUR


def test_a_missing_timeframe_is_made_from_a_finer_one(tmp_path):
    """Coinbase has no 4h: it comes out of 2h, marked as derived."""
    with simulator() as running:
        settings = fleet(tmp_path, running, "coinbase BTC/USD 4h 50")
        assert once(settings) == 0
    made = stored(settings, Series("coinbase", "BTC/USD", "4h"))
    finer = stored(settings, Series("coinbase", "BTC/USD", "2h"))
    assert len(made) == 50
    parts = [each for each in finer if made[-1].timestamp <= each.timestamp < made[-1].timestamp + 4 * HOUR]
    assert (made[-1].open, made[-1].close) == (parts[0].open, parts[-1].close)
    assert made[-1].high == max(each.high for each in parts)
    with connect_readonly(settings.database) as db:
        sources = rows(db, "select distinct timeframe, source from ohlcv_data order by 1")
    assert [tuple(row) for row in sources] == [("2h", 0), ("4h", 2)]


def test_traders_find_the_market(tmp_path):
    """Steps, minima and fees."""
    with simulator() as running:
        settings = fleet(tmp_path, running, "binance BTC/USDT 1h 10")
        once(settings)
    with connect_readonly(settings.database) as db:
        market = markets.load(db, "binance", "BTC/USDT")
    assert (str(market.amount_step), str(market.price_tick), str(market.min_cost)) == ("0.00001", "0.01", "5.0")


def test_an_unlisted_market_stops_nobody_else(tmp_path):
    """It says what is wrong; the other series fill; the run reports it."""
    with simulator() as running:
        settings = fleet(tmp_path, running, "binance BTC/USDT 1h 10", "binance DOGE/EUR 1h 10")
        assert once(settings) == 1
    assert len(stored(settings)) == 10
    assert "not listed" in state(settings, Series("binance", "DOGE/EUR", "1h"))


def test_a_dead_exchange_holds_up_nobody(tmp_path):
    """Kraken hangs; Binance fills meanwhile."""
    with simulator(faults=("hangs:kraken",)) as running:
        settings = fleet(tmp_path, running, "binance BTC/USDT 1h 900", "kraken BTC/USD 1h 100", timeout=0.5)
        with following(settings):
            until(lambda: len(stored(settings)) == 900)
            until(lambda: "cannot be reached" in str(detail(settings)))
        assert not stored(settings, KRAKEN)


def test_a_closed_exchange_is_told_and_holds_up_nobody(tmp_path):
    """Its candles can be had from files only: that is no failure of a thread."""
    with simulator() as running:
        settings = fleet(tmp_path, running, "binance BTC/USDT 1h 10", "bittrex BTC/USDT 1h 10")
        with following(settings):
            until(lambda: '"bittrex": "is closed' in str(detail(settings)))
            until(lambda: len(stored(settings)) == 10)


def detail(settings):
    """What the backfiller's heartbeat says of the exchanges."""
    return column(settings.database, "select detail from workers")


def test_the_exchange_comes_back(tmp_path):
    """Without anybody doing anything."""
    with simulator(faults=("dropped:binance",)) as running:
        settings = fleet(tmp_path, running, "binance BTC/USDT 1h 100")
        with following(settings):
            until(lambda: "cannot be reached" in str(detail(settings)))
            running.faults.clear()
            until(lambda: len(stored(settings)) == 100)
            until(lambda: '"binance": null' in str(detail(settings)))


def test_one_request_for_each_candle(tmp_path):
    """Following 20 bars at 600 times the speed takes about 20 requests, however long it waits in between."""
    series = Series("binance", "BTC/USDT", "5m")
    with simulator(speed=600.0) as running:
        settings = fleet(tmp_path, running, "binance BTC/USDT 5m 100")
        with following(settings):
            until(lambda: len(stored(settings, series)) >= 101)
            running.traffic["binance"].clear()
            before = len(stored(settings, series))
            until(lambda: len(stored(settings, series)) >= before + 20)
        calls = running.traffic["binance"].report()["calls"]
    asked = sum(call["requests"] for call in calls if call["timeframe"])
    assert asked <= len(stored(settings, series)) - before + 4


def test_a_correction_is_a_recorded_revision(tmp_path):
    """The last two bars are asked for again with each new one; the old value is kept."""
    series = Series("binance", "BTC/USDT", "5m")
    opened = NOW // 300 * 300 - 300
    with simulator(speed=300.0, faults=(f"revised:binance,first={opened},last={opened},count=1",)) as running:
        settings = fleet(tmp_path, running, "binance BTC/USDT 5m 10")
        with following(settings):
            until(lambda: revisions(settings) == [opened])
    assert opened in [candle.timestamp for candle in stored(settings, series)]


def revisions(settings):
    """The opens of candles of which an older value is kept."""
    with connect_readonly(settings.database) as db:
        return column(db, "select timestamp from ohlcv_revisions")


def test_an_unfinished_candle_never_shows(tmp_path):
    """Every stored bar had closed, by the exchange's own clock, when it was stored."""
    series = Series("binance", "BTC/USDT", "1m")
    with simulator(speed=60.0) as running:
        settings = fleet(tmp_path, running, "binance BTC/USDT 1m 50")
        with following(settings):
            start = running.clock.now_ms()
            until(lambda: len(stored(settings, series)) >= 50)
            while running.clock.now_ms() < start + 300_000:
                newest = stored(settings, series)[-1].timestamp
                assert newest + 60 <= running.clock.now_ms() / 1000


def test_downtime_is_made_up_for(tmp_path):
    """A backfiller that comes back finds every bar it missed."""
    series = Series("binance", "BTC/USDT", "1m")
    with simulator(speed=600.0) as running:
        settings = fleet(tmp_path, running, "binance BTC/USDT 1m 100")
        with following(settings):
            until(lambda: len(stored(settings, series)) >= 100)
        count = len(stored(settings, series))
        now = running.clock.now_ms()
        until(lambda: running.clock.now_ms() - now > 60_000 * 10)
        with following(settings):
            until(lambda: len(stored(settings, series)) >= count + 10)
    found = stored(settings, series)
    assert not unexplained(settings, series, found[0].timestamp, found[-1].timestamp)
    assert all(b.timestamp - a.timestamp == 60 for a, b in pairwise(found))


def test_the_warmup_of_a_strategy_is_fetched_whatever_since_says(tmp_path):
    """RSI needs 322 bars, and 100 are kept beyond: a date one day back leaves none of them out."""
    (tmp_path / "strategies").mkdir()
    named = "strategy_id: one\nexchange: binance\nsymbol: BTC/USDT\ntimeframe: 1h\nstrategy: rsi\ncapital: 1000\n"
    (tmp_path / "strategies" / "one.yaml").write_text(named)
    with simulator() as running:
        settings = fleet(tmp_path, running, "binance BTC/USDT 1h 2024-12-31")
        assert once(settings) == 0
    assert len(stored(settings)) == 422


def test_history_since_a_date(tmp_path):
    """`since` reaches back to that day."""
    with simulator() as running:
        settings = fleet(tmp_path, running, "binance BTC/USDT 1h 2024-12-01")
        assert once(settings) == 0
    assert stored(settings)[0].timestamp == 1_733_011_200
