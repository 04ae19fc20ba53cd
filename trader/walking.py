"""Walking: the strategies of a desk decide the bars that are due, for as long as one part may take.

A part is bounded in time and memory. Whatever a strategy raises, or does not return from, is its own failure.
"""

import traceback
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from signal import SIGPROF

import structlog

from domain.candles import Series
from runtime import clock
from runtime.apart import NoAnswer, answers
from runtime.interrupt import TookTooLong, within
from trader.desk import Desk
from trader.look import View, look, newest
from trader.seat import Seat, window_size
from trader.turn import Conditions, Observation, Walk, observe

log = structlog.get_logger()
SHARE = 3  # a part takes at most this part of the lease: a third
PART_MS = 500  # real milliseconds, where the lease is long: orders of a person wait no longer
STEPS = 5_000  # decisions of a part, all of which are in memory
DECIDING = "its bars cannot be decided"
DOUBTED = 200  # of them are asked for in one child process
SLOW = 2.0  # seconds of CPU time that a strategy may take for one bar, where the lease is long


@dataclass(frozen=True, slots=True, kw_only=True)
class Bell:
    """What rings for a turn: a series has advanced.

    `now_ms` is candle time, `stored_ms` when its newest candle came in. With `upto` the series ends there: at its head,
    or in a replay.
    """

    series: Series
    now_ms: int
    stored_ms: int | None = None
    upto: int | None = None


def part_ms(lease_ms: int) -> int:
    """How long a part of a process's work may take before it looks up again, real milliseconds."""
    return min(PART_MS, lease_ms // SHARE)


class Part:
    """What was decided in one go: `walks`, with what is still to be recorded; `whole` while nothing is left to decide.

    `doubted`: bars of strategies that may have ended a process, which is not to happen to this one.
    """

    def __init__(self, lease_ms: int) -> None:
        self.length_ms = part_ms(lease_ms)
        self.until_ms = clock.steady_ms() + self.length_ms
        self.limit = min(SLOW, lease_ms / 1000 / SHARE)
        self.walks: list[Walk] = []
        self.doubted: list[tuple[Walk, View]] = []
        self.steps, self.whole = 0, True

    @property
    def over(self) -> bool:
        """Whether it is time to record."""
        full = self.steps >= STEPS or len(self.doubted) >= DOUBTED
        return full or clock.steady_ms() >= self.until_ms

    def decide(self, walk: Walk, view: View) -> None:
        """One bar of one strategy, on what it says of it."""
        self._take(walk, view, partial(within, self.limit, partial(observe, walk.seat, view)))

    def ask(self, waiting: Callable[[], object]) -> None:
        """Decide the bars of those that are doubted on what they say in a child; `waiting` keeps the leases."""
        questions = [partial(observe, walk.seat, view) for walk, view in self.doubted]
        until_ms = clock.steady_ms() + self.length_ms
        found = answers(questions, self.limit, until_ms, waiting) if questions else []
        self.whole = self.whole and len(found) == len(questions)
        for (walk, view), answer in zip(self.doubted, found, strict=False):
            if walk.failure:
                continue
            if isinstance(answer, NoAnswer):
                self._failed(walk, view, self._slow if answer.ended_by is SIGPROF else answer.reason, answer.traceback)
            else:
                self._take(walk, view, partial(_same, answer))

    def _take(self, walk: Walk, view: View, saying: Callable[[], Observation]) -> None:
        """Decide on what is said; a user's strategy may raise anything, SystemExit too: the others go on."""
        self.steps += 1
        try:
            walk.take(view, saying())
        except KeyboardInterrupt:
            raise
        except TookTooLong:
            self._failed(walk, view, self._slow, traceback.format_exc())
        except BaseException as error:  # noqa: BLE001  whatever it is, it is the strategy's own
            view.require_candles()  # unless it was asked about something else
            self._failed(walk, view, f"{type(error).__name__}: {error}", traceback.format_exc())

    @property
    def _slow(self) -> str:
        return f"took longer than {self.limit:g} s"

    def _failed(self, walk: Walk, view: View, reason: str, trace: str) -> None:
        walk.fail(view, reason)
        seat = walk.seat
        log.error(
            "strategy_failed", strategy_id=seat.strategy_id, series=str(seat.settings.series), error=reason,
            timestamp=view.bar.timestamp, exception=trace,
        )  # fmt: skip


def walked(desk: Desk, bells: Sequence[Bell]) -> Part:
    """A part of what is due, series with the fewest missed bars first, so that nobody waits for those who were away."""
    part, seats = Part(desk.leasing.length_ms), desk.by_series()
    for bell in sorted((each for each in bells if each.series in seats), key=partial(_missed, seats)):
        desk.failed_series.attempt(bell.series, DECIDING, partial(_walk, desk, part, bell, seats[bell.series]))
        if not part.whole:
            break
    part.ask(desk.leasing.keep)
    return part


def _walk(desk: Desk, part: Part, bell: Bell, seats: Sequence[Seat]) -> None:
    """Those who sit on one series, bar by bar, so that each indicator of a window is computed once for all."""
    market, last = desk.market(bell.series), newest(desk.db, bell.series, bell.upto)
    if market is None or last is None:
        return
    conditions = Conditions(fleet_id=desk.fleet_id, market=market, now_ms=bell.now_ms, stored_ms=bell.stored_ms)
    walks = [Walk(seat, replace(conditions, halted=seat.barred or desk.barred.get(seat.strategy_id))) for seat in seats]
    part.walks += walks
    newly = last.timestamp - bell.series.seconds  # one that never decided starts with the newest bar
    since = min(newly if seat.decided is None else seat.decided for seat in seats)
    for view in look(desk.db, bell.series, window_size(seats), since, bell.upto):
        for walk in walks:
            if not walk.due(view):
                continue
            if desk.doubted(walk.seat):
                view.require_candles()
                part.doubted.append((walk, view))
            else:
                part.decide(walk, view)
            if part.over:
                part.whole = False
                return


def _missed(seats: Mapping[Series, Sequence[Seat]], bell: Bell) -> tuple[float, Series]:
    """How many bars the one who is farthest behind has missed."""
    decided = [seat.decided for seat in seats[bell.series] if seat.decided is not None]
    behind = bell.upto - min(decided) if bell.upto is not None and decided else 0
    return behind / bell.series.seconds, bell.series


def _same(answer: Observation) -> Observation:
    return answer
