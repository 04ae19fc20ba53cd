"""`fleet status`: what it shows of a series, and when it exits with 1."""

import json

import pytest

from config.settings import Settings
from db import candles, exchanges, markets
from db.connection import connect
from db.migrate import migrate
from domain.candles import Series, SeriesState
from fleet import cli
from runtime.clock import Clock, now_ms
from tests.candle_files import HOURLY, START
from tests.replayed import settings as configured
from tests.trading_desk import HOUR, MARKET, feed, high
from trader import roster


@pytest.fixture
def room(tmp_path):
    """One strategy on a series of which nothing is stored, a second after the close of the bar number 2."""
    settings = configured(tmp_path, [high()], "environment: simulated\n")
    clock = Clock((START + 3 * HOUR + 1) * 1000, now_ms(), 1.0)
    migrate(settings.database, "simulated", clock=clock.dump(), any_filesystem=True)
    with connect(settings.database, any_filesystem=True) as db:
        markets.save(db, [MARKET], 1)
        roster.register(db, settings, 1)
        yield settings, db


def status(settings: Settings, capsys: pytest.CaptureFixture[str]) -> tuple[int, dict[str, str]]:
    """The exit status, and the state of every series that is shown."""
    words = ["--config", str(settings.directory), "--database", str(settings.database), "--format", "json"]
    returned = cli.main(["status", *words])
    rows = json.loads(capsys.readouterr().out)
    return returned, {row["series"]: row["state"] for row in rows if row["section"] == "series"}


def test_a_traded_series_without_any_candle_is_empty(room, capsys):
    """Also while nobody has told anything of it yet: there is nothing to trade on, and that is not well."""
    settings, _ = room
    assert status(settings, capsys) == (1, {"binance BTC/USDT 1h": "empty"})


def test_a_head_without_candles_is_empty_too(room, capsys):
    """It was unreachable for a while, then answered with nothing."""
    settings, db = room
    candles.set_state(db, HOURLY, "cannot be reached")
    candles.set_state(db, HOURLY, None)
    assert status(settings, capsys) == (1, {"binance BTC/USDT 1h": "empty"})


def test_with_its_newest_candle_it_is_fresh(room, capsys):
    """And nothing else is wrong; a series that nobody trades may be empty."""
    settings, db = room
    feed(db, 99, 98, 97)
    candles.set_state(db, Series("binance", "ETH/USDT", "1h"), None)
    assert status(settings, capsys) == (0, {"binance BTC/USDT 1h": "fresh", "binance ETH/USDT 1h": "empty"})


def test_a_machine_whose_clock_is_behind_calls_nothing_fresh(room, capsys):
    """What the backfiller knows of the exchange's clock counts."""
    settings, db = room
    feed(db, 99, 98, 97)
    exchanges.set_offset(db, "binance", 4 * HOUR * 1000)
    assert status(settings, capsys) == (1, {"binance BTC/USDT 1h": "stale"})


def test_why_a_series_stands_still_is_a_word_beside_a_sentence(room, capsys):
    """The word is what programs read."""
    settings, db = room
    feed(db, 99, 98, 97)
    candles.set_state(db, HOURLY, "halted by the exchange", SeriesState.HALTED)
    assert status(settings, capsys) == (1, {"binance BTC/USDT 1h": "halted"})
