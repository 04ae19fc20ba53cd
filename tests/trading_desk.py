"""A desk over a real file, with strategies whose rules can be worked by hand."""

from decimal import Decimal
from pathlib import Path

from config.settings import Settings
from db import candles, markets, workers
from db.connection import Database, connect
from db.migrate import migrate
from db.workers import Worker
from domain.candles import Candle, Series, Source
from domain.market import Market
from runtime import clock
from strategies import kinds
from tests.candle_files import HOURLY, START
from tests.replayed import settings as configured
from trader import roster
from trader.acting import take_turn
from trader.desk import Desk
from trader.walking import Bell

HOUR = 3600
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

PATIENT = "supervision: { lease: 600 }\n"  # nobody renews it here, however slow the machine is


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


def beat(db: Database, holder: str, *, ago_ms: int = 0) -> None:
    """A heartbeat of a trader that shares."""
    now = clock.now_ms() - ago_ms
    who = Worker(worker_id=holder, room="trader", host="here", pid=1, started_ms=now, detail={"shares": True})
    workers.beat(db, who, now)


def desk(settings: Settings, db: Database, holder: str = "first", *, shares: bool = False) -> Desk:
    """A desk that has taken what is free."""
    roster.register(db, settings, 1)
    wanted = roster.wanted(settings, [])
    known = kinds.load(settings.plugins)
    built = roster.built(wanted, known)
    made = Desk(db=db, settings=settings, wanted=wanted, strategies=built, holder=holder, shares=shares)
    made.claim()
    return made


def feed(db: Database, *closes: float, first: int = 0, volume: float = 5.0, series: Series = HOURLY) -> list[Candle]:
    """Store hourly candles with these closes from the bar number `first` on."""
    found = [
        Candle(START + (first + place) * HOUR, close, close + 0.5, close - 0.5, close, volume)
        for place, close in enumerate(closes)
    ]
    candles.store(db, series, found, Source.EXCHANGE, 1)
    return found


def ring(made: Desk, number: int, *, late: float = 1.0) -> int:
    """A turn `late` seconds after the close of the bar `number`; how many decisions it made."""
    return take(made, Bell(series=HOURLY, now_ms=round(1000 * (START + (number + 1) * HOUR + late)), stored_ms=1))


def take(made: Desk, bell: Bell) -> int:
    """A turn; how many decisions it made."""
    return sum(len(turn.steps) for turn in take_turn(made, bell))


def rows(db: Database, sql: str) -> list[tuple[object, ...]]:
    """Rows of the database."""
    return [tuple(row) for row in db._connection.execute(sql).fetchall()]


def actions(db: Database, strategy_id: str = "one") -> list[str]:
    """What was decided, in order."""
    found = rows(db, f"select action from decisions where strategy_id = '{strategy_id}' order by timestamp")
    return [str(row[0]) for row in found]
