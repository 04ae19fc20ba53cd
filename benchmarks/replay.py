"""A replay of ten strategies, on one series and on ten: what a decision costs, and a digest of the rows."""

import hashlib
import tempfile
from pathlib import Path

from benchmarks import fleet_files
from benchmarks.measure import HOUR, START, cpu_ms, table
from benchmarks.one_trader import logged
from db.database import Database
from db.fleet import meta
from db.sqlite import identity
from db.sqlite.connection import connect
from runtime.heartbeat import begun
from runtime.stop import Stop
from strategies import kinds
from trader import registration, replay
from trader.assignments import Assignments

COUNT, BARS = 10, 2_000
AIMS = {1: 0.07, 10: 0.10}  # series, and milliseconds computed for a decision
FLEET = "0123456789abcdef"  # names of orders are made of it
TABLES = (
    "decisions", "orders", "trades", "equity", "positions", "strategy_totals", "run_totals", "daily_totals",
)  # fmt: skip
NUMBERS = {"transaction_id", "trade_id"}  # they tell in which order series were recorded, which is nobody's business


def run() -> None:
    """Each number of series."""
    for series, aim in AIMS.items():
        with tempfile.TemporaryDirectory(prefix="tradefleet-bench-") as name:
            took, decisions, digest = _walked(Path(name), series)
        table(
            f"replay of {COUNT} strategies over {BARS:,} bars of {series} series",
            [
                (f"computed for a decision (aim {aim:.2f} ms)", f"{took / decisions:.3f} ms"),
                ("decisions and digest of all rows", f"{decisions:,}, {digest}"),
            ],
        )


def _walked(folder: Path, series: int) -> tuple[float, int, str]:
    """Milliseconds computed in all, how many decisions that were, and the digest."""
    settings = fleet_files.configured(folder, COUNT, series, bars=fleet_files.WARMUP + BARS)
    with connect(settings.database, any_filesystem=True) as db, logged(folder / "replay.log"):
        meta.set_fleet_id(db, FLEET)
        identity.note(db.store, FLEET)
        registration.register(db, settings, 0)
        wanted = registration.wanted(settings, [])
        built = registration.built(wanted, kinds.load())
        beats = begun(db, "replay", settings.supervision)
        assigned = Assignments(db=db, settings=settings, wanted=wanted, built=built, beats=beats)
        assigned.claim()
        first = START + fleet_files.WARMUP * HOUR
        took = cpu_ms(lambda: replay.walk(assigned, (first, first + (BARS - 1) * HOUR), Stop()))
        return took, db._connection.rows("select count(*) from decisions")[0][0], _digest(db)


def _digest(db: Database) -> str:
    """Of every row that was written."""
    found = hashlib.sha256()
    for name in TABLES:
        columns = [row["name"] for row in db._connection.rows(f"pragma table_info({name})")]
        wanted = ", ".join(column for column in columns if column not in NUMBERS)
        for row in db._connection.execute(f"select {wanted} from {name} order by {wanted}"):
            found.update(repr(row).encode())
    return found.hexdigest()[:16]
