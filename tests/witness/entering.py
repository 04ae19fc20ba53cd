"""How much an entry buys at which price, with which levels, and whether it is refused."""

from decimal import Decimal
from typing import NamedTuple

from tests.witness.bars import Bar
from tests.witness.ledger import Ledger, coin_fee
from tests.witness.numbers import down, exact, fitting, up
from tests.witness.seen import Seen
from tests.witness.terms import Distance, Terms


class Levels(NamedTuple):
    """Prices at which a position is left, and how far the trailing stop is below the highest price."""

    stop: Decimal | None
    target: Decimal | None
    trailing_distance: Decimal | None


def buying_price(terms: Terms, close: float) -> Decimal:
    """The close, moved against us, rounded up to the tick."""
    return up(exact(close) * (1 + terms.slippage_bps / 10000), terms.market.price_tick)


def levels(terms: Terms, price: Decimal, seen: Seen) -> Levels:
    """Levels of a position that is entered at this price, rounded up to the tick."""
    tick, exits = terms.market.price_tick, terms.exits

    def far(distance: Distance) -> Decimal:
        return distance.value * (exact(seen.ranged("atr", distance.atr)) if distance.atr else price)

    return Levels(
        stop=up(price - far(exits.stop), tick) if exits.stop else None,
        target=up(price + far(exits.target), tick) if exits.target else None,
        trailing_distance=up(far(exits.trailing), tick) if exits.trailing else None,
    )


def amount(terms: Terms, ledger: Ledger, bar: Bar, price: Decimal, stop: Decimal | None) -> Decimal:
    """Coins to buy, floored to the step."""
    kind, value = terms.stake
    each = price * (1 + terms.market.taker)
    equity = ledger.equity(exact(bar.close))
    if kind == "risk":
        assert stop is not None, "a stake by risk needs a stop"
        risked = equity * value / (price - stop) if stop < price else Decimal(0)  # nothing tells how much is at risk
        wanted = min(risked, ledger.cash / each)
    elif kind == "fraction":
        wanted = min(equity * value, ledger.cash) / each
    else:
        wanted = value / each
    return down(wanted, fitting(terms.market.amount_step, wanted))


def refusal(terms: Terms, ledger: Ledger, price: Decimal, coins: Decimal, found: Levels) -> str | None:
    """Why it is not bought: too little, not to be paid, or not to be sold again after the stop, less a fee in coins."""
    market = terms.market
    fee = coin_fee(coins, market.taker) if market.coins else Decimal(0)
    left = down(coins - fee, market.amount_step)
    trailed = price - found.trailing_distance if found.trailing_distance else None
    stops = [level for level in (found.stop, trailed) if level is not None]
    remains = max(stops) / price if stops else Decimal(1)  # 1 - stop distance
    cost = ledger.money(coins * price)
    smallest = max(market.min_amount, market.amount_step)
    if terms.stake[0] == "risk" and found.stop is not None and found.stop >= price:
        return "stop_too_near"
    if coins < smallest:
        return "amount_too_small"
    if (cost if market.coins else cost + ledger.money(coins * price * market.taker)) > ledger.cash:
        return "cash_too_small"
    below = cost < market.min_cost * Decimal("1.05") / remains or left * price * remains < market.min_cost
    return "unsellable" if left < smallest or below else None
