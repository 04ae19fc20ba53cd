"""Reading the reports: rows of the views of `sql/reports.sql`, for one strategy or since a moment."""

from collections.abc import Sequence

from db.database import Database, Row

VIEWS = (
    "strategy_performance",
    "run_performance",
    "round_trips",
    "equity_curve",
    "leaderboard",
    "daily_pnl",
    "daily_summaries",
    "indicator_values",
    "latency",
    "exposure",
    "overlap",
    "monthly_returns",
    "exit_reasons",
    "buy_and_hold",
    "drawdowns",
)

FLEET = ("exposure",)  # about no single strategy
AMONG_ALL = ("leaderboard", "overlap", *FLEET)  # what they say of one depends on the others
TOTALS = ("strategy_totals", "run_totals")
TABLES = (
    "strategies",
    "runs",
    "positions",
    "trades",
    "equity",
    "decisions",
    "daily_totals",
)  # what else the views read


def narrow(db: Database, *, since: int = 0, strategy_ids: Sequence[str] = ()) -> int:
    """Let every report read through this connection count from `since` on (Unix seconds), and be about these strategies
    only where some are named: nobody else's rows are read. The moment from which they count: where rows of the day that
    `since` cuts are gone, its midnight.

    The views are made again as temporary ones of this connection, over a `period` that begins there, over the rows
    of those strategies, and over totals of their own: the definitions stand in one place, and the shared file is not
    touched.
    """
    begin = _cut(db, since, strategy_ids) if since else 0
    tables = (*TABLES, *(() if since else TOTALS)) if strategy_ids else ()
    shadows = [_rows_of(table, strategy_ids) for table in tables]
    db.shadow([*shadows, _period(begin)])
    return begin


def rows(db: Database, view: str, strategy_ids: Sequence[str] = ()) -> list[Row]:
    """All rows of a view, of these strategies only where some are named; ValueError for what is no view."""
    if view not in VIEWS:
        raise ValueError(f"no view {view}: use one of {', '.join(VIEWS)}")
    found = db.read(f"reports_{view}")
    if not strategy_ids or view in FLEET:
        return found
    return [row for row in found if row["strategy_id"] in strategy_ids]


def open_trips(db: Database) -> list[Row]:
    """What is open now, in the columns of `round_trips`: without an exit, marked at the last decided close."""
    return db.read("trips_open")


def totals(db: Database) -> list[Row]:
    """Sums over all strategies, one row for each quote currency: amounts of different quotes are never added."""
    return db.read("reports_totals")


def _cut(db: Database, since: int, strategy_ids: Sequence[str]) -> int:
    """Totals that count from `since` on, for this connection; the moment from which they do."""
    from db.reading.since import count  # noqa: PLC0415  brings numpy: a report of everything does without

    return count(db, _chosen(db, strategy_ids), since)


def _chosen(db: Database, strategy_ids: Sequence[str]) -> list[str]:
    """Of these strategies those that there are, all for none."""
    known = [row["strategy_id"] for row in db.read("totals_strategies")]
    return [each for each in known if each in strategy_ids] if strategy_ids else known


def _rows_of(table: str, strategy_ids: Sequence[str]) -> str:
    """A view that shows of a table what belongs to these strategies."""
    quoted = ", ".join("'{}'".format(each.replace("'", "''")) for each in strategy_ids)
    theirs = f"strategy_id in ({quoted})"
    return f"create view {table} as select * from main.{table} where {theirs}"  # noqa: S608  quoted


def _period(since: int) -> str:
    """The view that says from when on reports count."""
    return f"create view period as select {int(since)} as since"
