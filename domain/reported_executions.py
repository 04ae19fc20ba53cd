"""Executions as an exchange reports them, with whatever digits: they have happened, so none is refused."""

from dataclasses import dataclass
from decimal import Decimal

from domain.executions import Execution
from domain.market import Market, Side
from domain.money import kept
from domain.money import reported as number
from domain.orders import Order


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """One execution as an exchange reports it, with the digits that it sends: `price` in quote currency, `qty` and
    `filled` (of the order by then) in base currency, `fee` in `fee_currency`, negative where it is paid to us.

    `fee_price`: what one of `fee_currency` costs in quote currency, asked for where that is neither base nor quote.
    `raw` is all of it, word for word.
    """

    exchange_trade_id: str
    price: str
    qty: str
    filled: str
    fee: str
    fee_currency: str
    fee_price: str = "1"
    filled_ms: int
    raw: str


def reported(order: Order, market: Market, report: Report) -> Execution:
    """An execution as an exchange reports it. It has happened, so that no digits are refused: each number is rounded
    half to even to those that are kept. Raises ValueError for what is no number.
    """
    price, qty, fee = number(report.price), number(report.qty), number(report.fee)
    in_base = report.fee_currency == market.base
    rate = price if in_base else Decimal(1) if report.fee_currency == market.quote else number(report.fee_price)
    worse = price - order.price if order.side is Side.BUY else order.price - price
    return Execution(
        order=order,
        price=price,
        qty=qty,
        filled=number(report.filled),
        fee=fee,
        fee_currency=report.fee_currency,
        fee_quote=kept(fee * rate),
        fee_in_base=in_base,
        slippage=kept(worse * qty),
        filled_ms=report.filled_ms,
        exchange_trade_id=report.exchange_trade_id,
        raw=report.raw,
    )
