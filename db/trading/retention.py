"""Growing old: decisions that did nothing are deleted, equity is thinned to a few points a day.

The reports read the totals, which no thinning moves; what is kept is enough to fold them from the rows once more.

It goes in small steps and leaves a mark how far it has come, so that nobody waits and nothing is looked at twice.
"""

from collections.abc import Iterable, Sequence
from itertools import groupby
from operator import attrgetter
from typing import NamedTuple

from db.database import Database, Row
from db.fleet import events
from domain.timeframes import DAY

ROWS = 2000  # rows looked at in a step: more than a day of one-minute bars, some milliseconds under the lock
STRATEGIES = 20  # strategies in a step, each in a transaction of its own


class Point(NamedTuple):
    """Equity of a strategy at the close of the bar that opened at `timestamp`, quote currency."""

    timestamp: int
    run_id: str
    equity: float


class Pruned(NamedTuple):
    """How many rows were deleted, and whether nothing is left to do."""

    decisions: int
    equity: int
    done: bool = True


def step(db: Database, now_ms: int, decisions_days: int, equity_days: int) -> Pruned:
    """Delete some holds and blocked decisions older than `decisions_days`, thin some equity older than `equity_days`.

    `now_ms` is candle time; days are whole ones of UTC. The high-water mark of each strategy stays, and nothing at or
    after it is deleted, so no candle is ever decided again. Repeating it deletes nothing more.
    """
    today = now_ms // 1000 // DAY * DAY
    ends = {"decisions_end": today - decisions_days * DAY, "equity_end": today - equity_days * DAY}
    decisions = equity = looked_at = 0
    for due in db.read("retention_due", strategies=STRATEGIES, **ends):
        idle, (points, midnight) = _idle(db, due), _points(db, due)
        gone = _superfluous(db, due, points)
        _forget(db, due, idle, gone, midnight)
        decisions, equity, looked_at = decisions + len(idle), equity + len(gone), looked_at + len(idle) + len(points)
        if looked_at >= ROWS:
            break
    return Pruned(decisions, equity, done=not db.read("retention_due", strategies=1, **ends))


def forget_events(db: Database, real_ms: int, days: int) -> int:
    """Delete some events that are older than decisions may be, but than a day at least; how many. `real_ms`: now."""
    return events.forget(db, real_ms - 1000 * DAY * max(days, 1))


def kept(points: Sequence[Point], begun: Iterable[str] = ()) -> set[int]:
    """The timestamps of the points (ascending, whole UTC days) without which drawdown and returns would be others.

    Of each day and run: the last point (daily returns), the highest, the lowest, and the peak and trough of the day's
    deepest fall. With them the maximum drawdown of the strategy and of each run stays what it was: a fall from one day
    to a later one goes from a day's highest point to a day's lowest. The first point of a run stays as well, unless the
    run is among those that have `begun` before.
    """
    keep: set[int] = set()
    seen = set(begun)
    for (_, run_id), group in groupby(points, lambda point: (point.timestamp // DAY, point.run_id)):
        day = list(group)
        equity = attrgetter("equity")
        keep |= {day[-1].timestamp, max(day, key=equity).timestamp, min(day, key=equity).timestamp}
        keep |= _deepest_fall(day)
        if run_id not in seen:
            keep.add(day[0].timestamp)
            seen.add(run_id)
    return keep


def _deepest_fall(day: Sequence[Point]) -> set[int]:
    """Peak and trough of the largest ``1 - equity / running maximum`` among the points; nothing where none falls."""
    peak, deepest = day[0], 1.0
    found: set[int] = set()
    for point in day:
        if point.equity > peak.equity:
            peak = point
        elif peak.equity > 0 and point.equity / peak.equity < deepest:
            deepest = point.equity / peak.equity
            found = {peak.timestamp, point.timestamp}
    return found


def _idle(db: Database, due: Row) -> list[int]:
    """Decisions of a strategy that did nothing, the oldest that are due."""
    span = {"first": due["decisions_before"], "before": due["decisions_end"]}
    return [row[0] for row in db.read("retention_idle_decisions", strategy_id=due["strategy_id"], rows=ROWS, **span)]


def _points(db: Database, due: Row) -> tuple[list[Point], int]:
    """Equity of a strategy, the oldest that is due, in whole days, and the midnight until which that is all of it."""
    span = {"first": due["equity_before"], "before": due["equity_end"]}
    found = [Point(*row) for row in db.read("retention_equity", strategy_id=due["strategy_id"], rows=ROWS, **span)]
    if len(found) < ROWS:
        return found, max(due["equity_before"], due["equity_end"])
    midnight = found[-1].timestamp // DAY * DAY
    return [point for point in found if point.timestamp < midnight], midnight


def _superfluous(db: Database, due: Row, points: Sequence[Point]) -> list[int]:
    """The points that are not kept."""
    before = db.read("equity_before", strategy_id=due["strategy_id"], first=due["equity_before"])
    keep = kept(points, [row["run_id"] for row in before])
    return [point.timestamp for point in points if point.timestamp not in keep]


def _forget(db: Database, due: Row, idle: Sequence[int], gone: Sequence[int], midnight: int) -> None:
    """Delete the rows and mark how far it has come, both or neither."""
    strategy = due["strategy_id"]
    decided = idle[-1] + 1 if len(idle) == ROWS else max(due["decisions_before"], due["decisions_end"])
    with db.write() as tx:
        tx.run_many("retention_delete_decision", [{"strategy_id": strategy, "timestamp": each} for each in idle])
        tx.run_many("retention_delete_equity", [{"strategy_id": strategy, "timestamp": each} for each in gone])
        tx.run("retention_mark", strategy_id=strategy, decisions_before=decided, equity_before=midnight)
