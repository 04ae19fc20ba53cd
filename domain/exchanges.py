"""Which names are exchanges: ccxt's, for whoever does not load ccxt (0.6 s, 75 MB); `make exchanges` renews them."""

from functools import cache
from pathlib import Path


@cache
def names() -> frozenset[str]:
    """Every exchange that ccxt has."""
    return frozenset((Path(__file__).parent / "exchanges.txt").read_text().split())
