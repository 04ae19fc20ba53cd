"""The totals of a strategy and of its runs: what the reports show, carried on bar by bar and trade by trade.

The trader folds a turn into them in the transaction that records it; from stored rows the same fold gives the same.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from decimal import Decimal
from typing import NamedTuple

from domain.curve import Curve, Day, Point, day_of
from domain.money import ZERO
from domain.tally import Tally, Trip

NO_TRADES = Tally()


class Bar(NamedTuple):
    """A decided bar: its open and its close (Unix seconds), the price at it, whether something is held after it, the
    code of the decision, and profit and capital where the equity has changed.
    """

    opened: int
    closed: int
    close: float
    held: bool
    code: str
    point: Point | None


class Sums(NamedTuple):
    """Of a strategy or a run: bars decided, and held after the decision; the curve, None before the first bar; the
    trades; of a run also its newest day.
    """

    decided: int = 0
    held: int = 0
    curve: Curve | None = None
    tally: Tally = NO_TRADES
    day: Day | None = None

    def bar(self, bar: Bar, profit: Decimal, capital: Decimal) -> "Sums":
        """After one more bar. It may be the first: then it starts with what was found, at this capital."""
        curve = self.curve or Curve.begun(bar.opened, profit, capital)
        return self._replace(
            decided=self.decided + 1, held=self.held + bar.held, curve=curve.bar(bar.closed, bar.point)
        )

    def corrected(self, point: Point) -> "Sums":
        """The newest point is another one by now; of a later bar, which nobody decided, it is one more."""
        curve = self.curve
        if curve is None:
            return self
        moved = curve._replace(point=point) if point.closed <= curve.ended else curve.bar(point.closed, point)
        return self._replace(curve=moved)

    def traded(self, change: Callable[[Tally], Tally]) -> "Sums":
        """After a change of what was traded."""
        return self._replace(tally=change(self.tally))


@dataclass(slots=True, kw_only=True)
class Totals:
    """All of a strategy; `finished` are days of runs after which others have begun, in order."""

    strategy: Sums = field(default_factory=Sums)
    runs: dict[str, Sums] = field(default_factory=dict)
    finished: list[tuple[str, Day]] = field(default_factory=list)

    def bar(self, run_id: str, bar: Bar, capital: Decimal) -> None:
        """One more bar, decided under a run with this capital."""
        curve, run = self.strategy.curve, self.runs.get(run_id, Sums())
        carried = Point(bar.opened, ZERO, capital) if curve is None else curve.point
        found = carried.profit
        self.strategy = self.strategy.bar(bar, found, capital)
        run = run.bar(bar, found, capital)
        if run.day is not None and run.day.timestamp != day_of(bar.closed):
            self.finished.append((run_id, run.day))
            run = run._replace(day=None)
        day = run.day or _new_day(bar, carried)
        self.runs[run_id] = run._replace(day=_with(day, bar))

    def correct(self, run_id: str, point: Point) -> None:
        """A sale beside the decisions has moved the newest point; the run is the one that decided its bar."""
        self.strategy = self.strategy.corrected(point)
        self.runs[run_id] = self.runs[run_id].corrected(point)

    def trade(self, run_id: str, filled_ms: int, fee: Decimal, pnl: Decimal | None) -> None:
        """One more trade of a round trip that a run has opened."""
        self._trade(run_id, lambda tally: tally.traded(filled_ms, fee, pnl))

    def close(self, run_id: str, trip: Trip) -> None:
        """One more closed round trip, of the run that has opened it."""
        self._trade(run_id, lambda tally: tally.closed(trip))

    def forget_trades(self) -> None:
        """Nothing is known of trades and round trips any more."""
        self.strategy = self.strategy._replace(tally=NO_TRADES)
        self.runs = {run_id: run._replace(tally=NO_TRADES) for run_id, run in self.runs.items()}

    def _trade(self, run_id: str, change: Callable[[Tally], Tally]) -> None:
        self.strategy = self.strategy.traded(change)
        self.runs[run_id] = self.runs.get(run_id, Sums()).traded(change)


def _new_day(bar: Bar, carried: Point) -> Day:
    """The day of a bar, with what it begins with."""
    profit = carried.profit
    return Day(timestamp=day_of(bar.closed), last=carried, highest=profit, lowest=profit, close=bar.close)


def _with(day: Day, bar: Bar) -> Day:
    """The day after one more of its bars."""
    after = day if bar.point is None else day.pointed(bar.point)
    codes = {**day.codes, bar.code: day.codes.get(bar.code, 0) + 1}
    return after._replace(close=bar.close, decided=day.decided + 1, held=day.held + bar.held, codes=codes)
