"""Totals as the columns of `strategy_totals` and `run_totals`, in one order, and back."""

import json
from collections.abc import Sequence
from dataclasses import fields
from decimal import Decimal
from operator import is_
from typing import Any, TypeAlias

from db.database import Row
from domain.curve import Curve, Day, Point, Returns
from domain.money import decimal, kept
from domain.tally import Tally, Trip
from domain.totals import Sums

Columns: TypeAlias = tuple[Any, ...]
DECISION = ("decision_timestamp", "action", "code", "reason", "decided_ms", "decision_run_id")
STANDING = ("decided_timestamp", "equity", "open_pnl", "open_run_id", *DECISION)  # of a strategy, beside its sums
CURVE = (
    "started", "start_profit", "ended", "highest", "deepest_fall", "midnight_profit", "days", "avg_change",
    "change_squares", "down_squares", "point_closed", "point_equity", "point_capital", "point_profit",
)  # fmt: skip
TALLY = tuple(each.name for each in fields(Tally))
DAY = ("equity", "capital", "close", "high", "low", "deepest_fall", "decided", "held", "points", "codes")
SUMS = ("decided", "held", *CURVE, *TALLY)
RUN = (*SUMS, "day", *(f"day_{name}" for name in DAY))  # the sums of a run end in its newest day
TRADED, SINCE_THEN = SUMS.index(TALLY[0]), len(SUMS)  # where tally and day begin
_encoded = json.JSONEncoder(sort_keys=True, separators=(",", ":")).encode


def stored(value: Decimal | None) -> float | None:
    """Money as it is stored."""
    return None if value is None else float(kept(value))


def exact(value: float | None) -> Decimal | None:
    """Money as it was stored."""
    return None if value is None else decimal(value)


def of_strategy(row: Row) -> Columns:
    """The columns `SUMS` of what the statement `totals_of_strategy` says."""
    return row[1 + len(STANDING) :]  # type: ignore[no-any-return]


def of_run(row: Row) -> Columns:
    """The columns `RUN` of what the statements `totals_of_run` and `totals_of_runs` say."""
    return row[1 : 1 + len(RUN)]  # type: ignore[no-any-return]


def columns(found: Sums, before: tuple[Columns, Sums] | None = None, *, run: bool = False) -> Columns:
    """The columns `SUMS`, of a run `RUN`, of running sums. `before` are earlier ones with their columns: most of them
    are the same still.
    """
    old, was = before or ((None,) * len(RUN), Sums())
    tally = old[TRADED:SINCE_THEN] if before and was.tally is found.tally else _tally_columns(found.tally)
    curve = _curve_columns(found.curve, old[2:TRADED], was.curve)
    day = _day_columns(found.day, old[SINCE_THEN:], was.day) if run else ()
    return (found.decided, found.held, *curve, *tally, *day)


def sums(read: Sequence[Any], *, run: bool = False) -> Sums:
    """Running sums from the columns `SUMS`, of a run from `RUN`."""
    decided, held, *curve = read[:TRADED]
    tally, day = read[TRADED:SINCE_THEN], read[SINCE_THEN:]
    return Sums(
        decided=decided,
        held=held,
        curve=None if curve[0] is None else _curve(*curve),
        tally=_tally(*tally),
        day=_day(*day) if run and day[0] is not None else None,
    )


def finished_day(day: Day) -> dict[str, Any]:
    """A day after which another one has begun, by the names of its columns."""
    return dict(zip(RUN[SINCE_THEN:], _day_columns(day), strict=True))


def trip(row: Row) -> Trip:
    """A closed round trip."""
    return Trip(decimal(row["pnl"]), row["gain"], row["bars"])


def _tally_columns(tally: Tally) -> Columns:
    values = (getattr(tally, name) for name in TALLY)
    return tuple(stored(value) if isinstance(value, Decimal) else value for value in values)


def _tally(*read: Any) -> Tally:
    values = dict(zip(TALLY, read, strict=True))
    money = {name: exact(values[name]) for name in ("total_pnl", "fees", "best_pnl", "worst_pnl")}
    return Tally(**values | money)


def _curve_columns(curve: Curve | None, old: Columns = (), was: Curve | None = None) -> Columns:
    """`old` are those of the curve that `was`."""
    if curve is None:
        return (None,) * len(CURVE)
    if was is not None and all(map(is_, curve[3:], was[3:])):  # nothing moved since the same start
        return (*old[:2], curve.ended, *old[3:])
    returns, point = curve.returns, curve.point
    return (
        curve.started, stored(curve.start_profit), curve.ended, stored(curve.highest), curve.deepest_fall,
        stored(curve.midnight_profit), returns.days, returns.mean, returns.squares, returns.down_squares, point.closed,
        stored(point.equity), stored(point.capital), stored(point.profit),
    )  # fmt: skip


def _curve(*read: Any) -> Curve:
    started, start_profit, ended, highest, deepest_fall, midnight_profit, *returns, closed, _, capital, profit = read
    return Curve(
        started=started,
        start_profit=decimal(start_profit),
        ended=ended,
        highest=decimal(highest),
        deepest_fall=deepest_fall,
        midnight_profit=exact(midnight_profit),
        returns=Returns(*returns),
        point=Point(closed, decimal(profit), decimal(capital)),
    )


def _day_columns(day: Day | None, old: Columns = (), was: Day | None = None) -> Columns:
    """`old` are those of the day that `was`."""
    if day is None:
        return (None,) * (1 + len(DAY))
    codes, capital = _encoded(dict(day.codes)), day.last.capital
    if was is not None and was.last is day.last and was.highest is day.highest and was.lowest is day.lowest:
        equity, invested, _, high, low = old[1:6]
    else:
        equity, invested = stored(day.last.equity), stored(capital)
        high, low = stored(capital + day.highest), stored(capital + day.lowest)
    return (
        day.timestamp, equity, invested, day.close, high, low, day.deepest_fall, day.decided, day.held, day.points,
        codes,
    )  # fmt: skip


def _day(timestamp: int, *read: Any) -> Day:
    equity, capital, close, high, low, deepest_fall, decided, held, points, codes = read
    invested = decimal(capital)
    return Day(
        timestamp=timestamp,
        last=Point(timestamp + 1, decimal(equity) - invested, invested),
        highest=decimal(high) - invested,
        lowest=decimal(low) - invested,
        close=close,
        deepest_fall=deepest_fall,
        decided=decided,
        held=held,
        points=points,
        codes=json.loads(codes),
    )
