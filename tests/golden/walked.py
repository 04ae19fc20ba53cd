"""The life of the golden strategies: walked bar by bar, restarted, away for a while, late, walked on."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

from db.database import Database
from db.fleet import meta
from db.market_data import gaps, markets, storing
from db.sqlite.connection import connect
from db.sqlite.migrate import migrate
from domain.candles import Candle, Series, Source
from domain.gaps import Cause
from runtime.stop import Stop
from tests.golden.prices import START, Drawn, drawn
from tests.golden.strategies import BITCOIN, ETHER, OWN, files
from tests.kit.rows import pragma, rows
from tests.replayed import settings as configured
from tests.trading import MARKET, assigned, take
from trader import replay
from trader.assignments import Assignments
from trader.deciding import SeriesAdvance

HOURS = 1_050
MARKETS = (
    MARKET,
    replace(
        MARKET, exchange="kraken", symbol="ETH/USD", market_id="ETHUSD", base="ETH", quote="USD", fee_in_base=False,
        amount_step=Decimal("1e-8"), price_tick=Decimal("0.01"), min_amount=Decimal("0.002"), min_cost=Decimal("0.5"),
        taker=Decimal("0.0026"), maker=Decimal("0.0016"),
    ),
)  # fmt: skip
MORE = "plugins: [{}]\nsupervision: {{ lease: 3600, max_failures: 1000 }}\nlogs: {{ keep: 1 GB }}\n"
STORED = {
    "decisions": "strategy_id, timestamp, action, code, reason, indicators, run_id, late, held",
    "orders": "strategy_id, timestamp, client_order_id, purpose, attempt, side, price, qty, status, code, reason,"
    " run_id",
    "trades": "strategy_id, timestamp, client_order_id, side, price, qty, fee, fee_currency, fee_quote, pnl,"
    " pnl_percent, filled_ms, round_trip, entry_run_id, slippage, late, stop, target, cost",
    "equity": "strategy_id, timestamp, run_id, cash, qty, close, equity, profit",
    "positions": "strategy_id, qty, cost, cash, realised_pnl, round_trip, entry_timestamp, entry_price, stop, target,"
    " high_water, due_code",
}

ORDER = {"decisions": "timestamp", "orders": "timestamp, purpose, attempt", "trades": "trade_id", "equity": "timestamp"}


def lived(folder: Path) -> Iterator[str]:
    """Every row that the fleet wrote in that life, a line each: table, columns in the order of `STORED`."""
    (folder / "mine").mkdir()
    (folder / "mine" / "flaky.py").write_text(OWN)
    settings = configured(folder, files(), MORE.format(folder / "mine"))
    migrate(settings.database, "real", any_filesystem=True)
    with connect(settings.database, any_filesystem=True) as db:
        pragma(db, "synchronous = OFF")  # no test of the disk
        meta.set_fleet_id(db, "0123456789abcdef")
        markets.save(db, MARKETS, 1)
        live(lambda: assigned(settings, db), db)
        yield from lines(db)


def live(begun: Callable[[], Assignments], db: Database) -> None:
    """What happens; `begun` is a trader that has taken all strategies."""
    bitcoin, ether = Series(*BITCOIN.values()), Series(*ETHER.values())
    store(db, bitcoin, drawn(1, HOURS, bitcoin.seconds, 20_000, 100))
    store(db, ether, drawn(2, HOURS, ether.seconds, 20_000, 100))
    walked(begun(), 0, 600)
    away(begun(), 640, late=2.0)
    walked(begun(), 641, 760)
    away(begun(), 761, late=20_000.0)
    walked(begun(), 762, HOURS)


def store(db: Database, series: Series, found: Drawn) -> None:
    """Candles and gaps of a series."""
    storing.store(db, series, [Candle(*bar[:6]) for bar in found.bars], Source.EXCHANGE, 1)
    for gap in found.gaps:
        gaps.mark(db, series, gap.first, gap.last, Cause(gap.cause))


def walked(made: Assignments, first: int, last: int) -> None:
    """A turn at each close of the bars of these numbers, of both series."""
    for series in sorted(made.active.series):
        replay.walk(made, (START + first * series.seconds, START + last * series.seconds), Stop())
    made.release()


def away(made: Assignments, last: int, late: float) -> None:
    """One turn so many seconds after the close of a bar, over all that came meanwhile."""
    for series in sorted(made.active.series):
        opened = START + last * series.seconds
        take(
            made,
            SeriesAdvance(
                series=series, now_ms=round((opened + series.seconds + late) * 1000), stored_ms=1, upto=opened
            ),
        )
    made.release()


def lines(db: Database) -> Iterator[str]:
    """Every stored row as a line; numbers as they are stored."""
    for table, columns in STORED.items():
        query = f"select {columns} from {table} order by strategy_id, {ORDER.get(table, '1')}"
        for row in rows(db, query):
            yield "\t".join([table, *map(repr, row)])
