"""What exchanges charge where nobody knows better: the one table, for configuration, markets, replay and backtest."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from types import MappingProxyType


@dataclass(frozen=True, slots=True)
class Fees:
    """Fees as fractions: `taker` of an order that fills at once, `maker` of one that rested. `in_base`: a buy pays from
    the coins received (ccxt's `feeSide` "get").
    """

    taker: Decimal
    maker: Decimal
    in_base: bool = False


def _fees(taker: str, maker: str, *, in_base: bool = False) -> Fees:
    return Fees(Decimal(taker), Decimal(maker), in_base)


KNOWN: Mapping[str, Fees] = MappingProxyType(
    {
        "binance": _fees("0.001", "0.001", in_base=True),
        "binanceus": _fees("0.001", "0.001", in_base=True),
        "coinbase": _fees("0.012", "0.006"),
        "kraken": _fees("0.0026", "0.0016"),
    }
)  # published for the smallest volume; a test holds them against ccxt
COMMON = _fees("0.002", "0.002")  # of an exchange of which nothing is known


def usual(exchange: str, published: Fees | None = None) -> Fees:
    """What an exchange charges without better knowledge; `published`: what ccxt says of one not in the table."""
    return KNOWN.get(exchange) or published or COMMON
