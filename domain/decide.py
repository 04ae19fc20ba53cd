"""One decision: what is made of a signal on one bar. Trader, replay and backtest ask here and nowhere else."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from decimal import Decimal
from math import isfinite

from domain import exits, sizing
from domain.candles import Candle
from domain.codes import Code, Why
from domain.executions import Execution, Order, executed, slipped
from domain.exits import Exit
from domain.ledger import Holding, Ledger, Trade
from domain.market import Market, Side
from domain.money import quoted
from domain.sizing import Refused
from domain.strategy import NOTHING, Action, Signal, Terms

ENTRY, EXIT, MANUAL = "entry", "exit", "manual"  # what an order is for; manual: a person wants it
STALE_FRACTION, STALE_LIMIT = 4, 300  # an entry is stale after min(timeframe / 4, 300 s)


@dataclass(frozen=True, slots=True, kw_only=True)
class State:
    """What a strategy has before a bar. `round_trips` counts those that were opened so far."""

    ledger: Ledger
    holding: Holding | None = None
    round_trips: int = 0


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
    def traded(self) -> bool:
        """Whether anybody traded in the bar."""
        return self.bar.volume > 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """What was decided on a bar, why, the trade that it made, and the state after it. `refusal`: why money allowed no
    entry, or the market no exit.
    """

    action: Action
    code: Code
    reason: str
    state: State
    indicators: Mapping[str, float] = field(default_factory=lambda: NOTHING)
    trade: Trade | None = None
    refusal: Refused | None = None


def stale_after(seconds: int) -> float:
    """Seconds after a bar's close from which on an entry is stale."""
    return min(seconds / STALE_FRACTION, STALE_LIMIT)


def decide(situation: Situation, state: State) -> Decision:
    """The one decision on this bar."""
    decision = _while_holding(situation, state) if state.holding else _while_flat(situation, state)
    return replace(decision, indicators=situation.signal.indicators)


def failed(decision: Decision, before: State, error: str) -> Decision:
    """What is left of a decision whose strategy raised, or said what cannot be recorded: an exit is carried out, and
    nothing is bought. `before` is the state before the bar.
    """
    leaves = decision.action is Action.EXIT or decision.code is Code.MISSED_EXIT or decision.state.holding is None
    if before.holding is not None and leaves:
        return replace(decision, indicators=NOTHING)
    state = decision.state if decision.trade is None else before
    return Decision(action=Action.FAILED, code=Code.RAISED, reason=error, state=state)


def sold_beside(situation: Situation, state: State, reason: str, purpose: str) -> Decision:
    """A sale at the close of the bar, whatever the exits say: a person wants it, or the market is gone (nobody tries
    again then). It is no decision on the bar. What was left of earlier exits is sold too.
    """
    close = quoted(situation.bar.close)
    if state.holding is None and sizing.is_flat(state.ledger.qty, close, situation.market):
        return Decision(action=Action.HOLD, code=Code.NOTHING_HELD, reason="nothing is held", state=state)
    wanted = Exit(close, Code.MANUAL if purpose == MANUAL else Code.DELISTED, reason)
    decision = _sold(situation, state, wanted, purpose)
    return decision if purpose == MANUAL else replace(decision, state=replace(decision.state, holding=None))


def _while_holding(situation: Situation, state: State) -> Decision:
    """Exits go on whatever the data is like. Where one cannot fill at this bar, the next at which it can is waited for:
    the newest one after downtime, and one in which somebody traded.
    """
    holding = state.holding
    assert holding is not None
    if holding.due is not None:
        return _overdue(situation, state, holding.due)
    wanted = exits.due(situation.bar, situation.seconds, holding, situation.terms.exits, situation.signal.exit)
    kept = holding.seen(situation.bar.high)
    if wanted is None:
        return _held(situation, replace(state, holding=kept), Why(Code.HOLDING, "holding"))
    if situation.made or (situation.missed and not wanted.level):
        waiting = replace(state, holding=replace(kept, due=Why(wanted.code, wanted.reason)))
        return Decision(action=Action.EXIT, code=wanted.code, reason=wanted.reason, state=waiting)
    return _sold(situation, state, wanted)


def _overdue(situation: Situation, state: State, why: Why) -> Decision:
    """An exit that was decided on an earlier bar: at this close, if it can still be had and somebody traded."""
    if situation.missed or not situation.traded:
        return _blocked(state, Why(Code.MISSED_EXIT, f"still to be sold: {why.text}"))
    sold = _sold(situation, state, Exit(quoted(situation.bar.close), why.code, why.text))
    if sold.trade is None:
        return sold
    return replace(_blocked(sold.state, Why(Code.MISSED_EXIT, f"sold at this close: {why.text}")), trade=sold.trade)


def _held(situation: Situation, state: State, why: Why) -> Decision:
    """Nothing is to be done: in the strategy's own words where it has some."""
    code = Code.UNDEFINED if situation.signal.undefined else why.code
    return Decision(action=Action.HOLD, code=code, reason=situation.signal.reason or why.text, state=state)


def _sold(situation: Situation, state: State, wanted: Exit, purpose: str = EXIT) -> Decision:
    """Sell all that the amount step allows; the rest stays in the ledger, and goes out with the next exit."""
    price, overdue = wanted.price, state.holding is not None and state.holding.due is not None
    if sizing.is_flat(state.ledger.qty, price, situation.market):
        why = f"{wanted.reason}; cannot be sold: {sizing.unsold(state.ledger.qty, price, situation.market)}"
        return _unsold(situation, state, why)
    order = Order(
        client_order_id=situation.order_id(purpose),
        side=Side.SELL,
        purpose=purpose,
        code=wanted.code,
        reason=wanted.reason,
        price=price,
        qty=sizing.sellable(state.ledger.qty, situation.market),
        timestamp=situation.bar.timestamp,
        filled_ms=situation.closed_ms if wanted.level else situation.filled_ms,
        round_trip=state.round_trips,
        entry_run_id=state.holding.run_id if state.holding else situation.run_id,
        resting=wanted.resting,
        late=situation.missed or overdue,
    )
    cent = state.ledger.unit(situation.terms.cent, order.price * order.qty)
    execution = executed(order, situation.market, situation.terms.slippage_bps, cent)
    ledger, trade = state.ledger.applied(execution, situation.terms.cent)
    after = replace(state, ledger=ledger, holding=None)
    return Decision(action=Action.EXIT, code=wanted.code, reason=wanted.reason, state=after, trade=trade)


def _unsold(situation: Situation, state: State, why: str) -> Decision:
    """An exit that the market does not take: what its price has made too little counts as flat (TRADING.md section 3).

    What would be too little at the price of its entry as well is so because the market describes itself otherwise now:
    it is kept with its levels, and sold as soon as an exit is due and possible.
    """
    holding = state.holding
    if holding is None or not sizing.is_flat(state.ledger.qty, holding.entry_price, situation.market):
        flat = replace(state, holding=None)
        return Decision(action=Action.HOLD, code=Code.RESIDUE, reason=f"{why}; counts as flat", state=flat)
    kept = replace(state, holding=holding.seen(situation.bar.high))
    return Decision(action=Action.HOLD, code=Code.UNSELLABLE, reason=why, state=kept, refusal=Refused.UNSELLABLE)


def _while_flat(situation: Situation, state: State) -> Decision:
    """Enter where it is wished and nothing speaks against it. What is wished on unsound data is no entry, nor could one
    ever have been in a bar that nobody traded: neither comes too late.
    """
    wish = situation.signal.entry
    if situation.entry_block and not situation.barred:
        return _blocked(state, situation.entry_block)
    if wish and situation.stale and situation.traded:
        return Decision(action=Action.STALE, code=Code.STALE, reason=f"{situation.stale}: {wish}", state=state)
    if situation.barred:
        return _blocked(state, situation.barred)
    if not wish:
        return _held(situation, state, Why(Code.NO_ENTRY, "no entry"))
    hindrance = _hindrance(situation)
    if hindrance:
        return _blocked(state, hindrance._replace(text=f"{hindrance.text}: {wish}"))
    return _bought(situation, state, wish)


def _blocked(state: State, why: Why) -> Decision:
    """No entry."""
    return Decision(action=Action.BLOCKED, code=why.code, reason=why.text, state=state)


def _hindrance(situation: Situation) -> Why | None:
    """What forbids an entry that is wished and in time, None for nothing."""
    if not situation.traded:
        return Why(Code.NOT_TRADED, "nobody traded in this bar")
    if not situation.market.active:
        return Why(Code.MARKET_HALTED, f"the exchange has halted {situation.market.symbol}")
    unknown = [length for length, value in situation.atr.items() if not isfinite(value)]
    return Why(Code.ATR_UNKNOWN, f"atr({unknown[0]}) is not known yet") if unknown else None


def _bought(situation: Situation, state: State, wish: str) -> Decision:
    """Buy what the stake allows, or say why not."""
    terms, market, close = situation.terms, situation.market, quoted(situation.bar.close)
    tick, cent = market.tick_at(close), state.ledger.unit(terms.cent)
    price = slipped(close, Side.BUY, terms.slippage_bps, tick)
    stop = exits.stop_of(terms.exits, price, dict(situation.atr), tick)
    equity = state.ledger.equity(situation.bar.close, terms.cent)
    qty = sizing.entry_qty(terms, market, price, stop, cash=state.ledger.cash, equity=equity)
    execution = executed(_entry(situation, state, wish, qty), market, terms.slippage_bps, cent)
    holding = _opened(situation, execution, stop)
    refused = sizing.unbounded(terms, price, stop) or sizing.refusal(
        qty, market, price, holding.stop_level(), state.ledger.cash
    )
    if refused:
        why = Why(Code(refused.code), f"{refused.text}: {wish}")
        return replace(_blocked(state, why), refusal=refused.code)
    ledger, trade = state.ledger.applied(execution, terms.cent)
    after = State(ledger=ledger, holding=holding, round_trips=execution.order.round_trip)
    return Decision(action=Action.ENTER, code=Code.SIGNAL, reason=wish, state=after, trade=trade)


def _entry(situation: Situation, state: State, wish: str, qty: Decimal) -> Order:
    """The order that opens the next round trip."""
    return Order(
        client_order_id=situation.order_id(ENTRY),
        side=Side.BUY,
        purpose=ENTRY,
        code=Code.SIGNAL,
        reason=wish,
        price=quoted(situation.bar.close),
        qty=qty,
        timestamp=situation.bar.timestamp,
        filled_ms=situation.filled_ms,
        round_trip=state.round_trips + 1,
        entry_run_id=situation.run_id,
    )


def _opened(situation: Situation, execution: Execution, stop: Decimal | None) -> Holding:
    """The position that an entry opens, with its levels fixed."""
    order, tick = execution.order, situation.market.tick_at(execution.price)
    rules, atr = situation.terms.exits, dict(situation.atr)
    return Holding(
        entry_timestamp=order.timestamp,
        entry_price=execution.price,
        run_id=order.entry_run_id,
        round_trip=order.round_trip,
        stop=stop,
        target=exits.target_of(rules, execution.price, atr, tick),
        trailing=exits.trailing_of(rules, execution.price, atr, tick),
        high_water=execution.price,
    )
