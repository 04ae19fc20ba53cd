"""A turn of a strategy: its decisions on consecutive bars, what was filled for them, and what became of them."""

from dataclasses import dataclass, replace
from decimal import Decimal
from enum import StrEnum

from domain.candles import Candle
from domain.decide import Decision
from domain.executions import Executor
from domain.ledger import Trade
from domain.market import Market
from domain.position import Position
from domain.strategy import Action, Terms


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One decision and its bar, the trades that its orders have made, and the position after them. `decided_ms`: when,
    by the clock of the series' exchange (candle time).

    `equity`: at the bar's close, None where it cannot be stored. `stored_ms`: when the bar came in, `seen_ms`: when
    that was seen here (real time), None where nobody waited for it.
    `late`: it was missed and walked after downtime. `refused`: an entry was wished, or an exit due, and not made.
    `spare_ms`: how long after the decision an entry is still in time, candle time.
    """

    bar: Candle
    decision: Decision
    position: Position
    trades: tuple[Trade, ...] = ()
    decided_ms: int
    equity: Decimal | None
    stored_ms: int | None = None
    seen_ms: int | None = None
    late: bool = False
    refused: bool = False
    spare_ms: int = 0

    @property
    def idle(self) -> bool:
        """Whether nothing was done: neither ordered nor failed."""
        return self.decision.action not in (Action.ENTER, Action.EXIT, Action.FAILED) and not self.decision.orders


@dataclass(frozen=True, slots=True, kw_only=True)
class Turn:
    """The decisions of one strategy on consecutive bars, oldest first. `epoch` is that of the holder's lease, `before`
    what the strategy had before them; None where that is not known.

    `brief`: what did nothing leaves no row, only its mark in the totals.
    """

    strategy_id: str
    run_id: str
    holder: str
    epoch: int
    steps: tuple[Step, ...]
    before: Position | None = None
    brief: bool = False

    @property
    def position(self) -> Position:
        """What the strategy has afterwards."""
        return self.steps[-1].position


class Outcome(StrEnum):
    """What the database made of a turn."""

    RECORDED = "recorded"
    ALREADY = "already"  # the candle is decided: somebody was faster, or a commit happened unheard
    LEASE_LOST = "lease_lost"  # somebody else acts for the strategy now
    RUN_ENDED = "run_ended"  # the strategy trades under another configuration now
    HALTED = "halted"  # the kill switch is on and the turn would have entered
    STALE = "stale"  # while the write lock was waited for, the entry came too late
    BROKEN = "broken"  # the turn breaks a rule of the schema: it is recorded as failed instead
    DISABLED = "disabled"  # the failure is recorded, and it was one too many


def carried_out(
    decision: Decision, before: Position, execute: Executor, market: Market, terms: Terms
) -> tuple[Position, tuple[Trade, ...]]:
    """The position after a decision, with every execution of its orders folded, and the trades that these are."""
    same = decision.holding is before.holding
    position, trades = before if same else replace(before, holding=decision.holding), list[Trade]()
    for order in decision.orders:
        for execution in execute(order, market, terms):
            position, trade = position.after(execution, market, terms.cent)
            trades.append(trade)
    return position, tuple(trades)
