"""The totals of strategies and runs since a moment: folded from the summaries of the days after it.

The day that the moment cuts is read from its rows. Where some of them are gone, nobody can tell what happened after the
moment: then everything counts from the midnight before it.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import NamedTuple

from db.connection import Database, Row
from db.totals import FOREVER, RunningTotals, day_of_row, sums, trip
from domain import timeframes
from domain.curve import Curve, Day, Point
from domain.money import decimal
from domain.timeframes import DAY
from domain.totals import Sums, Totals


class Piece(NamedTuple):
    """A point or a decision of the cut day: the close of its bar, its run, and profit or whether something was held."""

    closed: int
    run_id: str
    value: Decimal


@dataclass(slots=True, kw_only=True)
class Past:
    """What is stored of one strategy that matters: its totals, its runs in the order in which they began, their
    capital, days from the last one before the cut on, and the points and decisions of the cut day.
    """

    strategy_id: str
    totals: Totals
    capitals: dict[str, Decimal]
    days: list[tuple[str, Day]]
    points: Sequence[Piece] = ()
    decisions: Sequence[Piece] = ()

    @property
    def first(self) -> str:
        """The run under which the strategy began."""
        begun = [(run.curve.started, run_id) for run_id, run in self.totals.runs.items() if run.curve is not None]
        return min(begun)[1]

    def tells(self, since: int) -> bool:
        """Whether it can be counted from this moment on: of the day that it cuts every row is still there."""
        curve = self.totals.strategy.curve
        if curve is None or not curve.started < since < curve.ended:
            return True
        cut = [day for _, day in self.days if day.timestamp < since < day.timestamp + DAY]
        there = (len(self.points), len(self.decisions))
        return there == (sum(day.points for day in cut), sum(day.decided for day in cut))


def count(db: Database, strategy_ids: Sequence[str], since: int) -> int:
    """Let this connection see the totals of these strategies, and of no others, as they are since a moment (Unix
    seconds); the moment from which everything counts, which is the midnight before where rows of the cut day are gone.
    """
    found = [past(db, strategy_id, since) for strategy_id in strategy_ids]
    if not all(each.tells(since) for each in found):
        since = since // DAY * DAY
        found = [past(db, strategy_id, since) for strategy_id in strategy_ids]
    totals = {each.strategy_id: counted(db, each, since) for each in found}
    with db.scratch() as tx:
        for statement in ("since_strategies", "since_strategies_index", "since_runs", "since_runs_index"):
            tx.run(statement)
        for strategy_id, each in totals.items():
            tx.run("since_take_strategy", strategy_id=strategy_id)
            tx.run("since_take_runs", strategy_id=strategy_id)
            running = RunningTotals(tx, strategy_id)
            running.totals = each
            running.save()
    return since


def past(db: Database, strategy_id: str, since: int) -> Past:
    """What has to be known of a strategy to count from a moment on (Unix seconds)."""
    known = db.read("strategies_known", strategy_id=strategy_id)[0]
    found = Totals(strategy=sums(db.read("totals_of_strategy", strategy_id=strategy_id)[0]))
    capitals = {}
    for row in db.read("totals_of_runs", strategy_id=strategy_id):
        found.runs[row["run_id"]], capitals[row["run_id"]] = sums(row, run=True), decimal(row["capital"])
    midnight, seconds = since // DAY * DAY, timeframes.seconds(known["timeframe"])
    days = [
        (row["run_id"], day_of_row(row)) for row in db.read("totals_days", strategy_id=strategy_id, midnight=midnight)
    ]
    days += [(run_id, run.day) for run_id, run in found.runs.items() if run.day is not None]
    order = list(found.runs)
    days.sort(key=lambda each: (each[1].timestamp, order.index(each[0])))
    made = Past(strategy_id=strategy_id, totals=found, capitals=capitals, days=days)
    if since % DAY and any(day.timestamp == midnight for _, day in days):
        _cut(db, made, midnight, seconds)
    return made


def _cut(db: Database, made: Past, midnight: int, seconds: int) -> None:
    """Read the rows of the cut day: bars that closed after its midnight and not after the next."""
    span = {"first": midnight - seconds + 1, "last": midnight + DAY - seconds}
    points = db.read("totals_points", strategy_id=made.strategy_id, **span)
    decisions = db.read("totals_decisions", strategy_id=made.strategy_id, **span)
    made.points = [Piece(row["timestamp"] + seconds, _decider(made, row), decimal(row["profit"])) for row in points]
    made.decisions = [Piece(row["timestamp"] + seconds, row["run_id"], Decimal(row["held"])) for row in decisions]


def _decider(made: Past, row: Row) -> str:
    """The run that decided the bar of a point: the last one that had begun."""
    begun = [run_id for run_id, run in made.totals.runs.items() if run.curve and run.curve.started <= row["timestamp"]]
    return begun[-1]


def counted(db: Database, made: Past, since: int) -> Totals:
    """The totals from a moment on: where nothing is cut, or all of the cut day is there."""
    found = Totals(strategy=_since(made, made.totals.strategy, since))
    found.runs = {run_id: _since(made, run, since, run_id) for run_id, run in made.totals.runs.items()}
    fills = db.read("totals_fills", strategy_id=made.strategy_id, since_ms=1000 * since)
    for row in fills:
        pnl = None if row["pnl"] is None else decimal(row["pnl"])
        found.fill(row["entry_run_id"], row["filled_ms"], decimal(row["fee_quote"]), pnl)
    first = min((row["round_trip"] for row in fills), default=FOREVER)
    for row in db.read("totals_trips", strategy_id=made.strategy_id, first=first, last=FOREVER):
        if row["exit_ms"] >= 1000 * since:
            found.close(row["run_id"], trip(row))
    return found


def _since(made: Past, whole: Sums, since: int, run_id: str | None = None) -> Sums:
    """Curve and counters from a moment on, of the strategy or of a run; nothing is traded yet."""
    curve = whole.curve
    if curve is None or since <= curve.started:
        return Sums(decided=whole.decided, held=whole.held, curve=curve, day=whole.day)
    days = [day for owner, day in made.days if run_id in (None, owner)]
    points = [_point(made, each, run_id) for each in made.points if run_id in (None, each.run_id)]
    decisions = [each for each in made.decisions if run_id in (None, each.run_id) and each.closed > since]
    after = [day for day in days if day.timestamp >= since]
    start = _start(made, curve, days, points, since, run_id)
    begun = Curve.begun(since, start.profit, start.capital)
    for point in points:
        begun = begun.bar(point.closed, point) if point.closed > since else begun
    for day in after:
        begun = begun.day(day if run_id is None else _at(day, made.capitals[run_id]))
    return Sums(
        decided=sum(day.decided for day in after) + len(decisions),
        held=sum(day.held for day in after) + sum(bool(each.value) for each in decisions),
        curve=begun.bar(curve.ended) if curve.ended > begun.ended else replace(begun, ended=curve.ended),
        day=whole.day,
    )


def _start(
    made: Past, curve: Curve, days: Sequence[Day], points: Sequence[Point], since: int, run_id: str | None
) -> Point:
    """The newest point at or before the moment, or what was found where none is."""
    if since >= curve.ended:
        return curve.point
    found = Point(curve.started, curve.start_profit, made.capitals[run_id or made.first])
    for day in days:
        if day.timestamp + DAY <= since:
            found = day.last if run_id is None else replace(day.last, capital=made.capitals[run_id])
    for point in points:
        if point.closed <= since:
            found = point
    return found


def _point(made: Past, piece: Piece, run_id: str | None) -> Point:
    return Point(piece.closed, piece.value, made.capitals[run_id or piece.run_id])


def _at(day: Day, capital: Decimal) -> Day:
    """A day of a run at the run's capital, also where its equity was carried into it from another one."""
    return replace(day, last=replace(day.last, capital=capital))
