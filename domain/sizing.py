"""How much to buy, and when an entry is refused because of money."""

from decimal import Decimal

from domain.market import Market
from domain.money import ZERO, floor_to
from domain.strategy import StakeKind, Terms

RESERVE = Decimal("1.05")  # an entry must be this much above the minimum, or it could not be sold again after a stop


def entry_qty(
    terms: Terms, market: Market, price: Decimal, stop: Decimal | None, purse: tuple[Decimal, Decimal]
) -> Decimal:
    """The amount to buy at `price`, in base currency, a multiple of the amount step (TRADING.md section 3).

    `purse` is (cash, equity) in quote currency. A stake of the kind `risk` needs a `stop` below the price; it and
    `fraction` are capped by the cash, `fixed` is not: the refusal tells that the cash does not suffice.
    """
    cash, equity = purse
    unit = price * (1 + market.taker)
    if terms.stake.kind is StakeKind.FIXED:
        return floor_to(terms.stake.value / unit, market.amount_step)
    if terms.stake.kind is StakeKind.FRACTION:
        return floor_to(min(equity * terms.stake.value, cash) / unit, market.amount_step)
    if stop is None or stop >= price:
        return ZERO
    return floor_to(min(equity * terms.stake.value / (price - stop), cash / unit), market.amount_step)


def refusal(qty: Decimal, market: Market, price: Decimal, stop: Decimal | None, cash: Decimal) -> str | None:
    """Why `qty` cannot be bought at `price`, None when it can."""
    cost = qty * price
    distance = ZERO if stop is None else max(ZERO, (price - stop) / price)
    least = market.min_cost * RESERVE / (1 - distance) if distance < 1 else market.min_cost
    if qty <= 0 or qty < market.min_amount:
        return f"amount {qty} {market.base} is below the minimum {max(market.min_amount, market.amount_step)}"
    if cost < least:
        return f"cost {cost:.8g} {market.quote} is below {least:.8g}: after a stop it could not be sold again"
    if cost * (1 + market.taker) > cash:
        return f"cash {cash} {market.quote} does not suffice for {cost:.8g} and its fee"
    return None


def is_flat(qty: Decimal, price: Decimal, market: Market) -> bool:
    """Whether what is held is too little to be sold: below the amount step, or worth less than the minimum cost."""
    return qty < market.amount_step or qty * price < market.min_cost
