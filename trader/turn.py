"""One turn of a strategy: the bars it has not decided yet, walked in order."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import Decimal

from db.trading import Step
from domain.candles import Candle, Window, flat_bar
from domain.decide import Situation, Verdict, decide, sold_by_order, stale_after
from domain.market import Market
from domain.orders import Intent, client_order_id
from domain.strategy import Signal
from strategies.kinds import atr
from trader.look import View
from trader.seat import Seat

SOLD = "a missed exit fills at the newest close"


@dataclass(frozen=True, slots=True, kw_only=True)
class Conditions:
    """What holds for every decision of a turn.

    `now_ms` is candle time, `stored_ms` when the newest candle came in. `halted` says why nobody may enter now.
    """

    fleet_id: str
    market: Market
    now_ms: int
    stored_ms: int | None = None
    halted: str | None = None


def walk(seat: Seat, views: Sequence[View], conditions: Conditions) -> tuple[Step, ...]:
    """What is decided on each bar. Raises whatever the strategy raises: the caller isolates it."""
    steps: list[Step] = []
    state, sold = seat.state, False
    for view in views:
        situation = _situation(seat, view, conditions, SOLD if sold else None)
        verdict = decide(situation, state)
        state = verdict.state
        sold = sold or (verdict.fill is not None and verdict.fill.timestamp > view.bar.timestamp)
        steps.append(_step(situation, verdict, conditions, sold=sold))
    return tuple(steps)


def closing(seat: Seat, last: Candle, conditions: Conditions, reason: str) -> Step:
    """The exit on the bar that never came after `last`, at its close: the market was delisted."""
    seconds = seat.settings.series.seconds
    bar = flat_bar(last.timestamp + seconds, last.close)
    situation = Situation(
        bar=bar,
        seconds=seconds,
        signal=Signal(exit=reason),
        atr={},
        run_id=seat.run_id,
        market=conditions.market,
        terms=seat.settings.terms,
        order_id=_namer(seat, bar.timestamp, conditions.fleet_id),
        filled_ms=conditions.now_ms,
    )
    return _step(situation, decide(situation, seat.state), conditions, sold=False)


def ordered(seat: Seat, bar: Candle, conditions: Conditions, reason: str, attempt: int) -> Step:
    """The sale that a person has ordered, on the newest bar that is decided, at its close."""
    situation = Situation(
        bar=bar,
        seconds=seat.settings.series.seconds,
        signal=Signal(),
        atr={},
        run_id=seat.run_id,
        market=conditions.market,
        terms=seat.settings.terms,
        order_id=_namer(seat, bar.timestamp, conditions.fleet_id, attempt),
        filled_ms=conditions.now_ms,
    )
    return _step(situation, sold_by_order(situation, seat.state, reason), conditions, sold=False)


def _step(situation: Situation, verdict: Verdict, conditions: Conditions, *, sold: bool) -> Step:
    """One decision as it is recorded. Between a missed exit and the newest bar, where it fills, equity is not known."""
    return Step(
        bar=situation.bar,
        verdict=verdict,
        equity=None if sold and situation.late else _equity(situation, verdict),
        stored_ms=None if situation.late else conditions.stored_ms,
        late=situation.late,
    )


def _equity(situation: Situation, verdict: Verdict) -> Decimal:
    """Equity at the close of the bar, quote currency."""
    return verdict.state.ledger.equity(situation.bar.close, situation.terms.cent)


def _situation(seat: Seat, view: View, conditions: Conditions, sold: str | None) -> Situation:
    """All that the decision of one seat on one bar depends on."""
    window, terms = view.window, seat.settings.terms
    return Situation(
        bar=view.bar,
        seconds=window.series.seconds,
        signal=seat.strategy.signal(view.indicators) if len(window) > 1 else Signal(reason="no bar before"),
        atr={length: atr(view.indicators, length) for length in seat.atr_lengths},
        run_id=seat.run_id,
        market=conditions.market,
        terms=terms,
        order_id=_namer(seat, view.bar.timestamp, conditions.fleet_id),
        filled_ms=conditions.now_ms,
        unsound=conditions.halted or sold or _unsound(window, terms.warmup),
        stale=_stale(window, conditions.now_ms),
        sale=view.newest,
    )


def _unsound(window: Window, warmup: int) -> str | None:
    """Why the window allows no entry."""
    if len(window) < warmup:
        return f"warming up, {len(window)} of {warmup}"
    return window.broken(warmup)


def _stale(window: Window, now_ms: int) -> str | None:
    """Why an entry comes too late, None while it is in time."""
    seconds = now_ms / 1000 - window.closed_at
    limit = stale_after(window.series.seconds)
    return f"decided {seconds:.0f} s after the close, limit {limit:.0f} s" if seconds > limit else None


def _namer(seat: Seat, timestamp: int, fleet_id: str, attempt: int = 1) -> Callable[[str], str]:
    """The id of an order of this seat on this bar, by its purpose."""

    def named(purpose: str) -> str:
        return client_order_id(
            Intent(
                fleet_id=fleet_id,
                account=seat.settings.mode,
                mode=seat.settings.mode,
                strategy_id=seat.strategy_id,
                series=seat.settings.series,
                timestamp=timestamp,
                purpose=purpose,
                attempt=attempt,
            )
        )

    return named
