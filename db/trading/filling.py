"""Totals from rows: what the turns would have written, for databases of older releases. The same fold makes them."""

from collections.abc import Mapping
from decimal import Decimal

from db.database import Database, Row, Transaction
from db.trading import positions
from db.trading.rows import Rows
from db.trading.total_columns import DECISION, trip
from db.trading.totals import FOREVER, RunningTotals
from domain import timeframes
from domain.curve import Point
from domain.money import cent_for, decimal
from domain.totals import Bar, Totals

PRUNED = "hold"  # the code of a bar of which only the equity is left


def fill(tx: Transaction) -> None:
    """Write the totals of every strategy that has rows and none yet. Where decisions were pruned, a day counts only the
    bars of which a row is left; the strategy and its runs count all that were decided.
    """
    for row in tx.read("totals_missing"):
        strategy_id = row["strategy_id"]
        running, runs, rows = (
            RunningTotals.of(tx, strategy_id),
            tx.read("totals_of_runs", strategy_id=strategy_id),
            Rows(),
        )
        running.totals = _counted(folded(tx, strategy_id), runs)
        _stand(tx, running, strategy_id)
        running.save(rows)
        rows.write(tx)


def folded(db: Database | Transaction, strategy_id: str) -> Totals:
    """The totals of a strategy from all its rows."""
    found, known = Totals(), db.read("strategies_known", strategy_id=strategy_id)[0]
    capitals = {run["run_id"]: decimal(run["capital"]) for run in db.read("totals_of_runs", strategy_id=strategy_id)}
    for run_id, bar in _bars(db, strategy_id, timeframes.seconds(known["timeframe"]), capitals):
        found.bar(run_id, bar, capitals[run_id])
    for row in db.read("totals_trades", strategy_id=strategy_id):
        pnl = None if row["pnl"] is None else decimal(row["pnl"])
        found.trade(row["entry_run_id"], row["filled_ms"], decimal(row["fee_quote"]), pnl)
    for row in db.read("totals_trips", strategy_id=strategy_id, first=0, last=FOREVER):
        found.close(row["run_id"], trip(row))
    return found


def _bars(
    db: Database | Transaction, strategy_id: str, seconds: int, capitals: Mapping[str, Decimal]
) -> list[tuple[str, Bar]]:
    """The bars of a strategy, oldest first, each with the run that decided it."""
    found, close = [], 0.0
    for row in db.read("totals_bars", strategy_id=strategy_id):
        closed, run_id, point = row["timestamp"] + seconds, row["run_id"], None
        close = row["close"] or close  # a bar that nobody traded is not stored
        held = bool(row["held"]) if row["held"] is not None else row["qty"] > 0
        if row["profit"] is not None:
            point = Point(closed, decimal(row["profit"]), capitals[run_id])
        found.append((run_id, Bar(row["timestamp"], closed, close, held, row["code"] or PRUNED, point)))
    return found


def _counted(found: Totals, runs: list[Row]) -> Totals:
    """With the bars that were decided, of which rows may be gone, as they were counted then."""
    for row in runs:
        run = found.runs.get(row["run_id"])
        if run is not None:
            counted = {"decided": max(run.decided, row["decided"]), "held": max(run.held, row["held"])}
            found.runs[row["run_id"]] = run._replace(**counted)
    decided, held = (sum(getattr(run, name) for run in found.runs.values()) for name in ("decided", "held"))
    found.strategy = found.strategy._replace(decided=decided, held=held)
    return found


def _stand(tx: Transaction, running: RunningTotals, strategy_id: str) -> None:
    """The newest decision, and what the strategy has at the close of the newest bar."""
    newest = [row for row in tx.read("totals_bars", strategy_id=strategy_id) if row["action"] is not None][-1:]
    for row in newest:
        values = (row["timestamp"], *(row[name] for name in ("action", "code", "reason", "decided_ms", "run_id")))
        running.standing |= dict(zip(DECISION, values, strict=True))
    for row in tx.read("totals_opened_last", strategy_id=strategy_id):
        running.standing["open_run_id"] = row["entry_run_id"]
    found = positions.load(tx, [strategy_id])[strategy_id]
    days = [(run.curve.ended, run.day.close) for run in running.totals.runs.values() if run.curve and run.day]
    if days:
        ledger = found.position.ledger
        running.worth(ledger, ledger.equity(max(days)[1], cent_for(found.capital)))
