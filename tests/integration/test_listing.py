"""Markets that are halted, missing for a while, or gone: only the last are sold, and all of them come back."""

from dataclasses import replace

import pytest

from config.settings import Delisted
from db.market_data import candles, exchanges, markets
from db.sqlite.connection import connect, connect_readonly
from domain.candles import Series, SeriesState
from domain.gaps import Cause
from exchange.simulated.faults import parse
from tests.backfilling import fleet, following, holes, simulator, stored, until
from tests.kit.rows import rows

SERIES = Series("binance", "BTC/USDT", "5m")


@pytest.fixture
def impatient(monkeypatch):
    """The listing is read five times a second."""
    monkeypatch.setattr("backfiller.exchange_markets.RECHECK", 200)
    monkeypatch.setattr("backfiller.exchange_markets.REFRESH", 200)


@pytest.fixture
def running(impatient):
    """A simulated exchange on which five minutes last a second."""
    with simulator(speed=300.0) as found:
        yield found


def waiting(folder, running, after):
    """A fleet of one series, where a market is gone after so many seconds."""
    settings = fleet(folder, running, "binance BTC/USDT 5m 20")
    patient = replace(settings.exchanges["binance"], delisted=Delisted(after=float(after)))
    return replace(settings, exchanges=settings.exchanges | {"binance": patient})


def code(settings):
    """Why the series stands still."""
    with connect_readonly(settings.database) as db:
        head = candles.heads(db).get(SERIES)
        return head and head.state_code


def absence(settings):
    """Since when the market is missing."""
    with connect_readonly(settings.database) as db:
        return markets.absences(db, "binance").get("BTC/USDT")


def active(settings):
    """Whether the market is traded."""
    with connect_readonly(settings.database) as db:
        return markets.load(db, "binance", "BTC/USDT").active


def advances(settings):
    """A candle more."""
    newest = stored(settings, SERIES)[-1].timestamp
    until(lambda: stored(settings, SERIES)[-1].timestamp > newest)


def test_a_market_that_is_gone_for_long_is_delisted_and_may_come_back(tmp_path, running):
    """First it is missing, then gone; the bars since are asked for again once it is back."""
    settings = waiting(tmp_path, running, 900)
    with following(settings):
        until(lambda: len(stored(settings, SERIES)) >= 21)
        running.faults.add(parse("vanished:binance,symbol=BTC/USDT"))
        until(lambda: code(settings) is SeriesState.NOT_LISTED)
        until(lambda: code(settings) is SeriesState.DELISTED)
        until(lambda: holes(settings, SERIES)[-1].cause is Cause.DELISTED)
        running.faults.clear()
        until(lambda: code(settings) is None and not holes(settings, SERIES))
        advances(settings)
    assert absence(settings) is None


def test_a_restart_neither_forgets_an_absence_nor_counts_twice(tmp_path, running):
    """Maintenance of minutes, and a backfiller that is started again and again: not gone."""
    settings = waiting(tmp_path, running, 86_400)
    with following(settings):
        until(lambda: len(stored(settings, SERIES)) >= 20)
        running.faults.add(parse("vanished:binance,symbol=BTC/USDT"))
        until(lambda: absence(settings))
    first = absence(settings)
    for _ in range(3):
        with following(settings):
            until(lambda: code(settings) is SeriesState.NOT_LISTED)
    assert absence(settings) == first
    assert first.looks == 1


def test_an_answer_without_any_market_is_silence(tmp_path, running):
    """Before and after a restart: nothing is gone, and what was missed comes in."""
    settings = waiting(tmp_path, running, 60)
    with following(settings):
        until(lambda: len(stored(settings, SERIES)) >= 20)
        running.faults.add(parse("vanished:binance"))
        until(lambda: code(settings) is SeriesState.NOT_LISTED)
    with following(settings):
        until(lambda: "lists no market" in str(rows(settings.database, "select detail from workers")))
        running.faults.clear()
        until(lambda: code(settings) is None)
        advances(settings)
    assert absence(settings) is None
    assert not holes(settings, SERIES)


def shrunken(settings):
    """An exchange that seems to have listed a thousand markets before."""
    with connect(settings.database, any_filesystem=True) as db:
        exchanges.set_markets(db, "binance", 1000)


def listed(settings):
    """How many markets the exchange is believed to list."""
    with connect_readonly(settings.database) as db:
        return exchanges.load(db)["binance"].markets


@pytest.mark.parametrize(("after", "gone"), [(900, True), (86_400, False)])
def test_a_list_that_is_short_for_good_is_the_truth(tmp_path, running, after, gone):
    """As soon as enough looks, far enough apart, have missed one of our markets, and not before."""
    settings = waiting(tmp_path, running, after)
    with following(settings):
        until(lambda: len(stored(settings, SERIES)) >= 20)
        shrunken(settings)
        running.faults.add(parse("vanished:binance,symbol=BTC/USDT"))
        until(lambda: absence(settings))
        if gone:
            until(lambda: code(settings) is SeriesState.DELISTED)
            assert listed(settings) < 10
        else:
            until(lambda: running.clock.now_ms() > absence(settings).since_ms + 900_000)
            assert listed(settings) == 1000
            assert absence(settings).looks == 1
        running.faults.clear()
        until(lambda: code(settings) is None and absence(settings) is None)


def test_a_short_list_that_has_all_of_ours_is_believed(tmp_path, running):
    """What it leaves out concerns nobody."""
    settings = waiting(tmp_path, running, 900)
    with following(settings):
        until(lambda: len(stored(settings, SERIES)) >= 20)
        shrunken(settings)
        until(lambda: listed(settings) < 10)
        advances(settings)


def test_a_halted_market_keeps_its_candles(tmp_path, running):
    """It is not gone: traders know, candles are still asked for, and it goes on by itself."""
    settings = waiting(tmp_path, running, 60)
    with following(settings):
        until(lambda: len(stored(settings, SERIES)) >= 20)
        running.faults.add(parse("halted:binance,symbol=BTC/USDT"))
        until(lambda: code(settings) is SeriesState.HALTED and not active(settings))
        advances(settings)
        assert code(settings) is SeriesState.HALTED
        running.faults.clear()
        until(lambda: code(settings) is None and active(settings))


def test_an_oddly_described_market_says_so(tmp_path, running):
    """As long as it is."""
    settings = waiting(tmp_path, running, 60)
    running.faults.add(parse("odd:binance,symbol=BTC/USDT,word=nan"))
    with following(settings):
        until(lambda: code(settings) is SeriesState.ODD_MARKET)
        running.faults.clear()
        until(lambda: code(settings) is None and active(settings))
