"""A slice of what a process has to decide: bounded in time and memory, so that leases are renewed and orders
carried out.

Whatever a strategy raises, or does not return from, is its own failure.
"""

import traceback
from collections.abc import Callable, Sequence
from functools import partial
from signal import SIGPROF
from typing import NamedTuple

import structlog

from runtime import clock
from runtime.interrupt import TookTooLong, run_with_time_limit
from runtime.isolated_process import NoAnswer, answers
from trader.active_strategy import ActiveStrategy
from trader.strategy_turn import Observation, StrategyTurn, observe
from trader.timings import StrategyTimings
from trader.undecided import UndecidedBar

log = structlog.get_logger()
Question = tuple[StrategyTurn, UndecidedBar]  # a bar that a strategy is asked about
SHARE = 3  # a part takes at most this part of the lease: a third
PART_MS = 500  # real milliseconds, where the lease is long: orders of a person wait no longer
STEPS = 5_000  # decisions of a part, all of which are in memory
SLOW = 2.0  # seconds, computed or slept, that a strategy may take for one bar, where the lease is long


def part_ms(lease_ms: int) -> int:
    """How long a part of a process's work may take before it looks up again, real milliseconds."""
    return min(PART_MS, lease_ms // SHARE)


class TimeSlice:
    """What was decided in one go.

    `strategy_turns`, with what is still to be recorded; `resting`: strategies that had their share; `whole` while
    nothing is left to decide.
    """

    def __init__(self, lease_ms: int, timings: StrategyTimings) -> None:
        self.length_ms = part_ms(lease_ms)
        self.began_ms = clock.steady_ms()
        self.limit = min(SLOW, lease_ms / 1000 / SHARE)
        self.strategy_turns: list[StrategyTurn] = []
        self.resting: set[str] = set()
        self.steps, self.whole = 0, True
        self._pace = timings

    @property
    def spent_ms(self) -> int:
        """Real milliseconds since it began."""
        return clock.steady_ms() - self.began_ms

    @property
    def over(self) -> bool:
        """Whether it is time to record."""
        return self.steps >= STEPS or self.spent_ms >= self.length_ms

    def decide(self, strategy_turn: StrategyTurn, undecided: UndecidedBar) -> None:
        """One bar of one strategy, on what it says of it. Who takes long for it has had its share of the part."""
        began = clock.steady_ms()
        self._take(
            strategy_turn,
            undecided,
            partial(run_with_time_limit, self.limit, partial(observe, strategy_turn.active, undecided)),
        )
        if self._pace.took(strategy_turn.strategy_id, clock.steady_ms() - began):
            self.resting.add(strategy_turn.strategy_id)
            self.whole = False

    def ask(self, questions: Sequence[tuple[StrategyTurn, UndecidedBar]], waiting: Callable[[], object]) -> None:
        """Decide bars on what strategies say of them in a child process; `waiting` keeps the leases."""
        began = clock.steady_ms()
        asked = [partial(_timed, strategy_turn.active, undecided) for strategy_turn, undecided in questions]
        found = answers(asked, self.limit, began + self.length_ms, waiting) if asked else []
        self.whole = self.whole and len(found) == len(questions)
        for (strategy_turn, undecided), answer in zip(questions, found, strict=False):
            if not strategy_turn.failure:
                self._answered(strategy_turn, undecided, answer)
        answered = (strategy_turn.strategy_id for strategy_turn, _ in questions[: len(found)])
        self._pace.asked(answered, clock.steady_ms() - began)

    def _answered(self, strategy_turn: StrategyTurn, undecided: UndecidedBar, answer: "_Answer | NoAnswer") -> None:
        """Decide a bar on what came of a question."""
        if isinstance(answer, NoAnswer):
            self._failed(
                strategy_turn, undecided, self._slow if answer.ended_by is SIGPROF else answer.reason, answer.traceback
            )
        else:
            self._pace.took(strategy_turn.strategy_id, answer.milliseconds)
            self._take(strategy_turn, undecided, lambda: answer.seen)

    def _take(self, strategy_turn: StrategyTurn, undecided: UndecidedBar, saying: Callable[[], Observation]) -> None:
        """Decide on what is said; a user's strategy may raise anything, SystemExit too: the others go on."""
        self.steps += 1
        try:
            strategy_turn.take(undecided, saying())
        except KeyboardInterrupt:
            raise
        except TookTooLong:
            self._failed(strategy_turn, undecided, self._slow, traceback.format_exc())
        except BaseException as error:  # noqa: BLE001  whatever it is, it is the strategy's own
            undecided.seen_by(strategy_turn.active.bars).require_candles()  # unless it was asked about something else
            self._failed(strategy_turn, undecided, f"{type(error).__name__}: {error}", traceback.format_exc())

    @property
    def _slow(self) -> str:
        return f"took longer than {self.limit:g} s"

    def _failed(self, strategy_turn: StrategyTurn, undecided: UndecidedBar, reason: str, trace: str) -> None:
        strategy_turn.fail(undecided, reason)
        active = strategy_turn.active
        log.error(
            "strategy_failed", strategy_id=active.strategy_id, series=str(active.settings.series), error=reason,
            timestamp=undecided.bar.timestamp, exception=trace,
        )  # fmt: skip


class _Answer(NamedTuple):
    """What a strategy said, and how long it took."""

    seen: Observation
    milliseconds: int


def _timed(active: ActiveStrategy, undecided: UndecidedBar) -> _Answer:
    began = clock.steady_ms()
    return _Answer(observe(active, undecided), clock.steady_ms() - began)
