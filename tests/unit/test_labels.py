"""What the names of files tell of their series, and what a symbol column means."""

import pytest

from backfiller.labels import Label, contradiction, fits, flat, label, spot, symbol

NAMES = {
    "binance__BTC-USDT__1h.csv.gz": ("binance", "BTC/USDT", "1h", None),
    "BTC_USDT-1h.feather": (None, "BTC/USDT", "1h", None),
    "BTCUSDT-1h-2024-01.zip": (None, "BTC/USDT", "1h", "binance"),
    "data/BTCUSDT-1m-2024-01-31.csv": (None, "BTC/USDT", "1m", "binance"),
    "BTCFDUSD-1mo-2024-01.csv": (None, "BTC/FDUSD", "1mo", "binance"),
    "Q1/XBTUSD_60.csv": (None, "BTC/USD", "1h", "kraken"),
    "Q1\\XBTUSD_60.csv": (None, "BTC/USD", "1h", "kraken"),
    "XDGEUR_1440.csv": (None, "DOGE/EUR", "1d", "kraken"),
    "ETHXBT_5.csv": (None, "ETH/BTC", "5m", "kraken"),
    "USDTUSD_1.csv": (None, "USDT/USD", "1m", "kraken"),
    "XXBTZUSD_240.csv": (None, "BTC/USD", "4h", "kraken"),
    "PRICES_60.csv": (None, None, None, None),
    "BTCEUR_2024.csv": (None, None, None, None),
    "a.csv": (None, None, None, None),
}


@pytest.mark.parametrize("name", NAMES)
def test_names_tell_the_series(name):
    """Exchange, symbol, timeframe, and whose way of naming it is."""
    found = label(name)
    assert (found.exchange, found.symbol, found.timeframe, found.house) == NAMES[name]


@pytest.mark.parametrize(
    ("said", "meant"),
    [("BTCUSDT", "BTC/USDT"), ("btc-usdt", "BTC/USDT"), ("BTC_USDT", "BTC/USDT"), ("XBT/USD", "BTC/USD"),
     ("XXBTZUSD", "BTC/USD"), ("1000SATS/USDT", "1000SATS/USDT"), ("BTC", None)],
)  # fmt: skip
def test_a_symbol_column_in_any_notation(said, meant):
    """What it means, and that it is taken for that and nothing else."""
    assert symbol(said) == meant
    assert fits(said, meant or "BTC/USDT")
    assert not fits(said, "ETH/USDT")


def test_a_perpetual_contract_is_no_spot_market():
    """ccxt writes it with its settlement currency; freqtrade's files say it."""
    assert not fits("BTC/USDT:USDT", "BTC/USDT")
    assert [spot(f"BTC_USDT-1h{end}.feather") for end in ("", "-futures", "-mark", "-funding_rate")] == [
        True, False, False, False,
    ]  # fmt: skip


WISH = Label("kraken", "BTC/USD", "1h", flat("BTC/USD"))


@pytest.mark.parametrize(
    ("name", "clash"),
    [("XBTUSD_60.csv", None), ("XBTUSD_1.csv", ("1m", "1h")), ("ETHUSD_60.csv", ("ETH/USD", "BTC/USD")),
     ("binance__BTC-USD__1h.csv", ("binance", "kraken")), ("my-notes-1h.csv", None), ("anything.csv", None),
     ("BTCUSD-1mo-2024-01.csv", ("1mo", "1h"))],
)  # fmt: skip
def test_names_and_options_may_contradict(name, clash):
    """What both say differently, the name first; who wrote it is known better by a person."""
    assert contradiction(label(name), WISH) == clash
