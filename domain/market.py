"""What may be traded and how: steps, minima and fees of one market."""

from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from domain.money import ZERO, last_digit, real

LIMIT = Decimal("1e15")  # steps and minima beyond are nonsense; the database refuses them too


class Side(StrEnum):
    """Which way an order or a trade goes."""

    BUY = "buy"
    SELL = "sell"


@dataclass(frozen=True, slots=True, kw_only=True)
class Market:
    """One market of one exchange, as the exchange describes it.

    `market_id` is the exchange's own name. `amount_step` and `min_amount` are in base currency, `price_tick` and
    `min_cost` in quote currency; a minimum the exchange does not state is 0. `taker` and `maker` are fractions.
    `fee_in_base` tells that a buy pays its fee from the base currency received (ccxt's `feeSide` "get"). `active`: it
    is traded now; where it is not, it is halted, which is not gone.
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

    def tick_at(self, price: Decimal) -> Decimal:
        """The price tick for orders at `price`; a tick above the price is none that anybody traded at, so that the last
        of 15 digits takes its place.
        """
        return self.price_tick if self.price_tick <= price else last_digit(price)


def plain(value: Decimal) -> str:
    """A number without exponent and without zeros at its end."""
    return f"{value.normalize():f}"


def words(market: Market) -> str:
    """Steps and fees of a market, for people."""
    steps = f"price step {plain(market.price_tick)}, amount step {plain(market.amount_step)}"
    fees = f"fees {plain(100 * market.taker)} %, of orders that rested {plain(100 * market.maker)} %"
    taken = ", taken from the coins of a buy" if market.fee_in_base else ""
    return f"{market.exchange} {market.symbol}: {steps}, {fees}{taken}"


def fault(market: Market) -> str | None:
    """Why a market cannot be traded as it is described, None where it can: nobody rounds to a step of zero or NaN."""
    nameless = [name for name in ("symbol", "market_id", "base", "quote") if not getattr(market, name)]
    if nameless:
        return f"no {nameless[0]}"
    odd = [name for name in ("amount_step", "price_tick") if not _number(getattr(market, name), above=ZERO)]
    odd += [name for name in ("min_amount", "min_cost") if not _number(getattr(market, name))]
    odd += [name for name in ("maker", "taker") if not _number(getattr(market, name), Decimal(-1), Decimal(1))]
    return f"{odd[0]} {str(getattr(market, odd[0]))[:40]}" if odd else None


def _number(value: Decimal, above: Decimal | None = None, below: Decimal = LIMIT) -> bool:
    """Whether a number is at least 0, or `above` another one, `below` a third, and kept exactly."""
    try:
        return (value >= 0 if above is None else value > above) and value < below and (not value or real(value) != 0)
    except (ArithmeticError, ValueError):
        return False
