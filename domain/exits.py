"""Exits: where the levels lie, and what happens within one bar.

The order of events within a bar is the pessimistic one (TRADING.md section 4): the stop before the target, and the
high of a bar moves the trailing stop of the next bar only.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from domain import catalogue
from domain.candles import Candle
from domain.codes import Code
from domain.holding import Holding
from domain.market import Market
from domain.money import ceil_to, decimal, quoted
from domain.orders import Order
from domain.strategy import Check, Distance, Exits


@dataclass(frozen=True, slots=True)
class Exit:
    """A position is to be closed at `price`, and why.

    `resting`: by a limit order that waited at the exchange. `level`: within the bar, not at its close.
    """

    price: Decimal
    code: Code
    reason: str
    resting: bool = False
    level: bool = False


def bars(rules: Exits) -> int:
    """Bars that the ATRs of these exits need; 0 without any."""
    distances = (rules.stop, rules.target, rules.trailing)
    return max((catalogue.bars("atr", each.atr) for each in distances if each is not None and each.atr), default=0)


def distance(wanted: Distance | None, price: Decimal, atr: float | None) -> Decimal | None:
    """`wanted` in quote currency for an entry at `price`; `atr` is the newest ATR(`wanted.atr`)."""
    if wanted is None:
        return None
    return wanted.value * (price if wanted.atr is None else decimal(atr or 0.0))


def stop_of(exits: Exits, price: Decimal, atr: Mapping[int, float], tick: Decimal) -> Decimal | None:
    """The level of the fixed stop for an entry at `price`, rounded up to the tick; None without one."""
    below = distance(exits.stop, price, _atr(exits.stop, atr))
    return None if below is None else max(ceil_to(price - below, tick), tick)


def target_of(exits: Exits, price: Decimal, atr: Mapping[int, float], tick: Decimal) -> Decimal | None:
    """The level of the target for an entry at `price`, rounded up to the tick; None without one."""
    above = distance(exits.target, price, _atr(exits.target, atr))
    return None if above is None else ceil_to(price + above, tick)


def trailing_of(exits: Exits, price: Decimal, atr: Mapping[int, float], tick: Decimal) -> Decimal | None:
    """The distance of the trailing stop for an entry at `price`, rounded up to the tick; None without one."""
    below = distance(exits.trailing, price, _atr(exits.trailing, atr))
    return None if below is None else ceil_to(below, tick)


def opened(order: Order, price: Decimal, market: Market) -> Holding:
    """What an entry at `price` holds, with its levels fixed."""
    rules, tick = order.exits, market.tick_at(price)
    return Holding(
        entry_timestamp=order.timestamp,
        entry_price=price,
        run_id=order.entry_run_id,
        round_trip=order.round_trip,
        stop=stop_of(rules, price, order.atr, market.tick_at(order.price)),
        target=target_of(rules, price, order.atr, tick),
        trailing=trailing_of(rules, price, order.atr, tick),
        high_water=price,
    )


def due(bar: Candle, seconds: int, holding: Holding, exits: Exits, wish: str | None) -> Exit | None:
    """How the position is closed on this bar, None when it is kept; `wish` is the strategy's own reason to exit."""
    if bar.timestamp <= holding.entry_timestamp:
        return None
    tested = _intrabar(bar, holding) if exits.check is Check.INTRABAR else _on_close(bar, holding)
    return tested or _at_close(bar, seconds, holding, exits, wish)


def _intrabar(bar: Candle, holding: Holding) -> Exit | None:
    """Stop and target as orders resting at the exchange."""
    stop = holding.stop_level()
    open_, high, low = quoted(bar.open), quoted(bar.high), quoted(bar.low)
    if stop is not None and open_ <= stop:
        return Exit(open_, _stop_code(holding), f"opened at {open_}, below the stop {stop}", level=True)
    if stop is not None and low <= stop:
        return Exit(stop, _stop_code(holding), f"low {low} reached the stop {stop}", level=True)
    if holding.target is not None and high >= holding.target:
        price = max(open_, holding.target)
        return Exit(price, Code.TARGET, f"high {high} reached the target {holding.target}", resting=True, level=True)
    return None


def _stop_code(holding: Holding) -> Code:
    """Which of the two stops is the higher one."""
    return Code.STOP if holding.stop_level() == holding.stop else Code.TRAILING_STOP


def _on_close(bar: Candle, holding: Holding) -> Exit | None:
    """Stop and target as a trader that looks at closed candles can test them."""
    stop, close = holding.stop_level(), quoted(bar.close)
    if stop is not None and close <= stop:
        return Exit(close, _stop_code(holding), f"close {close} is at or below the stop {stop}")
    if holding.target is not None and close >= holding.target:
        return Exit(close, Code.TARGET, f"close {close} is at or above the target {holding.target}")
    return None


def _at_close(bar: Candle, seconds: int, holding: Holding, exits: Exits, wish: str | None) -> Exit | None:
    """The time limit, then the strategy's wish."""
    held = (bar.timestamp - holding.entry_timestamp) // seconds
    if exits.max_bars is not None and held >= exits.max_bars:
        return Exit(quoted(bar.close), Code.TIME_LIMIT, f"held for {held} bars")
    return Exit(quoted(bar.close), Code.EXIT_SIGNAL, wish) if wish else None


def _atr(wanted: Distance | None, atr: Mapping[int, float]) -> float | None:
    """The ATR that a distance asks for."""
    return None if wanted is None or wanted.atr is None else atr.get(wanted.atr)
