"""The active strategies decide the bars that are due, for as long as one slice of time may take."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import zip_longest

from domain.candles import Series
from domain.decide import stale_after
from trader.active_strategy import ActiveStrategy, window_size
from trader.assignments import Assignments
from trader.strategy_turn import Conditions, StrategyTurn
from trader.time_slice import Question, TimeSlice
from trader.undecided import UndecidedBar, newest, undecided_bars

DECIDING = "its bars cannot be decided"
BySeries = defaultdict[Series, list[ActiveStrategy]]
APART = 200  # bars that are asked for in one child process


@dataclass(frozen=True, slots=True, kw_only=True)
class SeriesAdvance:
    """A series has advanced, so that its strategies have a turn.

    `now_ms` is candle time, `stored_ms` when its newest candle came in, `seen_ms` when that was seen (real time). With
    `upto` the series ends there: at its head, or in a replay. `replayed`: each bar is decided as soon as it was known,
    not all of them now.
    """

    series: Series
    now_ms: int
    stored_ms: int | None = None
    seen_ms: int | None = None
    upto: int | None = None
    replayed: bool = False


def decide_slice(assignments: Assignments, advances: Sequence[SeriesAdvance]) -> TimeSlice:
    """A part of what is due, series with the fewest missed bars first, so that nobody waits for those who were away; of
    those the shortest bars, whose entries are stale soonest. Strategies that are slow, or may end the process, come
    after the others.
    """
    time_slice = TimeSlice(assignments.leasing.length_ms, assignments.timings)
    quick, apart = _by_pace(assignments, [advance.series for advance in advances])
    ordered = _in_order(advances, quick)
    for place, advance in enumerate(ordered, 1):
        assignments.failed_series.attempt(
            advance.series, DECIDING, partial(_decide_series, assignments, time_slice, advance, quick[advance.series])
        )
        if time_slice.over and place < len(ordered):
            time_slice.whole = False
            break
    if assignments.timings.turn_of_the_slow(time_slice.spent_ms, whole=time_slice.whole):
        time_slice.ask(_questions(assignments, time_slice, _in_order(advances, apart), apart), assignments.leasing.keep)
    return time_slice


def _by_pace(assignments: Assignments, series: Iterable[Series]) -> tuple[BySeries, BySeries]:
    """The strategies of some series that are decided here, and those that are asked apart."""
    quick, apart = BySeries(list), BySeries(list)
    for each in series:
        for active in assignments.active.of(each):
            (apart if assignments.is_apart(active) else quick)[each].append(active)
    return quick, apart


def _decide_series(
    assignments: Assignments, time_slice: TimeSlice, advance: SeriesAdvance, strategies: Sequence[ActiveStrategy]
) -> None:
    """Those of one series, bar by bar, so that each indicator of a window is computed once for all."""
    strategy_turns = _strategy_turns(assignments, time_slice, advance, strategies)
    for undecided in _undecided_bars(assignments, advance, [strategy_turn.active for strategy_turn in strategy_turns]):
        for strategy_turn in strategy_turns:
            if strategy_turn.strategy_id not in time_slice.resting and strategy_turn.due(undecided):
                time_slice.decide(strategy_turn, undecided)
            if time_slice.over:
                time_slice.whole = False
                return


def _questions(
    assignments: Assignments,
    time_slice: TimeSlice,
    advances: Sequence[SeriesAdvance],
    apart: Mapping[Series, Sequence[ActiveStrategy]],
) -> list[Question]:
    """What is to be asked of those that are asked apart: the next bar of each, then another of each, unless it may fail
    again: what it said of bars after the one on which it raises would be thrown away.
    """
    by_series = {advance.series: advance for advance in advances}
    waiting = assignments.timings.in_order(active for series in by_series for active in apart[series])
    strategies, found = waiting[:APART], list[list[Question]]()
    time_slice.whole = time_slice.whole and len(strategies) == len(waiting)
    for active in strategies:
        advance = by_series[active.settings.series]
        most = 1 if active.failures else APART // len(strategies)
        asked = partial(_asked, assignments, time_slice, advance, active, most)
        found.append(assignments.failed_series.attempt(advance.series, DECIDING, asked) or [])
    return [each for row in zip_longest(*found) for each in row if each is not None]


def _asked(
    assignments: Assignments, time_slice: TimeSlice, advance: SeriesAdvance, active: ActiveStrategy, most: int
) -> list[Question]:
    """The next bars that one strategy is to be asked about; `most` at a time."""
    found: list[Question] = []
    for strategy_turn in _strategy_turns(assignments, time_slice, advance, [active]):
        for undecided in _undecided_bars(assignments, advance, [active]):
            if len(found) == most:
                time_slice.whole = False
                break
            undecided.seen_by(active.bars).require_candles()
            found.append((strategy_turn, undecided))
    return found


def _strategy_turns(
    assignments: Assignments, time_slice: TimeSlice, advance: SeriesAdvance, strategies: Sequence[ActiveStrategy]
) -> list[StrategyTurn]:
    """Walks of these, which are part of the part; none where the market is not known yet."""
    market = assignments.market(advance.series)
    if market is None:
        return []
    conditions = Conditions(
        fleet_id=assignments.fleet_id, market=market, stored_ms=advance.stored_ms, seen_ms=advance.seen_ms
    )
    strategy_turns = [
        StrategyTurn(active, conditions.barring(active.barred or assignments.barred.get(active.strategy_id)))
        for active in strategies
    ]
    time_slice.strategy_turns += strategy_turns
    return strategy_turns


def _undecided_bars(
    assignments: Assignments, advance: SeriesAdvance, strategies: Sequence[ActiveStrategy]
) -> Iterator[UndecidedBar]:
    """The bars that one of these has not decided. One that never decided starts with the newest."""
    last = newest(assignments.db, advance.series, advance.upto)
    if not strategies or last is None:
        return iter(())
    newly = last.timestamp - advance.series.seconds
    since = min(newly if active.decided is None else active.decided for active in strategies)
    size, now_ms = window_size(strategies), None if advance.replayed else advance.now_ms
    return undecided_bars(assignments.db, advance.series, size, since, advance.upto, now_ms)


def _in_order(
    advances: Sequence[SeriesAdvance], strategies: Mapping[Series, Sequence[ActiveStrategy]]
) -> list[SeriesAdvance]:
    """The advances that concern some of these: first those on which no bar was missed, entries that are stale soonest
    before others; then those with the fewest missed bars.
    """

    def urgency(advance: SeriesAdvance) -> tuple[float, float, Series]:
        decided = [active.decided for active in strategies[advance.series] if active.decided is not None]
        behind = advance.upto - min(decided) if advance.upto is not None and decided else 0
        bars = max(1.0, behind / advance.series.seconds)
        return bars, stale_after(advance.series.seconds), advance.series

    return sorted((advance for advance in advances if advance.series in strategies), key=urgency)
