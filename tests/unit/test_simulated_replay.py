"""Which files are replayed, and what a market is taken to be."""

import pytest

from exchange.simulated import bars
from exchange.simulated.replay import NAME, Replay, ReplayFile


@pytest.mark.parametrize(
    ("name", "parts"),
    [
        ("binance__BTC-USDT__1h.csv.gz", ("binance", "BTC", "USDT", "1h")),
        ("kraken__BTC-USD__15m.csv", ("kraken", "BTC", "USD", "15m")),
        ("universe_binance_USDT_5m_2024-07-23_2024-07-30.csv.gz", None),
        ("binance__BTC-USDT__1h.parquet", None),
    ],
)
def test_file_names_say_what_is_in_them(name, parts):
    """Exchange, base, quote, timeframe."""
    match = NAME.fullmatch(name)
    assert (match and (match["exchange"], match["base"], match["quote"], match["timeframe"])) == parts


def test_a_timeframe_without_a_file_needs_one_that_divides_it(tmp_path):
    """Hours make four hours, not quarters."""
    path = tmp_path / "binance__BTC-USDT__1h.csv"
    replay = Replay([ReplayFile(path, NAME.fullmatch(path.name))])
    assert [replay.offers(frame) for frame in map(bars.frame, ("15m", "1h", "4h", "1d"))] == [False, True, True, True]
