"""Exchanges and timeframes as the columns of others write them: Kraken, Coinbase, Binance, pandas, MetaTrader."""

import pytest

from backfiller.notation import exchange, same_exchange, same_timeframe, timeframe

LENGTHS = {
    "1h": "1h", "1H": "1h", "60min": "1h", "60T": "1h", "1 hour": "1h", "H1": "1h", "PERIOD_M15": "15m", "4hr": "4h",
    "1D": "1d", "daily": "1d", "1440m": "1d", "W1": "1w", "7d": "1w", "1w": "1w", "90m": "90m", "3600s": "1h",
}  # fmt: skip


@pytest.mark.parametrize("said", LENGTHS)
def test_timeframes(said):
    """In one way of writing."""
    assert timeframe(said) == LENGTHS[said]
    assert same_timeframe(said, LENGTHS[said])
    assert not same_timeframe(said, "3d")


@pytest.mark.parametrize("said", ["60", "1M", "MN1", "1mo", "30s", "0h", "", "fast"])
def test_what_is_no_timeframe_or_may_be_two(said):
    """A number alone is minutes at Kraken and seconds at Coinbase; a month is none that is kept."""
    with pytest.raises(ValueError, match=r"may be minutes or seconds|is none that is kept"):
        timeframe(said)


@pytest.mark.parametrize(("said", "told", "same"), [
    ("60", "1h", True), ("3600", "1h", True), ("60", "1m", True), ("60", "4h", False), ("1M", "1m", False),
    ("", "1h", True), ("spot", "1h", True),
])  # fmt: skip
def test_whether_a_column_contradicts(said, told, same):
    """Where it says something at all."""
    assert same_timeframe(said, told) is same


def test_exchanges():
    """Under the name that they have here."""
    assert [exchange(each) for each in ("Binance", "Coinbase Pro", "GDAX", "OKEx", "Gate.io")] == [
        "binance", "coinbase", "coinbase", "okx", "gate",
    ]  # fmt: skip
    assert same_exchange("Coinbase", "coinbaseexchange")
    assert not same_exchange("binance", "binanceus")
    with pytest.raises(ValueError, match="name in ccxt"):
        exchange("-")
