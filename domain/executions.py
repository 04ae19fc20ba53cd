"""Executions on paper: at the decided price, moved against us, less the fee."""

from dataclasses import dataclass
from decimal import Decimal

from domain.codes import Code
from domain.market import Market, Side
from domain.money import CENT, ceil_to, cents, fitting, floor_to

BASIS_POINT = Decimal("1e-4")


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """What is to be bought or sold, on which bar, and why.

    `price` is the decided price in quote currency, `qty` in base currency. `resting`: it waited at the exchange as a
    limit order, so that it pays the maker's fee and does not slip. `timestamp` is the open of the bar in which it is
    filled, `filled_ms` the moment. `late`: decided after downtime.
    """

    client_order_id: str
    side: Side
    purpose: str
    code: Code
    reason: str
    price: Decimal
    qty: Decimal
    timestamp: int
    filled_ms: int
    round_trip: int
    entry_run_id: str
    resting: bool = False
    late: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Execution:
    """What the other side did with an order. Prices in quote, `qty` in base currency as the exchange counts it, before
    fees.

    `fee` is in `fee_currency`, `fee_quote` the same in quote currency; `fee_in_base` tells which of them it is.
    `slippage` is what was lost against the decided price, in quote currency.
    """

    order: Order
    price: Decimal
    qty: Decimal
    fee: Decimal
    fee_currency: str
    fee_quote: Decimal
    fee_in_base: bool
    slippage: Decimal


def slipped(price: Decimal, side: Side, slippage_bps: Decimal, tick: Decimal) -> Decimal:
    """`price` moved against us by `slippage_bps` basis points, then rounded against us to the tick."""
    if side is Side.BUY:
        return ceil_to(price * (1 + slippage_bps * BASIS_POINT), tick)
    return max(floor_to(price * (1 - slippage_bps * BASIS_POINT), tick), tick)


def coin_fee(qty: Decimal, rate: Decimal) -> Decimal:
    """The fee of a buy that is taken from the coins received, in base currency; as fine as what is left can tell."""
    return cents(qty * rate, fitting(CENT, qty))


def executed(order: Order, market: Market, slippage_bps: Decimal, cent: Decimal = CENT) -> Execution:
    """The execution of an order on paper; amounts in quote currency are rounded to `cent`."""
    bps = Decimal(0) if order.resting else slippage_bps
    price = slipped(order.price, order.side, bps, market.tick_at(order.price))
    rate = market.maker if order.resting else market.taker
    in_base = market.fee_in_base and order.side is Side.BUY
    fee = coin_fee(order.qty, rate) if in_base else cents(price * order.qty * rate, cent)
    return Execution(
        order=order,
        price=price,
        qty=order.qty,
        fee=fee,
        fee_currency=market.base if in_base else market.quote,
        fee_quote=cents(fee * price, cent) if in_base else fee,
        fee_in_base=in_base,
        slippage=cents(abs(price - order.price) * order.qty, cent),
    )
