"""A market of which only candles are known: its steps are the digits that they show."""

from collections.abc import Iterable, Sequence
from decimal import Decimal

from tests.witness.bars import Bar
from tests.witness.numbers import exact
from tests.witness.terms import Market


def shown(values: Iterable[float]) -> Decimal:
    """The decimal place that 99 of 100 values do with."""
    places = sorted(max(0, -exact(value).normalize().as_tuple().exponent) for value in values)  # type: ignore[operator]
    return Decimal(1).scaleb(-places[(99 * len(places) - 1) // 100])


def market(bars: Sequence[Bar], min_cost: str, maker: str, taker: str, *, coins: bool) -> Market:
    """Steps from candles; the rest as the exchange publishes it."""
    tick = shown(price for bar in bars for price in bar[1:5])
    step = shown(bar.volume for bar in bars)
    return Market(step, tick, step, Decimal(min_cost), Decimal(maker), Decimal(taker), coins)
