"""Growing old: decisions that did nothing are deleted, equity is thinned to what the reports need."""

from collections.abc import Iterator, Sequence
from itertools import groupby
from operator import attrgetter
from typing import NamedTuple

from db.connection import Database
from domain.timeframes import DAY

BATCH = 1000  # rows deleted per transaction: traders wait 3 ms at most


class Point(NamedTuple):
    """Equity of a strategy at the close of the bar that opened at `timestamp`, quote currency."""

    timestamp: int
    run_id: str
    equity: float


class Pruned(NamedTuple):
    """How many rows were deleted."""

    decisions: int
    equity: int


def prune(db: Database, now_ms: int, decisions_days: int, equity_days: int) -> Pruned:
    """Delete holds and blocked decisions older than `decisions_days`, thin equity older than `equity_days`.

    `now_ms` is candle time. The high-water mark of each strategy stays, and nothing at or after it is deleted, so no
    candle is ever decided again. Repeating it deletes nothing more.
    """
    strategies = [row[0] for row in db.read("retention_strategies")]
    today = now_ms // 1000 // DAY * DAY
    decisions = sum(_prune_decisions(db, strategy, now_ms // 1000 - decisions_days * DAY) for strategy in strategies)
    equity = sum(_thin_equity(db, strategy, today - equity_days * DAY) for strategy in strategies)
    return Pruned(decisions, equity)


def kept(points: Sequence[Point]) -> set[int]:
    """The timestamps of the points (ascending, whole UTC days) without which a report would say something else.

    Of each day and run: the last point (daily returns), the highest, the lowest, and the peak and trough of the day's
    deepest fall. With them the maximum drawdown of the strategy and of each run stays what it was: a fall from one day
    to a later one goes from a day's highest point to a day's lowest. The first point of a run stays as well.
    """
    keep: set[int] = set()
    seen: set[str] = set()
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


def _prune_decisions(db: Database, strategy: str, before: int) -> int:
    """Delete what did nothing before `before` (Unix seconds) and before the strategy's high-water mark."""
    rows = db.read("retention_idle_decisions", strategy_id=strategy, before=before)
    return _delete(db, "retention_delete_decision", [(strategy, row[0]) for row in rows])


def _thin_equity(db: Database, strategy: str, before: int) -> int:
    """Keep of the points before `before` (Unix seconds, a UTC midnight) what reports need."""
    rows = db.read("retention_equity", strategy_id=strategy, before=before)
    keep = kept([Point(*row) for row in rows])
    return _delete(db, "retention_delete_equity", [(strategy, row[0]) for row in rows if row[0] not in keep])


def _delete(db: Database, statement: str, keys: Sequence[tuple[str, int]]) -> int:
    """Delete rows by key in short transactions; how many went."""
    deleted = 0
    for batch in _batches(keys):
        with db.write() as tx:
            deleted += tx.run_many(statement, batch)
    return deleted


def _batches(keys: Sequence[tuple[str, int]]) -> Iterator[Sequence[tuple[str, int]]]:
    return (keys[start : start + BATCH] for start in range(0, len(keys), BATCH))
