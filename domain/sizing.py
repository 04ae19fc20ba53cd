"""How much to buy, when an entry is refused because of money, and what of a position can be sold."""

from decimal import Decimal
from enum import StrEnum
from typing import NamedTuple

from domain.executions import coin_fee
from domain.market import Market, plain
from domain.money import ZERO, floor_to
from domain.strategy import StakeKind, Terms

RESERVE = Decimal("1.05")  # an entry must be this much above the minimum, or it could not be sold again after a stop


class Refused(StrEnum):
    """Why an entry is refused because of money, for programs."""

    AMOUNT = "amount_too_small"  # it could not be bought
    UNSELLABLE = "unsellable"  # it could be bought, but not sold again; of an exit: it cannot be sold now
    CASH = "cash_too_small"
    STOP = "stop_too_near"  # nothing tells how much would be at risk


class Refusal(NamedTuple):
    """Why an entry is refused: for programs, and in words."""

    code: Refused
    text: str


def entry_qty(
    terms: Terms, market: Market, price: Decimal, stop: Decimal | None, *, cash: Decimal, equity: Decimal
) -> Decimal:
    """The amount to buy at `price`, in base currency, a multiple of the amount step (TRADING.md section 3).

    `cash` and `equity` are in quote currency. A stake of the kind `risk` needs a `stop` below the price; it and
    `fraction` are capped by the cash, `fixed` is not: the refusal tells that the cash does not suffice.
    """
    unit = price * (1 + market.taker)
    if terms.stake.kind is StakeKind.FIXED:
        return floor_to(terms.stake.value / unit, market.amount_step)
    if terms.stake.kind is StakeKind.FRACTION:
        return floor_to(min(equity * terms.stake.value, cash) / unit, market.amount_step)
    if stop is None or stop >= price:
        return ZERO
    return floor_to(min(equity * terms.stake.value / (price - stop), cash / unit), market.amount_step)


def unbounded(terms: Terms, price: Decimal, stop: Decimal | None) -> Refusal | None:
    """Why a stake by `risk` tells no amount at `price`: its stop, rounded up to the tick, is not below it."""
    if terms.stake.kind is not StakeKind.RISK or (stop is not None and stop < price):
        return None
    level = "none" if stop is None else plain(stop)
    return Refusal(
        Refused.STOP, f"the stop {level} is not below the price {plain(price)}: nothing tells what is at risk"
    )


def refusal(qty: Decimal, market: Market, price: Decimal, stop: Decimal | None, cash: Decimal) -> Refusal | None:
    """Why `qty` cannot be bought at `price`, None when it can. `stop` is the level at which it would be sold first."""
    cost = qty * price
    if qty < _least(market):
        text = f"amount {plain(qty)} {market.base} is below the minimum {plain(_least(market))}"
        return Refusal(Refused.AMOUNT, text)
    stuck = _unsellable(qty, market, price, stop)
    if stuck:
        return Refusal(Refused.UNSELLABLE, stuck)
    if cost * (1 + market.taker) > cash:
        text = f"cash {cash} {market.quote} does not suffice for {cost:.8g} and its fee"
        return Refusal(Refused.CASH, text)
    return None


def _unsellable(qty: Decimal, market: Market, price: Decimal, stop: Decimal | None) -> str | None:
    """Why `qty` bought at `price` could not be sold again after its fee, at the stop; None when it could."""
    last = min(stop, price) if stop is not None and stop > 0 else price
    cost, least = qty * price, market.min_cost * RESERVE * price / last
    if cost < least:
        return f"cost {cost:.8g} {market.quote} is below {least:.8g}: after a stop it could not be sold again"
    left = sellable(qty - coin_fee(qty, market.taker) if market.fee_in_base else qty, market)
    if is_flat(left, last, market):
        sold = f"of {plain(qty)} {market.base} only {plain(left)} could be sold again after the fee"
        return f"{sold}, {_wants(left, last, market)}"
    return None


def unsold(qty: Decimal, price: Decimal, market: Market) -> str:
    """Why nothing of a position can be sold, where it is flat."""
    left = sellable(qty, market)
    return f"of {plain(qty)} {market.base} an order can name {plain(left)}, {_wants(left, price, market)}"


def _wants(left: Decimal, price: Decimal, market: Market) -> str:
    """What an order would be worth, and what the market takes."""
    return (
        f"worth {plain(left * price)} {market.quote}: the market wants {plain(_least(market))} {market.base} and "
        f"{plain(market.min_cost)} {market.quote}"
    )


def sellable(qty: Decimal, market: Market) -> Decimal:
    """What of a position an order can name: a multiple of the amount step."""
    return floor_to(qty, market.amount_step)


def is_flat(qty: Decimal, price: Decimal, market: Market) -> bool:
    """Whether what can be sold of a position is less than the market takes: no step of it, or below its minimum
    amount, or worth less than its minimum cost.
    """
    left = sellable(qty, market)
    return left < _least(market) or left * price < market.min_cost


def _least(market: Market) -> Decimal:
    """The smallest amount of an order."""
    return max(market.min_amount, market.amount_step)
