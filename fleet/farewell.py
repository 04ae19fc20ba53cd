"""What a demo says at its end: the report, what the fees took, and what to type next."""

import shlex
import shutil
import sys
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from config import environment
from config.settings import Settings
from db import reports
from db.connection import connect_readonly
from fleet import render, up
from runtime.output import say

MORE = "fleet report --all-columns"


def say_farewell(settings: Settings, first: float | None) -> None:
    """The report of a demo whose first trade came after `first` seconds, and three commands to type next."""
    with connect_readonly(settings.database) as db:
        rows = [dict(row) for row in reports.rows(db, "strategy_performance")]
        totals = [dict(row) for row in reports.totals(db)]
    render.people(rows, render.Look("strategy_performance", "strategy_performance", more=MORE))
    say()
    render.people(totals, render.Look("totals", "fleet, by quote currency", more=MORE))
    trade = "no trade yet" if first is None else f"first trade after {first:.1f} s"
    places = f"The database is {_shown(settings.database)}, the logs are in {_shown(up.logs(settings))}."
    say("\n".join(["", *_earned(totals), f"{trade}. {places} Next:", "", *_next(settings, rows), ""]))


def _earned(totals: Sequence[Mapping[str, Any]]) -> Iterator[str]:
    """What was made before fees and after them, in each quote currency, and why there is a difference."""
    traded = [row for row in totals if row["total_trades"]]
    for row in traded:
        after = row["total_pnl"] + row["open_pnl"]
        yield (
            f"{row['quote']}: {after + row['fees']:+.2f} before fees, {row['fees']:.2f} of fees, {after:+.2f} after "
            f"them, out of {row['capital']:,.0f}."
        )
    if any(row["total_pnl"] + row["open_pnl"] < 0 for row in traded):
        yield (
            "Each purchase and each sale pays the exchange's fee, and short bars make for many of both: what the "
            "prices give has to be more than that."
        )
    if traded:
        yield "These prices are invented: they say nothing of what a strategy would earn elsewhere."


def _next(settings: Settings, rows: Sequence[Mapping[str, Any]]) -> Iterator[str]:
    """Three commands: how all performed, what the best did, and a fleet of one's own."""
    fleet, database = _typed(), shlex.quote(str(_shown(settings.database)))
    best = max(rows, key=lambda row: (row["total_trades"] > 0, row["total_pnl"] + row["open_pnl"]), default=None)
    yield f"  {fleet} sql leaderboard --database {database}"
    if best is not None:
        yield f"  {fleet} chart {best['strategy_id']} --database {database}"
    yield f"  {fleet} validate --offline" if Path(environment.directory()).is_dir() else f"  {fleet} init my-fleet"


def _typed() -> str:
    """The command as one would type it here: its name alone where the shell finds it so."""
    file, found = Path(sys.executable).parent / "fleet", shutil.which("fleet")
    same = found and Path(found).resolve() == file.resolve()
    return "fleet" if same else shlex.quote(str(_shown(file)))


def _shown(path: Path) -> Path:
    """A path as one would type it here."""
    return path.relative_to(Path.cwd()) if path.is_relative_to(Path.cwd()) else path
