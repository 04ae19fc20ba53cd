"""The totals of strategies and runs since a moment: made from the summaries of the days after it.

The day that the moment cuts is read from its rows. Where some of them are gone, nobody can tell what happened after the
moment: then everything counts from the midnight before it.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import chain
from typing import NamedTuple

from db.database import Database, Row
from db.trading.rows import Rows
from db.trading.stretch import Stretch, curve, stretched, table, tally
from db.trading.total_columns import of_run, of_strategy, sums
from db.trading.totals import RunningTotals
from domain.curve import Point
from domain.money import decimal
from domain.timeframes import DAY
from domain.totals import Sums, Totals


class Run(NamedTuple):
    """A run: its place in the order in which they began, all that it did, its capital."""

    place: int
    whole: Sums
    capital: Decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class Past:
    """What is stored of one strategy that matters from a moment on (Unix seconds): all that it did, its runs, the days
    on which its equity moved from the last before the moment on, and by the place of the run the bars after the moment:
    all, and those after which something was held. In the place of a day that is cut stand its points.
    """

    since: int
    whole: Sums
    runs: Mapping[str, Run]
    days: Stretch
    bars: Mapping[int, tuple[int, int]]

    def start(self, days: Stretch, whole: Sums, capital: Decimal) -> Point:
        """What there was at the moment: the newest point before it, or what was found where none is."""
        assert whole.curve is not None
        if self.since >= whole.curve.ended:
            return whole.curve.point._replace(closed=self.since)
        before = days.part(days.closed <= self.since)
        found = before.newest(self.since)
        return found or Point(self.since, whole.curve.start_profit, capital)


def count(db: Database, strategy_ids: Sequence[str], since: int) -> int:
    """Let this connection see the totals of these strategies, and of no others, as they are since a moment (Unix
    seconds); the moment from which everything counts, which is the midnight before where rows of the cut day are gone.
    """
    midnight = since // DAY * DAY
    if any(db.read("since_thinned", strategy_id=each, since=since, midnight=midnight) for each in strategy_ids):
        since = midnight
    totals = {strategy_id: counted(db, strategy_id, since) for strategy_id in strategy_ids}
    with db.scratch() as tx:
        for statement in ("since_strategies", "since_strategies_index", "since_runs", "since_runs_index"):
            tx.run(statement)
        for strategy_id, each in totals.items():
            tx.run("since_take_strategy", strategy_id=strategy_id)
            tx.run("since_take_runs", strategy_id=strategy_id)
            running, rows = RunningTotals.of(tx, strategy_id), Rows()
            running.totals = each
            running.save(rows)
            rows.write(tx)
    return since


def counted(db: Database, strategy_id: str, since: int) -> Totals:
    """The totals of a strategy from a moment on: where nothing is cut, or all of the cut day is there."""
    past, span = _past(db, strategy_id, since), {"strategy_id": strategy_id, "since_ms": 1000 * since}
    span["first"] = db.read("since_first", **span)[0][0]
    fills, trips = (table(_placed(past.runs, db.read(each, **span)), 4) for each in ("since_fills", "since_trips"))
    found = Totals(strategy=_since(past, past.whole)._replace(tally=tally(fills, trips)))
    for run_id, run in past.runs.items():
        traded = tally(*(each[each[:, 0] == run.place] for each in (fills, trips)))
        found.runs[run_id] = _since(past, run.whole, run)._replace(tally=traded)
    return found


def _past(db: Database, strategy_id: str, since: int) -> Past:
    """What has to be known of a strategy to count from a moment on."""
    rows = db.read("totals_of_runs", strategy_id=strategy_id)
    runs = {
        row["run_id"]: Run(place, sums(of_run(row), run=True), decimal(row["capital"]))
        for place, row in enumerate(rows)
    }
    span = {"strategy_id": strategy_id, "since": since, "midnight": since // DAY * DAY}
    points = (_point(runs.values(), row) for row in db.read("since_points", **span))
    return Past(
        since=since,
        whole=sums(of_strategy(db.read("totals_of_strategy", strategy_id=strategy_id)[0])),
        runs=runs,
        days=stretched(chain(points, _placed(runs, db.read("since_days", **span)))),
        bars={runs[row[0]].place: (row["decided"], row["held"]) for row in db.read("since_bars", **span)},
    )


def _placed(runs: Mapping[str, Run], rows: Iterable[Row]) -> Iterator[tuple[float, ...]]:
    """Rows with the place of their run in the place of its id, which comes first."""
    places = {run_id: run.place for run_id, run in runs.items()}
    return ((places[row[0]], *row[1:]) for row in rows)


def _point(runs: Iterable[Run], row: Row) -> tuple[float, ...]:
    """A point of the cut day as a day of its own, under the run that decided its bar: the last one that had begun."""
    run = [run for run in runs if run.whole.curve and run.whole.curve.started <= row["timestamp"]][-1]
    equity = float(run.capital + decimal(row["profit"]))
    return run.place, row["midnight"], row["closed"], equity, equity, equity, float(run.capital), 0


def _since(past: Past, whole: Sums, run: Run | None = None) -> Sums:
    """Curve and counters from the moment on, of the strategy or of a run."""
    if whole.curve is None or past.since <= whole.curve.started:
        return whole
    days = past.days if run is None else past.days.of(run.place, run.capital)
    first = run or next(run for run in past.runs.values() if run.whole.curve is not None)
    start, after = past.start(days, whole, first.capital), days.part(days.closed > past.since)
    bars = [each for place, each in past.bars.items() if run is None or place == run.place]
    return whole._replace(
        decided=sum(decided for decided, _ in bars),
        held=sum(held for _, held in bars),
        curve=curve(after, start, whole.curve.point._replace(closed=whole.curve.ended)),
    )
