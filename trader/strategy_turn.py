"""One turn of a strategy: the bars it has not decided yet, oldest first."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import NamedTuple

from domain.candles import Candle, Window
from domain.codes import Code, Why
from domain.decide import Decision, Situation, decide, failed, sold_beside, stale_after
from domain.executions import Executor, on_paper
from domain.market import Market
from domain.orders import OrderKey, client_order_id
from domain.position import Position
from domain.strategy import Action, Signal
from domain.turns import Step, carried_out
from strategies.kinds import atr
from trader.active_strategy import ActiveStrategy
from trader.undecided import UndecidedBar

EXECUTORS: Mapping[str, Executor] = {"paper": on_paper}  # by mode


@dataclass(frozen=True, slots=True, kw_only=True)
class Conditions:
    """What holds for every decision of a turn: `stored_ms` is when the newest candle came in, `seen_ms` when that was
    seen here (real time); `halted` says why nobody may enter now.
    """

    fleet_id: str
    market: Market
    stored_ms: int | None = None
    seen_ms: int | None = None
    halted: Why | None = None

    def barring(self, reason: Why | None) -> "Conditions":
        """The same for somebody who may not enter, for this reason, if there is one."""
        return self if reason is None else replace(self, halted=reason)


class SaleOrder(NamedTuple):
    """A sale beside the decisions: why, what its order is for, how many such orders the bar will then have, the run
    that opened the position, and when it is made, candle time.
    """

    reason: str
    purpose: str
    attempt: int
    run_id: str
    now_ms: int


class Observation(NamedTuple):
    """What a strategy says of a bar, and where it wishes to enter the ATRs that its exits are measured in."""

    signal: Signal
    atr: Mapping[int, float]


def observe(active: ActiveStrategy, undecided: UndecidedBar) -> Observation:
    """Ask a strategy. Here its own code runs, which may raise anything or never return: whoever calls isolates it."""
    window, indicators = undecided.seen_by(active.bars)
    said = active.strategy.signal(indicators) if len(window) > 1 else Signal(reason="no bar before", undefined=True)
    if not all(isinstance(text, str) for text in (said.entry or "", said.exit or "", said.reason or "")):
        raise TypeError("entry, exit and reason of a Signal are texts: what was seen, in words")
    signal = Signal(said.entry, said.exit, said.reason, dict(said.indicators), said.undefined)
    lengths = active.atr_lengths if signal.entry else ()
    return Observation(signal, {length: atr(indicators, length) for length in lengths})


class StrategyTurn:
    """The turn of a strategy while it is made: the bars that it has not decided, oldest first.

    `steps` are those that are not recorded yet. `failure`: what is left of the bar on which the strategy raised, and
    what it raised.
    """

    def __init__(self, active: ActiveStrategy, conditions: Conditions) -> None:
        self.active, self.strategy_id, self.steps = active, active.strategy_id, list[Step]()
        self.failure: tuple[Step, str] | None = None
        self._conditions, self._position = conditions, active.position
        self._entry: tuple[int, Situation] | None = None

    def due(self, undecided: UndecidedBar) -> bool:
        """Whether the strategy has still to decide the bar; one that never decided starts with the newest."""
        decided = self.steps[-1].bar.timestamp if self.steps else self.active.decided
        after = undecided.newest.timestamp - 1 if decided is None else decided
        return self.failure is None and undecided.bar.timestamp > after

    def take(self, undecided: UndecidedBar, seen: Observation) -> None:
        """Decide a bar on what the strategy has said of it."""
        self._decided(_situation(self.active, undecided, self._conditions, seen))

    def fail(self, undecided: UndecidedBar, error: str) -> None:
        """The strategy raised on a bar: the exits that need no code of its own go on."""
        silent = Observation(Signal(), {})
        situation = _situation(self.active, undecided, self._conditions, silent)
        decision = failed(decide(situation, self._position), self._position, error)
        self.failure = self._step(situation, decision), error

    def refuse_entry(self, reason: Why) -> None:
        """Decide again where it would have entered first, without; what came after that bar is still to be decided."""
        if self._entry:
            place, situation = self._entry
            del self.steps[place:]
            self.failure = None
            self._position = self.steps[-1].position if self.steps else self.active.position
            self._decided(replace(situation, barred=reason))

    def _decided(self, situation: Situation) -> None:
        step = self._step(situation, decide(situation, self._position))
        step.decision.reason.encode()  # what cannot be stored fails on its own bar, also where no row is written of it
        if step.decision.action is Action.ENTER and self._entry is None:
            self._entry = len(self.steps), situation
        self.steps.append(step)
        self._position = step.position

    def _step(self, situation: Situation, decision: Decision) -> Step:
        return _carried_out(self.active.settings.mode, situation, decision, self._position, self._conditions)


def sale(active: ActiveStrategy, bar: Candle, conditions: Conditions, order: SaleOrder) -> Step:
    """The sale of what a strategy holds beside its decisions, on the newest bar that is decided, at its close."""
    situation = Situation(
        bar=bar,
        seconds=active.settings.series.seconds,
        signal=Signal(),
        atr={},
        run_id=order.run_id,
        market=conditions.market,
        terms=active.settings.terms,
        order_id=_namer(active, bar.timestamp, conditions.fleet_id, order.attempt),
        filled_ms=order.now_ms,
    )
    decision = sold_beside(situation, active.position, order.reason, order.purpose)
    return _carried_out(active.settings.mode, situation, decision, active.position, conditions)


def _carried_out(mode: str, situation: Situation, decision: Decision, before: Position, conditions: Conditions) -> Step:
    """One decision as it is recorded, with what its orders have made."""
    position, trades = carried_out(decision, before, EXECUTORS[mode], situation.market, situation.terms)
    return Step(
        bar=situation.bar,
        decision=decision,
        position=position,
        trades=trades,
        decided_ms=situation.filled_ms,
        equity=position.ledger.equity(situation.bar.close, situation.terms.cent),
        stored_ms=None if situation.missed else conditions.stored_ms,
        seen_ms=None if situation.missed else conditions.seen_ms,
        late=situation.missed,
        refused=decision.refusal is not None
        or (situation.signal.entry is not None and decision.action in (Action.BLOCKED, Action.STALE)),
        spare_ms=situation.closed_ms + round(stale_after(situation.seconds) * 1000) - situation.filled_ms,
    )


def _situation(active: ActiveStrategy, undecided: UndecidedBar, conditions: Conditions, seen: Observation) -> Situation:
    """All that the decision of one strategy on one bar depends on."""
    window, terms = undecided.seen_by(active.bars).window, active.settings.terms
    return Situation(
        bar=undecided.bar,
        seconds=window.series.seconds,
        signal=seen.signal,
        atr=seen.atr,
        run_id=active.run_id,
        market=conditions.market,
        terms=terms,
        order_id=_namer(active, undecided.bar.timestamp, conditions.fleet_id),
        filled_ms=undecided.now_ms,
        entry_block=_entry_block(window, terms.warmup),
        barred=conditions.halted,
        stale=_stale(window, undecided.now_ms),
        missed=undecided.bar.timestamp != undecided.newest.timestamp,
        made=undecided.bar.timestamp in window.flat,
    )


def _entry_block(window: Window, warmup: int) -> Why | None:
    """Why the window allows no entry."""
    if len(window) < warmup:
        return Why(Code.WARMING_UP, f"warming up, {len(window)} of {warmup}")
    hole = window.broken(warmup)
    return None if hole is None else Why(Code.GAP, hole)


def _stale(window: Window, now_ms: int) -> str | None:
    """Why an entry comes too late, None while it is in time."""
    seconds = now_ms / 1000 - window.closed_at
    limit = stale_after(window.series.seconds)
    return f"decided {seconds:.0f} s after the close, limit {limit:.0f} s" if seconds > limit else None


def _namer(active: ActiveStrategy, timestamp: int, fleet_id: str, attempt: int = 1) -> Callable[[str], str]:
    """The id of an order of this strategy on this bar, by its purpose."""

    def named(purpose: str) -> str:
        return client_order_id(
            OrderKey(
                fleet_id=fleet_id,
                account=active.settings.mode,
                mode=active.settings.mode,
                strategy_id=active.strategy_id,
                series=active.settings.series,
                timestamp=timestamp,
                purpose=purpose,
                attempt=attempt,
            )
        )

    return named
