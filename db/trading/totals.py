"""The totals of strategies and runs as rows: read, carried on and written in the transaction of a turn."""

import json
from dataclasses import fields, replace
from decimal import Decimal
from typing import Any

from db.database import Row, Transaction
from domain.curve import Curve, Day, Point, Returns
from domain.decide import Decision
from domain.ledger import Ledger, Trade
from domain.money import decimal, kept
from domain.tally import Tally, Trip
from domain.totals import Bar, Sums, Totals

MONEY = {"total_pnl", "fees", "best_pnl", "worst_pnl"}  # columns of a tally that are Decimal here
TALLY = tuple(each.name for each in fields(Tally))
CURVE = (
    "started", "start_profit", "ended", "highest", "deepest_fall", "midnight_profit", "days", "avg_change",
    "change_squares", "down_squares", "point_closed", "point_equity", "point_capital", "point_profit",
)  # fmt: skip
DAY = ("equity", "capital", "close", "high", "low", "deepest_fall", "decided", "held", "points", "codes")
FOREVER = 2**60  # later than every round trip
DECISION = ("decision_timestamp", "action", "code", "reason", "decided_ms", "decision_run_id")


class RunningTotals:
    """The totals of one strategy while a transaction adds to them; `standing` are the other columns of its row."""

    def __init__(self, tx: Transaction, strategy_id: str) -> None:
        self._tx, self._strategy_id = tx, strategy_id
        row = tx.read("totals_of_strategy", strategy_id=strategy_id)[0]
        names = ("decided_timestamp", "equity", "open_pnl", "open_run_id", *DECISION)
        self.standing = {name: row[name] for name in names}
        self.totals = Totals(strategy=sums(row))

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
        self.totals.runs[run_id] = replace(self.totals.runs[run_id], day=drawn)

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
            fee, pnl = decimal(row["fee_quote"]), _exact(row["pnl"])
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

    def worth(self, ledger: Ledger, close: float, cent: Decimal) -> None:
        """What the strategy has, marked at the newest close; its profit is the ledger's, to the last digit."""
        equity, tally = ledger.equity(close, cent), self.totals.strategy.tally
        if tally.total_pnl != ledger.realised_pnl:  # a sum of more than 15 digits was rounded elsewhere
            tally = replace(tally, total_pnl=ledger.realised_pnl)
            self.totals.strategy = replace(self.totals.strategy, tally=tally)
        self.standing["equity"] = stored(equity)
        self.standing["open_pnl"] = stored(equity - ledger.cash - ledger.cost)

    def save(self) -> None:
        """Write what was added."""
        for run_id, day in self.totals.finished:
            self._tx.run("totals_finish_day", strategy_id=self._strategy_id, run_id=run_id, **day_columns(day))
        for run_id, run in self.totals.runs.items():
            self._tx.run("totals_save_run", run_id=run_id, **columns(run), **day_columns(run.day))
        found = columns(self.totals.strategy)
        self._tx.run("totals_save_strategy", strategy_id=self._strategy_id, **found, **self.standing)

    def _known(self, run_id: str) -> None:
        """Have a run's totals here."""
        if run_id not in self.totals.runs:
            self.totals.runs[run_id] = sums(self._tx.read("totals_of_run", run_id=run_id)[0], run=True)


def stored(value: Decimal | None) -> float | None:
    """Money as it is stored."""
    return None if value is None else float(kept(value))


def columns(found: Sums) -> dict[str, Any]:
    """The columns of running sums."""
    return {"decided": found.decided, "held": found.held, **_curve_columns(found.curve), **tally_columns(found.tally)}


def tally_columns(tally: Tally) -> dict[str, Any]:
    """The columns of what was traded."""
    return {name: stored(value) if name in MONEY else value for name in TALLY for value in (getattr(tally, name),)}


def _curve_columns(curve: Curve | None) -> dict[str, Any]:
    if curve is None:
        return dict.fromkeys(CURVE)
    returns, point = curve.returns, curve.point
    values = (
        curve.started, stored(curve.start_profit), curve.ended, stored(curve.highest), curve.deepest_fall,
        stored(curve.midnight_profit), returns.days, returns.mean, returns.squares, returns.down_squares, point.closed,
        stored(point.equity), stored(point.capital), stored(point.profit),
    )  # fmt: skip
    return dict(zip(CURVE, values, strict=True))


def day_columns(day: Day | None) -> dict[str, Any]:
    """The columns of a day, as `run_totals` names them."""
    if day is None:
        return dict.fromkeys(["day", *(f"day_{name}" for name in DAY)])
    capital = day.last.capital
    high, low = stored(capital + day.highest), stored(capital + day.lowest)
    codes = json.dumps(dict(day.codes), sort_keys=True, separators=(",", ":"))
    values = (
        stored(day.last.equity), stored(capital), day.close, high, low, day.deepest_fall, day.decided, day.held,
        day.points, codes,
    )  # fmt: skip
    return {"day": day.timestamp} | {f"day_{name}": value for name, value in zip(DAY, values, strict=True)}


def sums(row: Row, *, run: bool = False) -> Sums:
    """Running sums from a row of `strategy_totals`, or of `run_totals` with its newest day."""
    tally: dict[str, Any] = {name: _exact(row[name]) if name in MONEY else row[name] for name in TALLY}
    curve = None if row["started"] is None else _curve(row)
    day = None if not run or row["day"] is None else day_of_row(row, "day", "day_")
    return Sums(decided=row["decided"], held=row["held"], curve=curve, tally=Tally(**tally), day=day)


def _curve(row: Row) -> Curve:
    capital = decimal(row["point_capital"])
    return Curve(
        started=row["started"],
        start_profit=decimal(row["start_profit"]),
        ended=row["ended"],
        highest=decimal(row["highest"]),
        deepest_fall=row["deepest_fall"],
        midnight_profit=_exact(row["midnight_profit"]),
        returns=Returns(row["days"], row["avg_change"], row["change_squares"], row["down_squares"]),
        point=Point(row["point_closed"], decimal(row["point_profit"]), capital),
    )


def day_of_row(row: Row, timestamp: str = "timestamp", prefix: str = "") -> Day:
    """A day from a row of `daily_totals`, or of `run_totals` where it is the newest one."""
    value = {name: row[f"{prefix}{name}"] for name in DAY}
    capital = decimal(value["capital"])
    equity, high, low = (decimal(value[name]) - capital for name in ("equity", "high", "low"))
    return Day(
        timestamp=row[timestamp],
        last=Point(row[timestamp] + 1, equity, capital),
        highest=high,
        lowest=low,
        close=value["close"],
        deepest_fall=value["deepest_fall"],
        decided=value["decided"],
        held=value["held"],
        points=value["points"],
        codes=json.loads(value["codes"]),
    )


def trip(row: Row) -> Trip:
    """A closed round trip."""
    return Trip(decimal(row["pnl"]), row["gain"], row["bars"])


def _exact(value: float | None) -> Decimal | None:
    return None if value is None else decimal(value)
