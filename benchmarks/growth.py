"""What a trader costs as strategies and series grow: a turn, a look at somebody else's commit, a heartbeat, a start.

All in milliseconds that its process computes, log lines included, each with its ratio to what the last release took on
the machine on which that was measured. Those stand in `last_release.json`: `python -m benchmarks growth --renew` writes
them anew, once a release is made. The bars are the same for every release; what is decided on them has a digest.
"""

import hashlib
import json
import platform
import tempfile
import tomllib
from datetime import UTC, datetime
from pathlib import Path
from statistics import median
from typing import Any

from benchmarks import fleet_files
from benchmarks.measure import START, cpu_ms, progress, table, walk
from benchmarks.one_trader import NEWEST, OneTrader, logged
from config.settings import Settings
from db.database import Database
from db.fleet import workers
from db.fleet.workers import Worker
from db.market_data import storing
from db.sqlite import library
from db.sqlite.connection import connect
from domain.candles import Series, Source
from runtime.clock import now_ms

RELEASE = Path(__file__).with_name("last_release.json")
SIZES = tuple((strategies, series) for strategies in (100, 1_000, 5_000) for series in (20, 200))
LARGE, PARTS = (10_000, 2_000), 10  # of which one trader among ten has its part
BARS, COMMITS, BEATS, STARTS = 3, 15, 9, 3  # of each the median
NOBODYS = Series("kraken", "ANY/USD", "1h")
COLUMNS = ("turn", "foreign commit", "heartbeat", "start")
BATCH = 125
SHOWN = {  # columns that no release changes (DESIGN.md section 6), of what is decided, filled and held
    "decisions": "strategy_id, timestamp, action, reason, indicators, run_id",
    "trades": "strategy_id, mode, run_id, exchange, symbol, side, price, qty, fee, fee_currency, fee_quote, pnl,"
    " pnl_percent, timestamp",
    "equity": "strategy_id, timestamp, run_id, cash, qty, close, equity",
    "positions": "strategy_id, qty, cost, cash, realised_pnl",
}
Figures = dict[str, Any]


def run(*, renew: bool = False) -> None:
    """Every size; with `renew` the figures become those that later releases are compared with."""
    found = {_name(*size): _measured(*size) for size in SIZES} | {_name(*LARGE): _large()}
    before: Figures = json.loads(RELEASE.read_text()) if RELEASE.exists() and not renew else {"figures": {}}
    then = "{release}, {date}, {machine}".format(**before) if before["figures"] else ""
    told = f"; in brackets ÷ those of {then}" if then else ""
    table(f"one trader, milliseconds of CPU time{told}", _rows(found, before["figures"]))
    if renew:
        RELEASE.write_text(json.dumps(_machine() | {"figures": found}, indent=1) + "\n")


def _name(strategies: int, series: int) -> str:
    part = f", one in {PARTS} ours" if (strategies, series) == LARGE else ""
    return f"{strategies:,} strategies × {series:,} series{part}"


def _machine() -> Figures:
    """Where and when, and of which release."""
    project = tomllib.loads((RELEASE.parent.parent / "pyproject.toml").read_text())["project"]
    machine = f"{platform.platform()}, Python {platform.python_version()}"
    return {"release": project["version"], "date": f"{datetime.now(UTC):%Y-%m-%d}", "machine": machine}


def _rows(found: Figures, before: Figures) -> list[tuple[str, str]]:
    """A line for each size, and one for what was decided."""
    rows = [("", "".join(f"{name:>20}" for name in COLUMNS) + f"{'turn ÷ bare rows':>20}")]
    for size, figures in found.items():
        cells = (_cell(figures.get(name), before.get(size, {}).get(name)) for name in COLUMNS)
        bare = f"{figures['turn'] / figures['bare']:>20.1f}" if "bare" in figures else ""
        rows.append((size, "".join(cells) + bare))
    for size, figures in found.items():
        if "digest" in figures:
            same = {None: "", figures["digest"]: ", as then"}.get(before.get(size, {}).get("digest"), ", NOT AS THEN")
            rows.append((f"{size}: decisions and digest", f"{figures['decisions']:,}, {figures['digest']}{same}"))
    return rows


def _cell(figure: float | None, before: float | None) -> str:
    ratio = f" ({figure / before:.2f})" if figure and before else ""
    return f"{'-' if figure is None else f'{figure:.2f}{ratio}':>20}"


def _measured(count: int, series: int) -> Figures:
    """One size, all of it one trader's."""
    progress(_name(count, series))
    with tempfile.TemporaryDirectory(prefix="tradefleet-bench-") as name:
        folder = Path(name)
        settings = fleet_files.configured(folder, count, series)
        with connect(settings.database, any_filesystem=True) as db, logged(folder / "trader.log"):
            trader = OneTrader(db, settings)
            trader.look()
            trader.without_beats()
            turns = median(trader.turn(number, series) for number in range(BARS))
            others = _others(trader, db, settings)
            return {"turn": turns} | others | _bare(folder, db) | _digest(db)


def _large() -> Figures:
    """A trader that has its part among others, who live as long as they say nothing."""
    progress(_name(*LARGE))
    with tempfile.TemporaryDirectory(prefix="tradefleet-bench-") as name:
        settings = fleet_files.configured(Path(name), *LARGE, bars=1, matrix=True)
        with connect(settings.database, any_filesystem=True) as db, logged(Path(name) / "trader.log"):
            for number in range(1, PARTS):
                who = Worker(worker_id=f"other-{number}", room="trader", host="there", pid=1, started_ms=0,
                             detail={"shares": True})  # fmt: skip
                workers.begin(db, who, now_ms(), 600_000)
            trader = OneTrader(db, settings, START)
            trader.look()
            trader.without_beats()
            return _others(trader, db, settings, START)


def _others(trader: OneTrader, db: Database, settings: Settings, opened: int = NEWEST + BARS * 3600) -> Figures:
    """A look after somebody else has committed something that concerns nobody here; a heartbeat and a start where
    nothing has changed.
    """
    with connect(settings.database, any_filesystem=True) as other:
        commits = [_after_commit(trader, other, number) for number in range(COMMITS)]
    beats = [cpu_ms(trader.beat) for _ in range(BEATS)]
    trader.leave()
    starts = [_started(db, settings, opened) for _ in range(STARTS)]
    return dict(zip(COLUMNS[1:], map(median, (commits, beats, starts)), strict=True))


def _started(db: Database, settings: Settings, opened: int) -> float:
    """Another one registers what stands there already, and takes up what the one before gave back."""
    trader = OneTrader(db, settings, opened)
    took = cpu_ms(trader.look)
    trader.leave()
    return took


def _after_commit(trader: OneTrader, other: Database, number: int) -> float:
    """A bar of a series came in on which nobody of ours trades."""
    storing.store(other, NOBODYS, walk(number + 1)[-1:], Source.EXCHANGE, 0)
    return cpu_ms(trader.look)


def _bare(folder: Path, db: Database) -> Figures:
    """Writing the newest decisions of all, and nothing else, in transactions as large as a turn's."""
    rows = db._connection.rows("select * from decisions where timestamp = (select max(timestamp) from decisions)")
    bare = library.Connection(str(folder / "bare.db"))
    bare.execute("pragma journal_mode = wal; pragma synchronous = full")
    bare.execute(f"attach '{db.store}' as real; create table decisions as select * from real.decisions where 0")
    bare.execute("create unique index key on decisions (strategy_id, timestamp)")
    values = ", ".join("?" * len(rows[0]))

    def written() -> None:
        for start in range(0, len(rows), BATCH):
            bare.execute("begin immediate")
            bare.executemany(f"insert into main.decisions values ({values})", rows[start : start + BATCH])
            bare.execute("commit")

    took = cpu_ms(written)
    bare.close()
    return {"bare": took}


def _digest(db: Database) -> Figures:
    """How many decisions there are, and a digest over all that was decided and came of it."""
    found = hashlib.sha256()
    for name, columns in SHOWN.items():
        for row in db._connection.execute(f"select {columns} from {name} order by {columns}"):
            found.update(repr(row).encode())
    (count,) = db._connection.execute("select count(*) from decisions").fetchall()[0]
    return {"decisions": count, "digest": found.hexdigest()[:16]}
