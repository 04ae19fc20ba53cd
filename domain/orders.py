"""The name of an order: a pure function of what it is for, so that the same order can never be written down twice."""

import base64
import hashlib
from dataclasses import astuple, dataclass

from domain.candles import Series

ID_LENGTH = 18  # Kraken takes free text of at most 18 characters; every other supported exchange takes more


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderKey:
    """What an order is for. `timestamp` is the open of the decided candle, `purpose` entry, exit or manual.

    `attempt` counts the orders of a purpose on a candle; it is in the database before it is used.
    """

    fleet_id: str
    account: str
    mode: str
    strategy_id: str
    series: Series
    timestamp: int
    purpose: str
    attempt: int = 1


def client_order_id(key: OrderKey) -> str:
    """At most 18 characters `[a-z0-9]`, the first a letter: 85 bits of SHA-256 over the key."""
    digest = hashlib.sha256("\x1f".join(map(str, astuple(key))).encode()).digest()
    return "t" + base64.b32encode(digest).decode().lower()[: ID_LENGTH - 1]
