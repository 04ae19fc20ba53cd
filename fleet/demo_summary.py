"""What a demo says at its end: the report, what the fees took, and what to type next."""

import shlex
import shutil
import sys
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from config import environment
from config.settings import Settings
from db import opened
from db.reading import reports
from fleet import render, up
from runtime.output import say

INVENTED = "These prices are invented: they say nothing of what a strategy would earn elsewhere."
MORE = "fleet report --all-columns"


def say_summary(settings: Settings, first: float | None, *, invented: bool) -> None:
    """The report of a demo whose first trade came after `first` seconds, on `invented` prices or replayed ones,
    and three commands to type next.
    """
    with opened(settings.database, read_only=True) as db:
        rows = [dict(row) for row in reports.rows(db, "strategy_performance")]
        totals = [dict(row) for row in reports.totals(db)]
    render.people(rows, render.TableOptions("strategy_performance", "strategy_performance", more=MORE))
    say()
    render.people(totals, render.TableOptions("totals", "fleet, by quote currency", more=MORE))
    trade = "no trade yet" if first is None else f"first trade after {first:.1f} s"
    places = f"The database is {_shown(settings.database)}, the logs are in {_shown(up.logs(settings))}."
    say(
        "\n".join(
            [
                "",
                *_earned(rows, totals),
                *([INVENTED] if invented else []),
                f"{trade}. {places} Next:",
                "",
                *_next(settings, rows),
                "",
            ]
        )
    )


def _earned(rows: Sequence[Mapping[str, Any]], totals: Sequence[Mapping[str, Any]]) -> Iterator[str]:
    """What was made before fees and after them, in each quote currency, and who lost by the fees alone."""
    for row in (each for each in totals if each["total_trades"]):
        after, fees = _made(row), row["fees"]
        yield (
            f"{row['capital']:,.0f} {row['quote']} made {after + fees:+.2f} before fees; fees took {fees:.2f}: "
            f"{after:+.2f} is left."
        )
    losing = [row for row in rows if _made(row) < 0]
    by_fees = ", ".join(row["strategy_id"] for row in losing if _made(row) + row["fees"] > 0)
    if losing:
        yield (
            f"{len(losing)} of {len(rows)} strategies lost. Each purchase and each sale pays the exchange's fee, and "
            "short bars make for many of both" + (f": without it {by_fees} would be ahead." if by_fees else ".")
        )


def _made(row: Mapping[str, Any]) -> float:
    """What was made after fees, what is held included."""
    return float(row["total_pnl"] + row["open_pnl"])


def _next(settings: Settings, rows: Sequence[Mapping[str, Any]]) -> Iterator[str]:
    """Three commands: how all performed, what the best did, and a fleet of one's own."""
    fleet, database = _typed(), shlex.quote(str(_shown(settings.database)))
    best = max(rows, key=lambda row: (row["total_trades"] > 0, _made(row)), default=None)
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
