"""Which names are exchanges: ccxt's, for whoever does not load ccxt (0.6 s, 75 MB); `make exchanges` renews them."""

from functools import cache
from pathlib import Path

CLOSED = frozenset({"bittrex", "ftx", "ftxus", "liquid"})
"""Exchanges that ccxt has had: nothing is fetched from them, their candles can be imported and replayed."""


@cache
def names() -> frozenset[str]:
    """Every exchange that ccxt has, and those that are closed."""
    return CLOSED | frozenset((Path(__file__).parent / "exchanges.txt").read_text().split())
