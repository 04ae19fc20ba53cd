"""Orders, and their names: pure functions of what they are for, so that none can be written down twice."""

import base64
import hashlib
from collections.abc import Mapping
from dataclasses import astuple, dataclass, field
from decimal import Decimal
from enum import StrEnum
from types import MappingProxyType

from domain.candles import Series
from domain.codes import Code
from domain.market import Side
from domain.money import CENT
from domain.strategy import Exits

NO_ATR: Mapping[int, float] = MappingProxyType({})
ID_LENGTH = 18  # Kraken takes free text of at most 18 characters; every other supported exchange takes more


class OrderState(StrEnum):
    """How far an order has come. Nothing follows the last four; what is filled of one is told by its executions."""

    NEW = "new"  # written down
    SENDING = "sending"  # about to be sent; whether it was is known by the answer only
    OPEN = "open"  # at the exchange, perhaps filled in part
    UNKNOWN = "unknown"  # it is looked up until the request window has closed, and never sent again
    FILLED = "filled"
    CANCELLED = "cancelled"
    REJECTED = "rejected"  # the exchange did not take it
    EXPIRED = "expired"  # the exchange has ended it: by its time in force, or to prevent a trade with ourselves


_ANSWERS = frozenset(
    {OrderState.OPEN, OrderState.FILLED, OrderState.CANCELLED, OrderState.REJECTED, OrderState.EXPIRED}
)
TRANSITIONS: Mapping[OrderState, frozenset[OrderState]] = MappingProxyType(
    {
        OrderState.NEW: frozenset({OrderState.SENDING, OrderState.CANCELLED, OrderState.FILLED}),  # filled: on paper
        OrderState.SENDING: _ANSWERS | {OrderState.UNKNOWN},
        OrderState.UNKNOWN: _ANSWERS,
        OrderState.OPEN: _ANSWERS - {OrderState.OPEN} | {OrderState.UNKNOWN},
        OrderState.FILLED: frozenset(),
        OrderState.CANCELLED: frozenset(),
        OrderState.REJECTED: frozenset(),
        OrderState.EXPIRED: frozenset(),
    }
)  # what may follow a state; to say the same again is none


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """What is to be bought or sold, on which bar, and why: an intent, with all that filling it needs.

    `price` is the decided price in quote currency, `qty` in base currency; amounts in quote currency are rounded to
    `unit`. `resting`: it waited at the exchange as a limit order, so that it pays the maker's fee and does not slip.
    `timestamp` is the open of the decided bar, `expected_ms` when it is expected to fill (Unix ms): at once, or for a
    level within the bar by its close. `late`: decided after downtime. The levels of an entry follow from its price by
    `exits` and the ATRs of then, by their lengths.
    """

    client_order_id: str
    side: Side
    purpose: str
    code: Code
    reason: str
    price: Decimal
    qty: Decimal
    unit: Decimal = CENT
    timestamp: int
    expected_ms: int
    round_trip: int
    entry_run_id: str
    resting: bool = False
    late: bool = False
    exits: Exits = field(default_factory=Exits)
    atr: Mapping[int, float] = field(default_factory=lambda: NO_ATR)


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
