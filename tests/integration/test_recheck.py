"""Every cause can be asked for again: by a run of its own, and through the backfiller that runs already."""

import pytest

from backfiller import worker
from backfiller.options import BackfillOptions
from db.market_data import backfill_requests, gaps
from db.sqlite.connection import connect, connect_readonly
from domain.candles import Series
from domain.errors import ConfigError
from domain.gaps import Cause
from exchange.simulated.faults import parse
from runtime.stop import Stop
from tests.backfilling import NOW, fixed, fleet, following, holes, once, simulator, stored, until
from tests.kit.rows import change
from tests.kit.series import HOUR, HOURLY

LAST = NOW // HOUR * HOUR - HOUR
NAME = "binance:BTC/USDT:1h"
FINAL = [Cause.BEFORE_LISTING, Cause.DELISTED, Cause.NOT_OFFERED, Cause.NO_TRADES, Cause.OUTAGE, Cause.REJECTED]


def forget(settings, cause, first=200, last=100):
    """Bars that were stored are gone, for a cause that somebody believed."""
    with connect(settings.database) as db:
        key = gaps.series_key(HOURLY)
        span = {"first": LAST - first * HOUR, "last": LAST - last * HOUR}
        statement = (
            "delete from ohlcv_data where exchange = :exchange and symbol = :symbol and timeframe = :timeframe"
            " and timestamp between :first and :last"
        )
        change(db, statement, key | span)
        gaps.mark(db, HOURLY, span["first"], span["last"], cause)


def again(settings, *names):
    """A whole run of `backfill --recheck`."""
    return worker.run(fixed(settings), BackfillOptions(frozenset(names), once=True, recheck=True), Stop())


@pytest.mark.parametrize("cause", FINAL)
def test_a_cause_that_is_wrong_is_put_right(tmp_path, cause):
    """An ordinary run believes it; this one asks."""
    with simulator() as running:
        settings = fleet(tmp_path, running, "binance BTC/USDT 1h 500")
        assert once(settings) == 0
        forget(settings, cause)
        assert again(settings, NAME) == 0
    assert len(stored(settings)) == 500
    assert not holes(settings)


@pytest.mark.parametrize("cause", [Cause.NO_TRADES, Cause.BEFORE_LISTING])
def test_a_cause_that_is_right_stays(tmp_path, cause):
    """Asked for again, with its neighbours; at Binance such a hole is an outage."""
    span = (LAST - 200 * HOUR, LAST - 100 * HOUR)
    with simulator(faults=(f"missing:binance,timeframe=1h,first={span[0]},last={span[1]}",)) as running:
        settings = fleet(tmp_path, running, "binance BTC/USDT 1h 500")
        once(settings)
        forget(settings, cause)
        assert again(settings) == 0
    assert holes(settings) == [(*span, Cause.OUTAGE)]


def test_what_nobody_answers_is_open_again(tmp_path):
    """A cause that cannot be proven any more is none: the run fails, and the next one asks."""
    with simulator() as running:
        settings = fleet(tmp_path, running, "binance BTC/USDT 1h 500")
        once(settings)
        forget(settings, Cause.DELISTED)
        running.clock.run(0)
        broken = f"wrong:binance,first={LAST - 200 * HOUR},last={LAST - 100 * HOUR}"
        running.faults.add(parse(broken))
        assert again(settings, NAME) == 1
        running.faults.clear()
        assert once(settings) == 0
    assert not holes(settings)


def test_beside_a_running_backfiller_that_one_does_it(tmp_path):
    """The command marks the series, waits and ends; the running one has asked, once."""
    with simulator() as running:
        settings = fleet(tmp_path, running, "binance BTC/USDT 1h 500")
        with following(settings):
            until(lambda: len(stored(settings)) == 500)
            forget(settings, Cause.BEFORE_LISTING)
            assert again(settings, NAME) == 0
            with connect_readonly(settings.database) as db:
                assert not backfill_requests.waiting(db, "binance")
            assert len(stored(settings)) == 500


def test_one_that_was_told_other_series_does_it_too(tmp_path):
    """Whoever acts for the exchange acts for all of it: a series that it was not told to keep is filled and kept."""
    other = Series("binance", "ETH/USDT", "1h")
    with simulator() as running:
        settings = fleet(tmp_path, running, "binance BTC/USDT 1h 20", "binance ETH/USDT 1h 30")
        with following(settings, NAME):
            until(lambda: len(stored(settings)) == 20)
            assert not stored(settings, other)
            assert again(settings) == 0
    assert [len(stored(settings, each)) for each in (HOURLY, other)] == [20, 30]


def test_what_is_made_from_others_is_looked_at_through_them(tmp_path):
    """Coinbase lacks 4h: the bars of 2h are asked for again, and those of 4h made."""
    longer, finer = Series("coinbase", "BTC/USD", "4h"), Series("coinbase", "BTC/USD", "2h")
    with simulator() as running:
        settings = fleet(tmp_path, running, "coinbase BTC/USD 4h 50")
        once(settings)
        with connect(settings.database) as db:
            for series in (longer, finer):
                bar = stored(settings, longer)[20].timestamp
                change(db, f"delete from ohlcv_data where timestamp = {bar} and timeframe = '{series.timeframe}'")
                gaps.mark(db, series, bar, bar, Cause.DELISTED)
        assert again(settings, "coinbase:BTC/USD:4h") == 0
    assert len(stored(settings, longer)) == 50
    assert not holes(settings, longer) + holes(settings, finer)


def test_a_name_that_nobody_has(tmp_path):
    """Nothing is asked for."""
    with simulator() as running:
        settings = fleet(tmp_path, running, "binance BTC/USDT 1h 10")
        with pytest.raises(ConfigError, match="no series"):
            again(settings, "binance:BTC/USDT:5m")
