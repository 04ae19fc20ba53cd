"""A turn of a strategy: its decisions on consecutive bars, and what became of them."""

from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from domain.candles import Candle
from domain.decide import Decision, State
from domain.strategy import Action


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One decision and its bar. `decided_ms`: when, by the clock of the series' exchange (candle time).

    `equity`: at the bar's close, None where it cannot be stored. `stored_ms`: when the bar came in.
    `late`: it was missed and walked after downtime. `refused`: an entry was wished, or an exit due, and not made.
    `spare_ms`: how long after the decision an entry is still in time, candle time.
    """

    bar: Candle
    decision: Decision
    decided_ms: int
    equity: Decimal | None
    stored_ms: int | None = None
    late: bool = False
    refused: bool = False
    spare_ms: int = 0

    @property
    def idle(self) -> bool:
        """Whether nothing was done: neither filled nor failed."""
        done = self.decision.action in (Action.ENTER, Action.EXIT, Action.FAILED)
        return not done and self.decision.trade is None


@dataclass(frozen=True, slots=True, kw_only=True)
class Turn:
    """The decisions of one strategy on consecutive bars, oldest first. `epoch` is that of the holder's lease.

    `brief`: what did nothing leaves no row, only its mark in the totals.
    """

    strategy_id: str
    run_id: str
    holder: str
    epoch: int
    steps: tuple[Step, ...]
    brief: bool = False

    @property
    def state(self) -> State:
        """What the strategy has afterwards."""
        return self.steps[-1].decision.state


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
