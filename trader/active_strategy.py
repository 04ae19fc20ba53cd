"""One strategy while this process trades it."""

from collections.abc import Iterable
from dataclasses import dataclass, replace

from config.settings import StrategySettings
from db.trading.positions import StrategyPosition
from domain.codes import Code, Why
from domain.position import Position
from domain.turns import Turn
from strategies.base import Strategy
from trader.exits_only import ExitsOnly

DISABLED = Why(Code.DISABLED, "disabled: stop, target, trailing stop and time limit go on")


@dataclass(frozen=True, slots=True, kw_only=True)
class ActiveStrategy:
    """A strategy with what it has and the right to act for it.

    `epoch` is that of the lease under which it acts. `active`: it was not disabled; one that was keeps the exits that
    need no code of its own. `barred`: why it may not enter. `decided`: the newest candle that is decided, None before
    the first decision. `failures`: errors in a row.
    """

    settings: StrategySettings
    strategy: Strategy
    run_id: str
    epoch: int
    position: Position
    decided: int | None
    failures: int
    active: bool = True
    barred: Why | None = None

    @property
    def strategy_id(self) -> str:
        """Its id."""
        return self.settings.strategy_id

    @property
    def bars(self) -> int:
        """How many bars it sees: its own warm-up, whoever else trades the series."""
        return self.settings.terms.warmup

    @property
    def atr_lengths(self) -> frozenset[int]:
        """The ATRs that its exits are measured in."""
        exits = self.settings.terms.exits
        return frozenset(d.atr for d in (exits.stop, exits.target, exits.trailing) if d is not None and d.atr)

    def advanced(self, turn: Turn) -> "ActiveStrategy":
        """The same strategy after a recorded turn."""
        return replace(self, position=turn.position, decided=turn.steps[-1].bar.timestamp, failures=0)


def load(settings: StrategySettings, strategy: Strategy, known: StrategyPosition, epoch: int) -> ActiveStrategy:
    """A strategy with what the database knows of it. One that is disabled is not asked any more."""
    return ActiveStrategy(
        settings=settings,
        strategy=strategy if known.active else ExitsOnly(DISABLED.text),
        run_id=known.run_id,
        epoch=epoch,
        position=known.position,
        decided=known.decided_timestamp,
        failures=known.failures,
        active=known.active,
        barred=None if known.active else DISABLED,
    )


def window_size(strategies: Iterable[ActiveStrategy]) -> int:
    """Bars that must be read for the strategies of one series: the longest of their windows."""
    return max(active.bars for active in strategies)
