"""Pairs without a separator: read by what the exchange has, or the fleet trades; where that leaves two, not at all.

The pairs are those that the exchanges list, or once did (Kraken's AssetPairs, Binance's exchangeInfo and notices).
"""

import pytest

from backfiller.pairs import Known, fits, read, readings

ANYWHERE = {
    "BTCUSDT": "BTC/USDT", "btc-usdt": "BTC/USDT", "BTC_USDT": "BTC/USDT", "BTC USDT": "BTC/USDT", "XBT/USD": "BTC/USD",
    "XXBTZUSD": "BTC/USD", "XETHXXBT": "ETH/BTC", "ZEURZUSD": "EUR/USD", "USDTZUSD": "USDT/USD", "XBTUSD": "BTC/USD",
    "1000SATS/USDT": "1000SATS/USDT", "1000PEPEUSDT": "1000PEPE/USDT", "DOTUSDT": "DOT/USDT", "BTCEUR": "BTC/EUR",
    "ETHBTC": "ETH/BTC", "ETHXBT": "ETH/BTC", "XDGEUR": "DOGE/EUR", "tBTCUSD": "BTC/USD", "tDOGE:USD": "DOGE/USD",
}  # fmt: skip
AT = {
    "kraken": {"DOTUSD": "DOT/USD", "XBTUSD": "BTC/USD", "BNBUSD": "BNB/USD", "SHIBUSD": "SHIB/USD",
               "USDTUSD": "USDT/USD", "TUSDUSD": "TUSD/USD", "ADAEUR": "ADA/EUR", "BATUSD": "BAT/USD",
               "DOTUSDT": "DOT/USDT"},
    "binance": {"BTCTUSD": "BTC/TUSD", "BTCFDUSD": "BTC/FDUSD", "SHIBBUSD": "SHIB/BUSD", "BNBBUSD": "BNB/BUSD",
                "ARBUSD": "AR/BUSD", "TUSDT": "T/USDT", "ADAEUR": "ADA/EUR", "BTCAEUR": "BTC/AEUR",
                "EURAEUR": "EUR/AEUR", "TUSDUSDT": "TUSD/USDT"},
    "coinbase": {"DOTUSD": "DOT/USD", "BATUSD": "BAT/USD"},
}  # fmt: skip
EITHER = {
    ("DOTUSD", None): ("DO/TUSD", "DOT/USD"), ("ADAEUR", "okx"): ("AD/AEUR", "ADA/EUR"),
    ("BNBUSD", "binanceus"): ("BN/BUSD", "BNB/USD"), ("DOTUSD", "binance"): ("DO/TUSD", "DOT/USD"),
}  # fmt: skip


@pytest.mark.parametrize("said", ANYWHERE)
def test_what_can_be_read_one_way_only(said):
    """In whatever notation; it is taken for that and nothing else."""
    assert read(said) == ANYWHERE[said]
    assert fits(said, ANYWHERE[said])
    assert not fits(said, "SOL/USDT")


@pytest.mark.parametrize(("exchange", "said"), [(each, said) for each, pairs in AT.items() for said in pairs])
def test_what_the_exchange_has(exchange, said):
    """The other reading is no market of it."""
    assert read(said, Known(exchange)) == AT[exchange][said]


@pytest.mark.parametrize(("said", "exchange"), EITHER)
def test_what_nothing_decides_is_not_guessed(said, exchange):
    """Both readings are named."""
    assert readings(said, Known(exchange)) == EITHER[said, exchange]
    with pytest.raises(ValueError, match=r"may be .* or .*--symbol"):
        read(said, Known(exchange))


@pytest.mark.parametrize("where", ["bitvavo", "gemini"])
def test_what_the_fleet_trades_decides(where):
    """Of the exchange itself first."""
    configured = frozenset({(where, "DOT/USD"), ("binance", "DO/TUSD")})
    assert read("DOTUSD", Known(where, configured)) == "DOT/USD"
    assert read("DOTUSD", Known("okx", frozenset({("kraken", "DOT/USD")}))) == "DOT/USD"


@pytest.mark.parametrize("said", ["BTC", "USDT", "BUSD", "WBTC", "STETH", "nonsense", "", "BTC/", "BTC/USDT/USDT"])
def test_what_is_no_pair(said):
    """A coin alone, also one that ends like a quote currency."""
    assert read(said) is None


def test_a_perpetual_contract_is_no_spot_market():
    """ccxt writes it with its settlement currency."""
    assert not fits("BTC/USDT:USDT", "BTC/USDT")
