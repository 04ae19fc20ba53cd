"""Years of a fleet, written fast: a few strategies decided bar by bar, many bars a turn; the others have their rows.

Each bar is decided by the trader's own code with the clock at its close, and written by the function that a turn calls.
"""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np

from benchmarks.measure import HOUR, SERIES, START
from config.load import load
from config.settings import Settings
from db.database import Database
from db.market_data import markets, storing
from db.market_data.checks import Table
from db.sqlite.connection import connect
from db.sqlite.migrate import migrate
from db.trading import retention
from db.trading.recording import Clocks
from domain.candles import Source
from domain.turns import Step
from runtime import clock
from runtime.heartbeat import begun
from strategies import kinds
from trader import registration
from trader.assignments import Assignments
from trader.assuming import imagined
from trader.strategy_turn import Conditions, StrategyTurn, observe
from trader.turn import record, turn_of
from trader.undecided import undecided_bars

LIVES = 4  # strategies that are decided, each with levels of its own
BARS = 500  # of one turn
STRATEGY = """\
strategy_id: {name}
exchange: binance
symbol: BTC/USDT
timeframe: 1h
strategy: rules
params: {{ entry: close < {low}, exit: close > {high} }}
capital: 1000
stake: {{ fixed: 250 }}
exits: {{ stop: 0.04 }}
warmup: 2
"""
COPIED = (
    "strategies", "runs", "orders", "trades", "positions", "equity", "decisions", "strategy_totals", "run_totals",
    "daily_totals", "retention_marks",
)  # fmt: skip
RUNS = ("run_id", "entry_run_id", "open_run_id", "decision_run_id")


def prepared(folder: Path, bars: int) -> Settings:
    """A database with so many hourly candles, and the strategies that are decided."""
    (folder / "config" / "strategies").mkdir(parents=True)
    (folder / "config" / "fleet.yaml").write_text("any_filesystem: true\nsupervision: { lease: 3600 }\n")
    for number in range(LIVES):
        text = STRATEGY.format(name=name(number), low=29_000 - 150 * number, high=29_200 + 150 * number)
        (folder / "config" / "strategies" / f"{number}.yaml").write_text(text)
    settings = load(folder / "config", kinds.load, database=folder / "trading.db")
    migrate(settings.database, "real", any_filesystem=True)
    with connect(settings.database, any_filesystem=True) as db:
        storing.store(db, SERIES, waves(bars), Source.EXCHANGE, 0)
        markets.save(db, [imagined(settings, SERIES).market], 0)
        registration.register(db, settings, 0)
    return settings


def name(number: int) -> str:
    """The id of a strategy."""
    return f"life-{number}"


def seated(db: Database, settings: Settings, count: int = LIVES) -> Assignments:
    """A trader that has some of them."""
    db._connection.execute("pragma synchronous = OFF")  # nothing of this is about the disk
    wanted = registration.wanted(settings, [name(number) for number in range(count)])
    assigned = Assignments(
        db=db,
        settings=settings,
        wanted=wanted,
        built=registration.built(wanted, kinds.load()),
        beats=begun(db, "trader", settings.supervision),
    )
    assigned.claim()
    return assigned


def waves(bars: int, seed: int = 1) -> Table:
    """Candles that rise and fall by a tenth around 30,000 within ten days, with noise, shape (bars, 6)."""
    random, hours = np.random.default_rng(seed), np.arange(bars)
    close = np.round(30_000 * np.exp(0.1 * np.sin(hours / 38) + random.normal(0, 0.002, bars)), 2)
    open_ = np.concatenate(([30_000.0], close[:-1]))
    high, low = np.round(np.maximum(open_, close) * 1.001, 2), np.round(np.minimum(open_, close) * 0.999, 2)
    return np.column_stack((START + HOUR * hours, open_, high, low, close, np.full(bars, 5.0)))


def lived(settings: Settings, count: int = LIVES) -> None:
    """Decide and write every bar of so many strategies."""
    with connect(settings.database, any_filesystem=True) as db:
        assigned = seated(db, settings, count)
        for strategy_id in list(assigned.active):
            steps: list[Step] = []
            for step in _steps(assigned, strategy_id):
                steps.append(step)
                if len(steps) == BARS:
                    _write(assigned, strategy_id, steps)
            _write(assigned, strategy_id, steps)
        assigned.release()


def _steps(assigned: Assignments, strategy_id: str) -> Iterator[Step]:
    """Each bar as it is decided at its close, with nothing newer."""
    active, market = assigned.active[strategy_id], assigned.market(SERIES)
    assert market is not None
    for view in undecided_bars(assigned.db, SERIES, active.bars, START - 1):
        strategy_turn = StrategyTurn(active, Conditions(fleet_id=assigned.fleet_id, market=market))
        strategy_turn.take(view, observe(active, view))
        active = replace(active, position=strategy_turn.steps[-1].position)
        yield strategy_turn.steps[-1]


def _write(assigned: Assignments, strategy_id: str, steps: list[Step]) -> None:
    if steps:
        record(assigned, [turn_of(assigned, assigned.active[strategy_id], tuple(steps))], Clocks(clock.now_ms))
        steps.clear()


def thin(path: Path, bars: int, days: int) -> None:
    """What retention does until the newest bar."""
    with connect(path, any_filesystem=True) as db:
        db._connection.execute("pragma synchronous = OFF")
        while not retention.step(db, 1000 * (START + bars * HOUR), days, days).done:
            pass


def multiplied(path: Path, count: int) -> None:
    """Give the rows of the lives to so many strategies in all."""
    with connect(path, any_filesystem=True) as db, db.write():
        for copy in _copies(db):
            for number in range(LIVES, count):
                db._connection.execute(copy, {"old": name(number % LIVES), "new": name(number)})


def _copies(db: Database) -> Iterator[str]:
    """A statement for each table that gives the rows of one strategy to another."""
    for each in COPIED:
        columns = [row["name"] for row in db._connection.rows(f"pragma table_info({each})")]
        columns = [column for column in columns if column != "trade_id"]
        taken = ", ".join(_taken(column) for column in columns)
        yield f"insert into {each} ({', '.join(columns)}) select {taken} from {each} where strategy_id = :old"


def _taken(column: str) -> str:
    """A column as another strategy has it."""
    if column == "strategy_id":
        return ":new"
    if column in RUNS:
        return f":new || substr({column}, length(:old) + 1)"
    return f":new || {column}" if column == "client_order_id" else column
