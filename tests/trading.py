"""A trader over a real file, with strategies whose rules can be worked by hand."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

from config.settings import Settings
from db.database import Database
from db.fleet import workers
from db.fleet.workers import Worker
from db.market_data import markets, storing
from db.reading import reports
from db.sqlite.connection import connect
from db.sqlite.migrate import migrate
from domain.candles import Candle, Series, Source
from domain.market import Market
from runtime import clock
from runtime.clock import Clock
from runtime.heartbeat import begun, worker
from runtime.reload import Configuration
from strategies import kinds
from tests.kit.candles import closes
from tests.kit.rows import change, rows
from tests.kit.series import HOURLY, at, decided_ms
from tests.replayed import settings as configured
from trader import registration
from trader.assignments import Assignments
from trader.configuration_sync import ConfigurationSync
from trader.deciding import SeriesAdvance
from trader.exchange_time import ExchangeTime
from trader.turn import take_turn
from trader.worker import TraderWorker

HIGH = """\
strategy_id: {name}
exchange: binance
symbol: BTC/USDT
timeframe: 1h
strategy: rules
params: {{ entry: close > 100, exit: close < 100 }}
capital: 1000
warmup: 2
{more}
"""
MARKET = Market(
    exchange="binance",
    symbol="BTC/USDT",
    market_id="BTCUSDT",
    base="BTC",
    quote="USDT",
    amount_step=Decimal("0.001"),
    price_tick=Decimal("0.01"),
    min_amount=Decimal("0.001"),
    min_cost=Decimal(5),
    maker=Decimal("0.001"),
    taker=Decimal("0.001"),
    fee_in_base=True,
)

SALES = (
    "select timestamp, price, purpose, attempt, o.reason from orders o where side = 'sell' order by timestamp, attempt"
)

PATIENT = "supervision: { lease: 600 }\n"  # nobody renews it here, however slow the machine is
LENGTH_MS = 600_000


def high(name: str = "one", more: str = "") -> str:
    """A strategy that holds while the close is above 100."""
    return HIGH.format(name=name, more=more)


def opened(folder: Path, *strategies: str, more: str = "") -> tuple[Settings, Database]:
    """A configuration of these strategies and its new database, the market known; `more` joins fleet.yaml."""
    settings = configured(folder, strategies, more if "supervision" in more else PATIENT + more)
    migrate(settings.database, "real", any_filesystem=True)
    db = connect(settings.database, any_filesystem=True)
    markets.save(db, [MARKET], 1)
    return settings, db


@contextmanager
def holding(folder: Path, strategy: str = "") -> Iterator[tuple[Settings, Database, Assignments]]:
    """A trader with one strategy that holds since the bar 3, for the length of the block."""
    settings, db = opened(folder, strategy or high())
    with db:
        feed(db, 99, 98, 97, 101)
        made = assigned(settings, db)
        ring(made, 3)
        yield settings, db, made


def living(db: Database, who: Worker, now_ms: int, length_ms: int = LENGTH_MS) -> None:
    """A worker has told that it lives, whether or not it has before."""
    workers.begin(db, who, now_ms, length_ms, before=who.worker_id)


def run_out(db: Database, holder: str | None = None, ends_ms: int = 1) -> None:
    """The life of a holder ends at this moment, of all without one: it was not renewed in time."""
    chosen = "1" if holder is None else f"holder = '{holder}'"
    change(db, f"update holders set expires_ms = {ends_ms} where {chosen}")


def beat(db: Database, holder: str, *, ago_ms: int = 0) -> None:
    """A heartbeat of a trader that shares."""
    now = clock.now_ms() - ago_ms
    who = Worker(worker_id=holder, room="trader", host="here", pid=1, started_ms=now, detail={"shares": True})
    living(db, who, now)


def assigned(settings: Settings, db: Database, holder: str = "first", *, shares: bool = False) -> Assignments:
    """A trader that has taken what is free."""
    registration.register(db, settings, 1)
    wanted = registration.wanted(settings, [])
    known = kinds.load(settings.plugins)
    built = registration.built(wanted, known)
    workers.leave(db, holder)
    beats = begun(db, "trader", settings.supervision, holder)
    beats.who = replace(beats.who, detail={"shares": shares})
    beats.renew()
    made = Assignments(db=db, settings=settings, wanted=wanted, built=built, beats=beats, shares=shares)
    made.claim()
    return made


def feed(db: Database, *values: float, first: int = 0, volume: float = 5.0, series: Series = HOURLY) -> list[Candle]:
    """Store hourly candles with these closes from the bar number `first` on."""
    found = closes(*values, first=first, volume=volume)
    storing.store(db, series, found, Source.EXCHANGE, 1)
    return found


def ring(made: Assignments, number: int, *, late: float = 1.0, upto: int | None = None) -> int:
    """A turn `late` seconds after the close of the bar `number`, the newest being `upto`: how many decisions."""
    now_ms, last = round(1000 * (at(number + 1) + late)), None if upto is None else at(upto)
    return take(made, SeriesAdvance(series=HOURLY, now_ms=now_ms, stored_ms=1, upto=last))


def take(made: Assignments, advance: SeriesAdvance) -> int:
    """A turn; how many decisions it made."""
    return sum(len(turn.steps) for turn in take_turn(made, advance))


def actions(db: Database, strategy_id: str = "one") -> list[str]:
    """What was decided, in order."""
    found = rows(db, f"select action from decisions where strategy_id = '{strategy_id}' order by timestamp")
    return [str(row[0]) for row in found]


def look(made: Assignments, number: int) -> None:
    """What a trader's process does when the file has changed, after the bar number `number`."""
    now_ms = decided_ms(number)
    settings = made.settings
    clock_then = Clock(now_ms, clock.now_ms(), 1e-9)
    configuration = Configuration(lambda: (settings, kinds.load()))
    sync = ConfigurationSync(db=made.db, who=worker("trader"), configuration=configuration, now_ms=clock.now_ms)
    watch = TraderWorker(
        assignments=made, time=ExchangeTime(clock_then), configuration=configuration, sync=sync, strategy_ids=("one",)
    )
    watch.turn()
    while watch.behind:
        watch.turn()


def balanced(db: Database) -> bool:
    """Whether no loss stands in no column: equity = capital + total_pnl + open_pnl."""
    row = reports.rows(db, "strategy_performance")[0]
    return bool(row["equity"] == round(1000 + row["total_pnl"] + row["open_pnl"], 8))
