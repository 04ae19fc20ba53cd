"""How exchanges serve candles: what ccxt does not tell, or tells wrongly, as a table."""

from collections.abc import Mapping
from types import MappingProxyType

from exchange.protocol import Capabilities

UNKNOWN = Capabilities(page=200, requests_per_second=1.0)
TABLE: Mapping[str, Capabilities] = MappingProxyType(
    {
        "binance": Capabilities(page=1000, requests_per_second=10),  # 6,000 weight a minute; a page of klines weighs 2
        "binanceus": Capabilities(page=1000, requests_per_second=5),
        "bitfinex": Capabilities(page=1000, omits_empty=True, requests_per_second=0.4),
        "bitstamp": Capabilities(page=1000, requests_per_second=5),
        "bitvavo": Capabilities(page=1440, omits_empty=True, requests_per_second=5),
        "bybit": Capabilities(page=1000, requests_per_second=10),
        "coinbase": Capabilities(page=300, omits_empty=True, requests_per_second=5),
        "cryptocom": Capabilities(page=300, requests_per_second=5),
        "gate": Capabilities(page=1000, newest_only=10_000, requests_per_second=5),
        "kraken": Capabilities(page=720, newest_only=720, weeks_open_thursdays=True, requests_per_second=1),
        "kucoin": Capabilities(page=1500, omits_empty=True, weeks_open_thursdays=True, requests_per_second=5),
        "okx": Capabilities(page=300, requests_per_second=10),
    }
)


def capabilities(name: str) -> Capabilities:
    """The capabilities of an exchange; cautious ones for an exchange nobody has described yet."""
    return TABLE.get(name, UNKNOWN)
