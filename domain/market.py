"""What may be traded and how: steps, minima and fees of one market."""

from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum


class Side(StrEnum):
    """Which way an order or a trade goes."""

    BUY = "buy"
    SELL = "sell"


@dataclass(frozen=True, slots=True, kw_only=True)
class Market:
    """One market of one exchange, as the exchange describes it.

    `market_id` is the exchange's own name. `amount_step` and `min_amount` are in base currency, `price_tick` and
    `min_cost` in quote currency; a minimum the exchange does not state is 0. `taker` and `maker` are fractions.
    `fee_in_base` tells that a buy pays its fee from the base currency received (ccxt's `feeSide` "get").
    """

    exchange: str
    symbol: str
    market_id: str
    base: str
    quote: str
    amount_step: Decimal
    price_tick: Decimal
    min_amount: Decimal
    min_cost: Decimal
    maker: Decimal
    taker: Decimal
    fee_in_base: bool = False
    active: bool = True
