"""Markets that an exchange describes wrongly: each costs itself, and nothing else of its exchange."""

from decimal import Decimal

import pytest

from db.market_data import markets
from db.sqlite.connection import connect_readonly
from exchange.simulated.faults import parse
from exchange.simulated.venue import TICKS
from tests.backfilling import fleet, once, simulator, stored
from tests.integration.test_exchange import reached
from tests.kit.series import ETHER, HOURLY

TWO = ("binance BTC/USDT 1h 10", "binance ETH/USDT 1h 10")


def known(settings):
    """The markets that traders can trade."""
    with connect_readonly(settings.database) as db:
        return markets.load_all(db, "binance")


@pytest.mark.parametrize("word", TICKS)
def test_its_neighbours_fill_and_are_traded(tmp_path, word):
    """Whatever is wrong with the step of one market, or its name."""
    with simulator(faults=(f"odd:binance,symbol=ETH/USDT,word={word}",)) as running:
        settings = fleet(tmp_path, running, *TWO)
        once(settings)
    assert len(stored(settings)) == 10
    assert set(known(settings)) == {"BTC/USDT"}


def test_its_candles_come_and_what_was_known_before_counts(tmp_path):
    """A position can be left: the market keeps its last good description, its series goes on."""
    with simulator() as running:
        settings = fleet(tmp_path, running, TWO[0], "binance ETH/USDT 1h 5")
        assert once(settings) == 0
        running.faults.add(parse("odd:binance,symbol=ETH/USDT,word=zero"))
        settings = fleet(tmp_path, running, *TWO)
        assert once(settings) == 0
    assert [len(stored(settings, each)) for each in (HOURLY, ETHER)] == [10, 10]
    assert known(settings)["ETH/USDT"].price_tick == Decimal("0.01")


@pytest.mark.parametrize("name", ["binance", "coinbase"])
def test_the_door_tells_which_and_why(name):
    """The others are described, the odd one has a reason."""
    symbol = {"binance": "ETH/USDT"}.get(name, "ETH/USD")
    with simulator(faults=(f"odd:{name},symbol={symbol},word=zero",)) as running:
        listed = reached(running, name).markets()
    assert listed.odd == {symbol: "price_tick 0.0"}
    assert len(listed.markets) >= 1


def test_a_market_over_which_ccxt_stumbles_is_left_out(monkeypatch):
    """Its parser raises: the other markets are there."""
    with simulator() as running:
        exchange = reached(running, "binance")
        parse_market = type(exchange._foreign).parse_market

        def stumbling(self, market):
            return parse_market(self, None if market["symbol"] == "ETHUSDT" else market)

        monkeypatch.setattr(type(exchange._foreign), "parse_market", stumbling)
        listed = reached(running, "binance").markets()
    assert "BTC/USDT" in listed.markets
    assert "ETH/USDT" not in listed.symbols
