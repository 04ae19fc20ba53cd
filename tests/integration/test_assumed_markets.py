"""Markets that a replay assumes: whose fees they have, whose candles they are made of, and what is said of them."""

from decimal import Decimal

import pytest

from db.market_data import markets, storing
from domain.candles import Series, Source
from domain.fees import Fees
from tests.kit.candles import closes
from tests.kit.series import ETHER, HOURLY, at
from tests.replayed import settings as configured
from tests.trading import feed, high, opened
from trader import assuming

D = Decimal
CONFIGURED = "exchanges: { kraken: { costs: { taker: 0.005 }, min_cost: 7 }, binance: { costs: { maker: 0.0004 } } }\n"


@pytest.mark.parametrize(
    ("exchange", "more", "fees", "origin"),
    [
        ("kraken", "", ("0.0026", "0.0016"), "as kraken publishes them"),
        ("kraken", CONFIGURED, ("0.005", "0.0016"), "by the configuration, taken where kraken takes them"),
        ("binance", CONFIGURED, ("0.001", "0.0004"), "by the configuration, taken where binance takes them"),
        ("bitstamp", "", ("0.004", "0.003"), "as ccxt knows them of bitstamp"),
        ("bitfinex", "", ("0.002", "0.002"), "as they are common, for those of bitfinex are unknown"),
    ],
)
def test_fees_are_those_of_the_configuration_else_the_published_ones(tmp_path, exchange, more, fees, origin):
    """Each of the two by itself; said with where they come from."""
    known = {"bitstamp": Fees(D("0.004"), D("0.003"))}
    settings = configured(tmp_path, [high().replace("binance", exchange)], more)
    found = assuming.imagined(settings, settings.strategies[0].series, closes(100.5, 101.25), known.get)
    assert (found.market.taker, found.market.maker) == (D(fees[0]), D(fees[1]))
    assert origin in found.words
    assert found.market.fee_in_base == (exchange == "binance")
    assert (found.market.min_cost == 7) == (exchange == "kraken" and more != "")


def test_only_markets_that_nobody_has_described_are_assumed(tmp_path):
    """From the candles of all their series that open until the end of the replay; and it is said which is which."""
    settings, db = opened(tmp_path, high())
    quarters = Series("binance", "ETH/USDT", "15m")
    with db:
        feed(db, *(100 + number / 4 for number in range(200)), series=ETHER)
        storing.store(db, quarters, closes(*(90 + number / 8 for number in range(200))), Source.EXCHANGE, 1)
        feed(db, 100.0625, first=200, series=ETHER)
        assuming.assume(db, settings, {HOURLY, ETHER, quarters}, at(199), assuming.nothing)
        found = markets.load(db, "binance", "ETH/USDT")
        assert found.price_tick == D("0.001")
        other = Series("binance", "DOT/USDT", "1h")
        known, assumed = sorted(
            assuming.described(db, {HOURLY, ETHER, other}), key=lambda each: "described" not in each
        )
    assert known.endswith("; as the exchange has described it")
    assert "as binance publishes them" in assumed
