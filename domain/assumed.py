"""A market that no exchange has described: its steps are the digits that its candles show, its fees the published ones.

Replay and backtest trade on it after an import. That it is assumed, and from what, is said in words beside each report.
"""

from collections.abc import Callable, Iterable, Sequence
from decimal import ROUND_HALF_EVEN, Context, Decimal
from typing import NamedTuple

from domain.candles import Candle, Series
from domain.fees import Fees
from domain.market import Market, plain, words
from domain.money import DIGITS, decimal

FINEST_AMOUNT = Decimal("1e-8")  # base currency: exchanges count coins no finer
FINEST_PRICE = Decimal("1e-15")  # quote currency: it coarsens until a price has 15 digits
ENOUGH = 10  # different values: digits that fewer of them do not show may be there all the same
STRAY = 100  # one value of so many may show more digits than the others: an average, a correction
DEAREST = 10  # quote currency: a step worth more is none of an amount in coins
SUMS = 12  # significant digits of a volume: beyond them is the noise of adding up many floats


class Assumed(NamedTuple):
    """A market, and in words what it is and where that comes from."""

    market: Market
    words: str


class _Step(NamedTuple):
    """A step, and in words how it was found."""

    size: Decimal
    origin: str


def assumed(series: Series, candles: Sequence[Candle], fees: Fees, min_cost: Decimal, origin: str) -> Assumed:
    """The market of a series, from its newest candles; `min_cost` in quote currency, `origin` says whose fees."""
    tick, step = _tick(candles), _amount_step(candles, series)
    base, _, quote = series.symbol.partition("/")
    market = Market(
        exchange=series.exchange,
        symbol=series.symbol,
        market_id=series.symbol,
        base=base,
        quote=quote,
        amount_step=step.size,
        price_tick=tick.size,
        min_amount=step.size,
        min_cost=min_cost,
        maker=fees.maker,
        taker=fees.taker,
        fee_in_base=fees.in_base,
    )
    sources = f"price step {tick.origin}, amount step {step.origin}, fees {origin}"
    return Assumed(market, f"{words(market)}; assumed, for no exchange has described it: {sources}")


def _tick(candles: Sequence[Candle]) -> _Step:
    """The price step, in quote currency."""
    prices = [price for candle in candles for price in candle[1:5]]
    if len(set(prices)) < ENOUGH:
        return _Step(FINEST_PRICE, f"none, as {_count(candles)} show too little")
    return _Step(_digits(prices, DIGITS), f"as {_count(candles)} show it")


def _amount_step(candles: Sequence[Candle], series: Series) -> _Step:
    """The step of amounts, in base currency. Volume in quote currency, or in round numbers, shows one that is worth too
    much.
    """
    volumes = [candle.volume for candle in candles if candle.volume > 0]
    if len(set(volumes)) < ENOUGH:
        return _Step(FINEST_AMOUNT, f"the finest, as the volumes of {_count(candles)} show too little")
    seen = max(_digits(volumes, SUMS), FINEST_AMOUNT)
    worth = seen * decimal(candles[-1].close)
    if worth > DEAREST:
        quote = series.symbol.partition("/")[2]
        return _Step(
            FINEST_AMOUNT, f"the finest, as {plain(seen)} by the volumes would be worth {plain(worth)} {quote}"
        )
    return _Step(seen, f"as the volumes of {_count(candles)} show it")


def _digits(values: Iterable[float], significant: int) -> Decimal:
    """The worth of the last decimal place of these values, at most 1. Digits beyond the significant ones are noise."""
    rounded = Context(prec=significant, rounding=ROUND_HALF_EVEN).plus
    places = sorted((_places(value, rounded) for value in values), reverse=True)
    return Decimal(1).scaleb(-places[len(places) // STRAY])


def _places(value: float, rounded: Callable[[Decimal], Decimal]) -> int:
    """The decimal places of a value."""
    number = rounded(decimal(value)).normalize()
    return max(0, len(number.as_tuple().digits) - 1 - number.adjusted())


def _count(candles: Sequence[Candle]) -> str:
    """How many candles."""
    return "1 candle" if len(candles) == 1 else f"{len(candles):,} candles"
