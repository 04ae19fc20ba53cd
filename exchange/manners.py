"""How exchanges serve candles: what ccxt does not tell, or tells wrongly, as a table."""

from collections.abc import Mapping
from types import MappingProxyType

from exchange.protocol import Manners

UNKNOWN = Manners(page=200, requests_per_second=1.0)
TABLE: Mapping[str, Manners] = MappingProxyType(
    {
        "binance": Manners(page=1000, requests_per_second=10),  # 6,000 weight a minute; a page of klines weighs 2
        "binanceus": Manners(page=1000, requests_per_second=5),
        "bitfinex": Manners(page=1000, omits_empty=True, requests_per_second=0.4),
        "bitstamp": Manners(page=1000, requests_per_second=5),
        "bitvavo": Manners(page=1440, omits_empty=True, requests_per_second=5),
        "bybit": Manners(page=1000, requests_per_second=10),
        "coinbase": Manners(page=300, omits_empty=True, requests_per_second=5),
        "cryptocom": Manners(page=300, requests_per_second=5),
        "gate": Manners(page=1000, newest_only=10_000, requests_per_second=5),
        "kraken": Manners(page=720, newest_only=720, thursdays=True, requests_per_second=1),
        "kucoin": Manners(page=1500, omits_empty=True, thursdays=True, requests_per_second=5),
        "okx": Manners(page=300, requests_per_second=10),
    }
)


def manners(name: str) -> Manners:
    """The manners of an exchange; cautious ones for an exchange nobody has described yet."""
    return TABLE.get(name, UNKNOWN)
