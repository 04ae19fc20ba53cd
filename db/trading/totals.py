"""The totals of strategies and runs: read, carried on and written in the transaction of a turn."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from decimal import Decimal
from typing import Any

from db.database import Row, Transaction
from db.trading.rows import Rows
from db.trading.total_columns import (
    RUN,
    STANDING,
    SUMS,
    Columns,
    columns,
    exact,
    finished_day,
    of_run,
    of_strategy,
    stored,
    sums,
    trip,
)  # fmt: skip
from domain.curve import Point
from domain.decide import Decision
from domain.ledger import Ledger, Trade
from domain.money import decimal
from domain.totals import Bar, Sums, Totals

FOREVER = 2**60  # later than every round trip
Known = tuple[Columns, Sums]  # sums beside the columns that say them


class KnownSums:
    """The sums of strategies and of their runs, as they were read or written last: where the columns are as before,
    nobody works out again what they say. What was undone is never read, and so does no harm here.
    """

    def __init__(self) -> None:
        self._known: dict[str, dict[str | None, Known]] = {}

    def find(self, strategy_id: str, run_id: str | None, read: Columns) -> Known:
        """What the columns that were read say, of a strategy (None) or of one of its runs."""
        known = self._known.get(strategy_id, {}).get(run_id)
        return known if known is not None and known[0] == read else (read, sums(read, run=run_id is not None))

    def keep(self, strategy_id: str, found: Mapping[str | None, Known]) -> None:
        """What was written of a strategy; nothing else is known of it any more."""
        self._known[strategy_id] = dict(found)

    def forget(self, strategy_ids: Iterable[str]) -> None:
        """Nothing is to be known of these."""
        for strategy_id in strategy_ids:
            self._known.pop(strategy_id, None)


class RunningTotals:
    """The totals of one strategy while a transaction adds to them. `row` is what `totals_of_strategy` says of it;
    `standing` are those of its columns that are no sums.
    """

    def __init__(self, tx: Transaction, row: Row, known: KnownSums | None = None) -> None:
        self._tx, self._strategy_id, self._memory = tx, str(row["strategy_id"]), known or KnownSums()
        self._before: dict[str | None, Known] = {}
        self.standing: dict[str, Any] = dict(zip(STANDING, row[1:], strict=False))
        self.totals = Totals(strategy=self._read(None, of_strategy(row)))

    @classmethod
    def of(cls, tx: Transaction, strategy_id: str) -> "RunningTotals":
        """Those of a strategy as they are stored."""
        return cls(tx, tx.read("totals_of_strategy", strategy_id=strategy_id)[0])

    def run(self, row: Row) -> None:
        """What `totals_of_run` says of a run, which is asked for where it is needed and not here yet."""
        self.totals.runs[row["run_id"]] = self._read(row["run_id"], of_run(row))

    def bar(self, run_id: str, bar: Bar, capital: Decimal) -> None:
        """A bar was decided under a run with this capital."""
        self._known(run_id)
        self.totals.bar(run_id, bar, capital)

    def correct(self, closed: int, profit: Decimal, seconds: int) -> None:
        """A sale has moved the newest point, which stands in `equity` already, and with it the day of the run that
        decided its bar; bars are so many seconds long.
        """
        run_id = str(self.standing["decision_run_id"])
        self._known(run_id)
        run = self.totals.runs[run_id]
        if run.curve is None or run.day is None:
            return
        self.totals.correct(run_id, Point(closed, profit, run.curve.point.capital))
        first = max(run.curve.started, run.day.timestamp - seconds + 1)
        before = self._tx.read("equity_before", strategy_id=self._strategy_id, first=first)
        carried = decimal(before[0]["profit"]) if before else run.curve.start_profit
        rows = self._tx.read("totals_points", strategy_id=self._strategy_id, first=first, last=closed - seconds)
        profits = [decimal(row["profit"]) for row in rows]
        drawn = run.day.drawn(carried, profits, run.curve.point.capital)
        self.totals.runs[run_id] = self.totals.runs[run_id]._replace(day=drawn)

    def trade(self, trade: Trade) -> None:
        """Something was bought or sold."""
        execution, order = trade.execution, trade.execution.order
        self._known(order.entry_run_id)
        self.totals.trade(order.entry_run_id, execution.filled_ms, execution.fee_quote, trade.pnl)
        self.standing["open_run_id"] = order.entry_run_id

    def closed(self, round_trip: int) -> None:
        """A round trip was closed: what the report says of it counts."""
        self._closed(round_trip, round_trip)

    def _closed(self, first: int, last: int) -> None:
        for row in self._tx.read("totals_trips", strategy_id=self._strategy_id, first=first, last=last):
            self._known(row["run_id"])
            self.totals.close(row["run_id"], trip(row))

    def recount(self) -> None:
        """Trades and round trips are counted anew, of all runs."""
        for row in self._tx.read("totals_of_runs", strategy_id=self._strategy_id):
            self._known(row["run_id"])
        self.totals.forget_trades()
        for row in self._tx.read("totals_trades", strategy_id=self._strategy_id):
            self._known(row["entry_run_id"])
            fee, pnl = decimal(row["fee_quote"]), exact(row["pnl"])
            self.totals.trade(row["entry_run_id"], row["filled_ms"], fee, pnl)
        self._closed(0, FOREVER)

    def begins(self, run_id: str) -> bool:
        """Whether a run has not decided any bar yet."""
        self._known(run_id)
        return self.totals.runs[run_id].curve is None

    def decided(self, timestamp: int, decision: Decision, decided_ms: int, run_id: str) -> None:
        """The newest decision, which is the high-water mark too: this candle is decided for ever."""
        self.standing |= {
            "decided_timestamp": timestamp,
            "decision_timestamp": timestamp,
            "action": decision.action.value,
            "code": decision.code.value,
            "reason": decision.reason,
            "decided_ms": decided_ms,
            "decision_run_id": run_id,
        }

    def worth(self, ledger: Ledger, equity: Decimal) -> None:
        """What the strategy has, and its equity at the newest close; its profit is the ledger's, to the last digit."""
        tally = self.totals.strategy.tally
        if tally.total_pnl != ledger.realised_pnl:  # a sum of more than 15 digits was rounded elsewhere
            tally = replace(tally, total_pnl=ledger.realised_pnl)
            self.totals.strategy = self.totals.strategy._replace(tally=tally)
        self.standing["equity"] = stored(equity)
        self.standing["open_pnl"] = stored(equity - ledger.cash - ledger.cost)

    def save(self, rows: Rows) -> None:
        """Have written what was added."""
        mine = {"strategy_id": self._strategy_id}
        for run_id, day in self.totals.finished:
            rows.add("totals_finish_day", mine | {"run_id": run_id} | finished_day(day))
        found: dict[str | None, Known] = {None: self._written(None, self.totals.strategy)}
        for run_id, run in self.totals.runs.items():
            found[run_id] = self._written(run_id, run)
            rows.add("totals_save_run", dict(zip(RUN, found[run_id][0], strict=True), run_id=run_id))
        values = zip(SUMS, found[None][0], strict=True)
        rows.add("totals_save_strategy", mine | self.standing | dict(values))
        self._memory.keep(self._strategy_id, found)

    def _written(self, run_id: str | None, found: Sums) -> Known:
        return columns(found, self._before.get(run_id), run=run_id is not None), found

    def _read(self, run_id: str | None, read: Columns) -> Sums:
        known = self._before[run_id] = self._memory.find(self._strategy_id, run_id, read)
        return known[1]

    def _known(self, run_id: str) -> None:
        """Have a run's totals here."""
        if run_id not in self.totals.runs:
            self.run(self._tx.read("totals_of_run", run_id=run_id)[0])
