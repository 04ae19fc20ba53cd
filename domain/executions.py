"""Executions: what the other side did with an order. On paper we make them ourselves, at the decided price, moved
against us, less the fee.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import Decimal

from domain.market import Market, Side
from domain.money import CENT, ZERO, ceil_to, cents, fitting, floor_to, kept
from domain.orders import Order
from domain.strategy import Terms

BASIS_POINT = Decimal("1e-4")


@dataclass(frozen=True, slots=True, kw_only=True)
class Execution:
    """What the other side did with an order. Prices in quote, `qty` in base currency as the exchange counts it, before
    fees; `filled` is what it has filled of the order by then, this execution included.

    `fee` is in `fee_currency`, `fee_quote` the same in quote currency; `fee_in_base` tells which of them it is.
    `slippage` is what was lost against the decided price, in quote currency; what was gained is negative. `filled_ms`:
    when (Unix ms). `exchange_trade_id` tells the executions of an order apart, `raw` is what the exchange has sent of
    this one, word for word; nothing on paper.
    """

    order: Order
    price: Decimal
    qty: Decimal
    filled: Decimal
    fee: Decimal
    fee_currency: str
    fee_quote: Decimal
    fee_in_base: bool
    slippage: Decimal
    filled_ms: int
    exchange_trade_id: str = "1"
    raw: str = ""


Executor = Callable[[Order, Market, Terms], tuple[Execution, ...]]  # who makes the executions of an order, by its mode


def slipped(price: Decimal, side: Side, slippage_bps: Decimal, tick: Decimal) -> Decimal:
    """`price` moved against us by `slippage_bps` basis points, then rounded against us to the tick."""
    if side is Side.BUY:
        return ceil_to(price * (1 + slippage_bps * BASIS_POINT), tick)
    return max(floor_to(price * (1 - slippage_bps * BASIS_POINT), tick), tick)


def expected_price(order: Order, market: Market, terms: Terms) -> Decimal:
    """The price at which an order is expected to fill, quote currency."""
    bps = Decimal(0) if order.resting else terms.slippage_bps
    return slipped(order.price, order.side, bps, market.tick_at(order.price))


def coin_fee(qty: Decimal, rate: Decimal) -> Decimal:
    """The fee of a buy that is taken from the coins received, in base currency; as fine as what is left can tell."""
    return cents(qty * rate, fitting(CENT, qty))


def on_paper(order: Order, market: Market, terms: Terms) -> tuple[Execution, ...]:
    """The executions of an order on paper: one, of all of it, at the price that was expected."""
    price = expected_price(order, market, terms)
    rate = market.maker if order.resting else market.taker
    in_base = market.fee_in_base and order.side is Side.BUY
    fee = coin_fee(order.qty, rate) if in_base else cents(price * order.qty * rate, order.unit)
    execution = Execution(
        order=order,
        price=price,
        qty=order.qty,
        filled=order.qty,
        fee=fee,
        fee_currency=market.base if in_base else market.quote,
        fee_quote=cents(fee * price, order.unit) if in_base else fee,
        fee_in_base=in_base,
        slippage=cents(abs(price - order.price) * order.qty, order.unit),
        filled_ms=order.expected_ms,
    )
    return (execution,)


def mean_price(executions: Sequence[Execution]) -> Decimal:
    """The price of all of them together, weighted by quantity; quote currency."""
    worth = sum((each.price * each.qty for each in executions), ZERO)
    return kept(worth / sum((each.qty for each in executions), ZERO))
