"""One decision: what is made of a signal on one bar. Trader, replay and backtest ask here and nowhere else."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from math import isfinite

from domain import exits, sizing
from domain.candles import Candle
from domain.codes import Code, Why
from domain.executions import expected_price
from domain.exits import Exit
from domain.holding import Holding
from domain.market import Market, Side
from domain.money import ZERO, quoted
from domain.orders import Order
from domain.position import Position
from domain.sizing import Refused
from domain.strategy import NOTHING, Action, Signal, Terms

ENTRY, EXIT, MANUAL = "entry", "exit", "manual"  # what an order is for; manual: a person wants it
STALE_FRACTION, STALE_LIMIT = 4, 300  # an entry is stale after min(timeframe / 4, 300 s)


@dataclass(frozen=True, slots=True, kw_only=True)
class Situation:
    """All that one decision depends on.

    `entry_block` says why the data allows no entry (warming up, a gap), `barred` why nobody may enter, `stale` why it
    comes too late. `missed`: the bar is not the newest one, so that nothing fills at its close any more. `made`: no
    such bar was printed, for nobody traded.
    `filled_ms` is the moment of a fill at a close, `closed_ms` that of a fill within the bar.
    """

    bar: Candle
    seconds: int
    signal: Signal
    atr: Mapping[int, float]
    run_id: str
    market: Market
    terms: Terms
    order_id: Callable[[str], str]
    filled_ms: int
    entry_block: Why | None = None
    barred: Why | None = None
    stale: str | None = None
    missed: bool = False
    made: bool = False

    @property
    def closed_ms(self) -> int:
        """When the bar closed."""
        return (self.bar.timestamp + self.seconds) * 1000

    @property
    def indicators(self) -> Mapping[str, float]:
        """What the strategy has looked at."""
        return self.signal.indicators

    @property
    def traded(self) -> bool:
        """Whether anybody traded in the bar."""
        return self.bar.volume > 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """What was decided on a bar, why, and the orders for it. `holding`: what an open position remembers after the bar,
    before any of the orders is filled. `refusal`: why money allowed no entry, or the market no exit.
    """

    action: Action
    code: Code
    reason: str
    holding: Holding | None = None
    orders: tuple[Order, ...] = ()
    indicators: Mapping[str, float] = field(default_factory=lambda: NOTHING)
    refusal: Refused | None = None


def stale_after(seconds: int) -> float:
    """Seconds after a bar's close from which on an entry is stale."""
    return min(seconds / STALE_FRACTION, STALE_LIMIT)


def decide(situation: Situation, position: Position) -> Decision:
    """The one decision on this bar: pure, and the same in every mode. Nothing is filled by it."""
    holding = position.holding
    return _while_flat(situation, position) if holding is None else _while_holding(situation, position, holding)


def failed(decision: Decision, before: Position, error: str) -> Decision:
    """What is left of a decision whose strategy raised, or said what cannot be recorded: an exit is carried out, and
    nothing is bought. `before` is the position before the bar.
    """
    leaves = decision.action is Action.EXIT or decision.code is Code.MISSED_EXIT or decision.holding is None
    if before.holding is not None and leaves:
        return replace(decision, indicators=NOTHING)
    return Decision(action=Action.FAILED, code=Code.RAISED, reason=error, holding=decision.holding)


def sold_beside(situation: Situation, position: Position, reason: str, purpose: str) -> Decision:
    """A sale at the close of the bar, whatever the exits say: a person wants it, or the market is gone (nobody tries
    again then). It is no decision on the bar. What was left of earlier exits is sold too.
    """
    close = quoted(situation.bar.close)
    if position.holding is None and sizing.is_flat(position.ledger.qty, close, situation.market):
        return Decision(action=Action.HOLD, code=Code.NOTHING_HELD, reason="nothing is held")
    wanted = Exit(close, Code.MANUAL if purpose == MANUAL else Code.DELISTED, reason)
    decision = _sold(situation, position, wanted, purpose)
    return decision if purpose == MANUAL else replace(decision, holding=None)


def _while_holding(situation: Situation, position: Position, holding: Holding) -> Decision:
    """Exits go on whatever the data is like. Where one cannot fill at this bar, the next at which it can is waited for:
    the newest one after downtime, and one in which somebody traded.
    """
    if holding.due is not None:
        return _overdue(situation, position, holding.due)
    wanted = exits.due(situation.bar, situation.seconds, holding, situation.terms.exits, situation.signal.exit)
    kept = holding.seen(situation.bar.high)
    if wanted is None:
        return _held(situation, kept, Why(Code.HOLDING, "holding"))
    if situation.made or (situation.missed and not wanted.level):
        waiting = kept.waiting(Why(wanted.code, wanted.reason))
        return Decision(
            action=Action.EXIT, code=wanted.code, reason=wanted.reason, holding=waiting, indicators=situation.indicators
        )
    return _sold(situation, replace(position, holding=kept), wanted)


def _overdue(situation: Situation, position: Position, why: Why) -> Decision:
    """An exit that was decided on an earlier bar: at this close, if it can still be had and somebody traded."""
    if situation.missed or not situation.traded:
        return _blocked(situation, Why(Code.MISSED_EXIT, f"still to be sold: {why.text}"), position.holding)
    sold = _sold(situation, position, Exit(quoted(situation.bar.close), why.code, why.text))
    if not sold.orders:
        return sold
    blocked = _blocked(situation, Why(Code.MISSED_EXIT, f"sold at this close: {why.text}"), sold.holding)
    return replace(blocked, orders=sold.orders)


def _held(situation: Situation, holding: Holding | None, why: Why) -> Decision:
    """Nothing is to be done: in the strategy's own words where it has some."""
    code = Code.UNDEFINED if situation.signal.undefined else why.code
    reason, seen = situation.signal.reason or why.text, situation.indicators
    return Decision(action=Action.HOLD, code=code, reason=reason, holding=holding, indicators=seen)


def _sold(situation: Situation, position: Position, wanted: Exit, purpose: str = EXIT) -> Decision:
    """Sell all that the amount step allows; the rest stays in the ledger, and goes out with the next exit."""
    holding, ledger = position.holding, position.ledger
    if sizing.is_flat(ledger.qty, wanted.price, situation.market):
        why = f"{wanted.reason}; cannot be sold: {sizing.unsold(ledger.qty, wanted.price, situation.market)}"
        return _unsold(situation, position, why)
    qty = sizing.sellable(ledger.qty, situation.market)
    order = Order(
        client_order_id=situation.order_id(purpose),
        side=Side.SELL,
        purpose=purpose,
        code=wanted.code,
        reason=wanted.reason,
        price=wanted.price,
        qty=qty,
        unit=ledger.unit(situation.terms.cent, wanted.price * qty),
        timestamp=situation.bar.timestamp,
        expected_ms=situation.closed_ms if wanted.level else situation.filled_ms,
        round_trip=position.round_trips,
        entry_run_id=holding.run_id if holding else situation.run_id,
        resting=wanted.resting,
        late=situation.missed or (holding is not None and holding.due is not None),
    )
    return Decision(
        action=Action.EXIT, code=wanted.code, reason=wanted.reason, holding=holding, orders=(order,),
        indicators=situation.indicators,
    )  # fmt: skip


def _unsold(situation: Situation, position: Position, why: str) -> Decision:
    """An exit that the market does not take: what its price has made too little counts as flat (TRADING.md section 3).

    What would be too little at the price of its entry as well is so because the market describes itself otherwise now:
    it is kept with its levels, and sold as soon as an exit is due and possible.
    """
    holding = position.holding
    if holding is None or not sizing.is_flat(position.ledger.qty, holding.entry_price, situation.market):
        reason = f"{why}; counts as flat"
        return Decision(action=Action.HOLD, code=Code.RESIDUE, reason=reason, indicators=situation.indicators)
    return Decision(
        action=Action.HOLD, code=Code.UNSELLABLE, reason=why, holding=holding.seen(situation.bar.high),
        indicators=situation.indicators, refusal=Refused.UNSELLABLE,
    )  # fmt: skip


def _while_flat(situation: Situation, position: Position) -> Decision:
    """Enter where it is wished and nothing speaks against it. What is wished on unsound data is no entry, nor could one
    ever have been in a bar that nobody traded: neither comes too late.
    """
    wish = situation.signal.entry
    if situation.entry_block and not situation.barred:
        return _blocked(situation, situation.entry_block)
    if wish and situation.stale and situation.traded:
        reason = f"{situation.stale}: {wish}"
        return Decision(action=Action.STALE, code=Code.STALE, reason=reason, indicators=situation.indicators)
    if situation.barred:
        return _blocked(situation, situation.barred)
    if not wish:
        return _held(situation, None, Why(Code.NO_ENTRY, "no entry"))
    hindrance = _hindrance(situation)
    if hindrance:
        return _blocked(situation, hindrance._replace(text=f"{hindrance.text}: {wish}"))
    return _bought(situation, position, wish)


def _blocked(situation: Situation, why: Why, holding: Holding | None = None) -> Decision:
    """No entry."""
    seen = situation.indicators
    return Decision(action=Action.BLOCKED, code=why.code, reason=why.text, holding=holding, indicators=seen)


def _hindrance(situation: Situation) -> Why | None:
    """What forbids an entry that is wished and in time, None for nothing."""
    if not situation.traded:
        return Why(Code.NOT_TRADED, "nobody traded in this bar")
    if not situation.market.active:
        return Why(Code.MARKET_HALTED, f"the exchange has halted {situation.market.symbol}")
    unknown = [length for length, value in situation.atr.items() if not isfinite(value)]
    return Why(Code.ATR_UNKNOWN, f"atr({unknown[0]}) is not known yet") if unknown else None


def _bought(situation: Situation, position: Position, wish: str) -> Decision:
    """Buy what the stake allows at the price that is expected, or say why not."""
    terms, market, ledger = situation.terms, situation.market, position.ledger
    order = _entry(situation, position, wish)
    price = expected_price(order, market, terms)
    expected = exits.opened(order, price, market)
    equity = ledger.equity(situation.bar.close, terms.cent)
    qty = sizing.entry_qty(terms, market, price, expected.stop, cash=ledger.cash, equity=equity)
    refused = sizing.unbounded(terms, price, expected.stop) or sizing.refusal(
        qty, market, price, expected.stop_level(), ledger.cash
    )
    if refused:
        blocked = _blocked(situation, Why(Code(refused.code), f"{refused.text}: {wish}"))
        return replace(blocked, refusal=refused.code)
    return Decision(
        action=Action.ENTER, code=Code.SIGNAL, reason=wish, orders=(replace(order, qty=qty),),
        indicators=situation.indicators,
    )  # fmt: skip


def _entry(situation: Situation, position: Position, wish: str) -> Order:
    """The order that opens the next round trip, before it is known how much the stake allows."""
    return Order(
        client_order_id=situation.order_id(ENTRY),
        side=Side.BUY,
        purpose=ENTRY,
        code=Code.SIGNAL,
        reason=wish,
        price=quoted(situation.bar.close),
        qty=ZERO,
        unit=position.ledger.unit(situation.terms.cent),
        timestamp=situation.bar.timestamp,
        expected_ms=situation.filled_ms,
        round_trip=position.round_trips + 1,
        entry_run_id=situation.run_id,
        exits=situation.terms.exits,
        atr=situation.atr,
    )
