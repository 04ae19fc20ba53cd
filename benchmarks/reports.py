"""Reports after one and after ten years of hours, whole and since a moment, beside the definition over the rows."""

import logging
import shutil
import tempfile
from pathlib import Path

import structlog

from benchmarks import lives
from benchmarks.measure import HOUR, START, seconds, table
from db.reading import reports
from db.sqlite.connection import connect, connect_readonly
from domain.timeframes import DAY
from runtime.stop import Stop
from tests.definition import Definition
from trader import replay

YEAR = 365 * DAY // HOUR  # bars
COUNTS = (100, 1_000)
FEW = 10  # strategies for the definition, which looks at all rows for each of them: of 100 it would take minutes
KEPT = 30  # days of rows that retention keeps by default
ALIKE = 60 * DAY // HOUR  # bars that are walked by real turns too
SAME = ("decisions", "orders", "trades", "positions", "equity", "strategy_totals", "run_totals", "daily_totals")


def run() -> None:
    """A year with all its rows and the definition, then one and ten years as retention leaves them."""
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.ERROR))
    with tempfile.TemporaryDirectory(prefix="tradefleet-bench-") as folder:
        _refuse_others(Path(folder))
        for years in (1, 10):
            settings = lives.prepared(Path(folder) / str(years), years * YEAR)
            lives.lived(settings)
            if years == 1:
                _told(settings.database, FEW, years, whole=True)
            lives.thin(settings.database, years * YEAR, KEPT)
            for count in COUNTS:
                _told(settings.database, count, years)


def _refuse_others(folder: Path) -> None:
    """Raise AssertionError unless real turns, one for each bar, write the rows that are written fast here."""
    fast = lives.prepared(folder / "fast", ALIKE)
    real = Path(shutil.copytree(folder / "fast", folder / "real")) / "trading.db"
    lives.lived(fast, 1)
    with connect(real, any_filesystem=True) as db:
        replay.walk(lives.seated(db, fast, 1), (START, START + ALIKE * HOUR), Stop())
    for name in SAME:
        assert _rows(real, name) == _rows(fast.database, name), f"real turns write other rows of {name}"


def _rows(path: Path, name: str) -> list[dict[str, object]]:
    """All rows of a table, without the numbers of their transactions, which begin with the time of the day."""
    with connect_readonly(path) as db:
        found = [dict(row) for row in db._connection.rows(f"select * from {name} order by 1, 2")]
    for row in found:
        row.pop("transaction_id", None)
    assert found, name
    return found


def _told(path: Path, count: int, years: int, *, whole: bool = False) -> None:
    """Print how long the reports of so many strategies take; with `whole` also what the definition takes."""
    made = Path(shutil.copytree(path.parent, path.parent.with_name(f"{path.parent.name}-{count}"))) / path.name
    lives.multiplied(made, count)
    newest, days = START + years * YEAR * HOUR, years * 365
    figures = [("strategy_performance, whole life", f"{1000 * seconds(lambda: _report(made)):.1f} ms")]
    for back in sorted({30, days // 2, days - 3}):
        since = (newest - back * DAY) // DAY * DAY
        figures.append((f"the same since {back:,} days ago", f"{seconds(lambda: _report(made, since)):.2f} s"))  # noqa: B023
    if whole:
        figures.append(("the definition over the rows, whole life", f"{seconds(lambda: _defined(made)):.1f} s"))
    kept = "every row" if whole else f"rows of {KEPT} days"
    table(f"{count:,} strategies, {years} years of hours, {kept}, {made.stat().st_size / 1e6:,.0f} MB", figures)
    shutil.rmtree(made.parent)


def _report(path: Path, since: int | None = None) -> None:
    """What `fleet report` reads."""
    with connect_readonly(path) as db:
        if since is not None:
            reports.narrow(db, since=since)
        assert reports.rows(db, "strategy_performance")
        reports.totals(db)


def _defined(path: Path) -> None:
    """Every column of every strategy by plain loops over decisions, trades and equity."""
    history = Definition(path)
    for strategy_id in history.strategies:
        history.strategy(strategy_id)
