"""What the names of files tell of their series."""

import pytest

from backfiller.file_names import Label, contradiction, label, spot
from backfiller.pairs import Known, flat

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
    "DOTUSD_60.csv": (None, "DOT/USD", "1h", "kraken"),
    "BNBUSD_60.csv": (None, "BNB/USD", "1h", "kraken"),
    "ADAEUR-1h-2024-01.csv": (None, "ADA/EUR", "1h", "binance"),
    "TUSDT-1h-2024-01.csv": (None, "T/USDT", "1h", "binance"),
    "DOTUSD-1h-2024-01.csv": (None, None, "1h", "binance"),
    "BTC_USDT-1mo.feather": (None, None, None, None),
    "XXBTZUSD_240.csv": (None, "BTC/USD", "4h", "kraken"),
    "PRICES_60.csv": (None, None, None, None),
    "BTCEUR_2024.csv": (None, None, None, None),
    "a.csv": (None, None, None, None),
}


@pytest.mark.parametrize("name", NAMES)
def test_names_tell_the_series(name):
    """Exchange, symbol, timeframe, and whose way of naming it is."""
    found = label(name)
    assert (found.exchange, found.symbol, found.timeframe, found.guessed_exchange) == NAMES[name]


def test_a_name_is_read_by_the_exchange_that_was_told():
    """Who calls files so is known better by a person."""
    assert label("DOTUSD_60.csv", Known("binanceus")).may_be == ("DO/TUSD", "DOT/USD")


def test_a_perpetual_contract_is_no_spot_market():
    """freqtrade's files say it."""
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
