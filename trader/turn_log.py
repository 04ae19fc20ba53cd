"""What the log hears of turns: a line for what happened, and a count of the rest once a minute."""

from collections import Counter

import structlog

from domain.candles import Series
from domain.strategy import Action
from domain.turns import Step, Turn
from trader.turn import context

log = structlog.get_logger()
MINUTE = 60_000  # milliseconds


class TurnLog:
    """The turns of a process. In one in which nothing was filled, refused or changed nothing has happened."""

    def __init__(self, now_ms: int) -> None:
        self._since, self._counts = now_ms, Counter[str]()
        self._blocked: dict[str, bool] = {}

    def add(self, turn: Turn, series: Series) -> None:
        """Tell of a turn, or count it."""
        last = turn.steps[-1]
        blocked = last.decision.action is Action.BLOCKED
        changed = self._blocked.get(turn.strategy_id, blocked) != blocked
        self._blocked[turn.strategy_id] = blocked
        happened = [step for step in turn.steps if step.refused or step.trades]
        if happened or changed:
            _tell(turn, series, happened[-1] if happened else last)
        else:
            self._counts.update(["turns"])
            self._counts.update(step.decision.action.value for step in turn.steps)

    def tell(self, now_ms: int, *, last: bool = False) -> None:
        """The counts, where a minute of the steady clock has passed since the line before, or this is the last one."""
        if self._counts and (last or now_ms - self._since >= MINUTE):
            log.info("turns", seconds=(now_ms - self._since) // 1000, **self._counts)
            self._counts.clear()
            self._since = now_ms
        elif not self._counts:
            self._since = now_ms


def _tell(turn: Turn, series: Series, step: Step) -> None:
    """The canonical line of a turn: what a strategy decided on a bar, and on how many bars in all."""
    log.info(
        "turn",
        **context(turn, series),
        timestamp=step.bar.timestamp,
        action=step.decision.action.value,
        reason=step.decision.reason,
        equity=None if step.equity is None else str(step.equity),
        decisions=len(turn.steps),
    )
