"""Every fault of the simulated exchange: nothing wrong is stored, and once it is over everything is right."""

import pytest

from db.market_data import quarantine
from db.sqlite.connection import connect_readonly
from exchange.simulated.faults import TABLE
from tests.backfilling import NOW, fleet, once, simulator, state, stored, unexplained
from tests.kit.series import HOURLY

SERIES = "binance BTC/USDT 1h 1200"
LAST = NOW // 3600 * 3600 - 3600
FIRST = LAST - 1199 * 3600
TEN = f"first={LAST - 300 * 3600},last={LAST - 291 * 3600}"
# How each fault is told, and the exit status of the run that meets it: 0 it was overcome, 1 it was reported.
TOLD = {
    "hangs": ("hangs:binance,path=klines,count=1", 0),
    "slow": ("slow:binance,path=klines,count=1,amount=0.3", 0),
    "limited": ("limited:binance,path=klines,count=1,amount=1", 0),
    "banned": ("banned:binance,path=klines,count=1,amount=1", 0),
    "busy": ("busy:binance,path=klines,count=1", 0),
    "blocked": ("blocked:binance", 1),
    "broken": ("broken:binance,path=klines,count=2", 0),
    "webpage": ("webpage:binance,path=klines,count=1", 0),
    "dropped": ("dropped:binance,path=klines,count=2", 0),
    "torn": ("torn:binance,path=klines,count=1", 0),
    "truncated": ("truncated:binance,path=klines,count=1", 0),
    "missing": (f"missing:binance,{TEN},count=1", 0),
    "revised": (f"revised:binance,{TEN},count=1", 0),
    "unfinished": ("unfinished:binance", 0),
    "shifted": (f"shifted:binance,{TEN},count=1", 0),
    "wrong": (f"wrong:binance,{TEN},word=crossed,count=1", 0),
    "duplicated": (f"duplicated:binance,{TEN}", 0),
    "unordered": (f"unordered:binance,{TEN}", 0),
    "newest_part": ("newest_part:binance", 0),
    "oldest_part": ("oldest_part:binance", 0),
    "vanished": ("vanished:binance,symbol=BTC/USDT", 1),
    "halted": ("halted:binance,symbol=BTC/USDT", 0),
    "odd": ("odd:binance,symbol=BTC/USDT", 0),
    "renamed": ("renamed:binance,symbol=BTC/USDT,word=NEW/USDT", 1),
    "skewed": ("skewed:binance,amount=60", 0),
}
CORRECTED_LATER = ("revised",)  # a good-looking candle: right again when the exchange is next asked for it


@pytest.fixture(scope="module")
def truth(tmp_path_factory):
    """What a run without faults stores."""
    with simulator() as running:
        settings = fleet(tmp_path_factory.mktemp("truth"), running, SERIES)
        assert once(settings) == 0
        return stored(settings)


def test_every_fault_is_tried():
    """The table of the simulated exchange and ours are the same."""
    assert TOLD.keys() == TABLE.keys()


@pytest.mark.parametrize("name", TABLE)
def test_a_fault_is_overcome_or_reported(tmp_path, truth, name):
    """No wrong candle, no hole without a cause, no lost bar after the next run."""
    told, expected = TOLD[name]
    with simulator(faults=(told,)) as running:
        settings = fleet(tmp_path, running, SERIES, timeout=3.0)  # a busy machine answers late
        status = once(settings)
        if name not in CORRECTED_LATER:
            assert set(stored(settings)) <= set(truth)
            assert not unexplained(settings, HOURLY, FIRST, LAST) or not stored(settings)
        running.faults.clear()
        assert (status, once(settings)) == (expected, 0)
        if name not in CORRECTED_LATER:
            assert stored(settings) == truth
        assert not unexplained(settings, HOURLY, FIRST, LAST)
        assert state(settings) is None


def test_bad_rows_are_kept_apart_with_their_reason(tmp_path):
    """As they came, beside good rows that are stored."""
    with simulator(faults=(f"wrong:binance,{TEN},word=negative",)) as running:
        settings = fleet(tmp_path, running, SERIES)
        once(settings)
    with connect_readonly(settings.database) as db:
        kept = quarantine.rows(db, HOURLY)
    assert len(kept) == 10
    assert all("volume -" in row["reason"] for row in kept)
    assert len(stored(settings)) == 1190


def test_a_refusing_country_names_the_alternative(tmp_path):
    """Binance answers 451."""
    with simulator(faults=("blocked:binance",)) as running:
        settings = fleet(tmp_path, running, SERIES)
        once(settings)
    assert "binanceus, kraken or coinbase" in str(state(settings))
