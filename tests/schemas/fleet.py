"""The fleet that lives: what the life asks of the product, each by the product's own functions."""

from collections.abc import Iterable
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

from db.database import Database
from db.fleet import budgets, configurations, controls, meta
from db.fleet.controls import Level
from db.market_data import backfill_requests, exchanges, gaps, markets, quarantine, storing
from db.sqlite.connection import connect
from db.sqlite.migrate import migrate
from db.trading import plugin_kinds, resetting, strategies
from domain.candles import Candle, Series, Source
from domain.gaps import Cause
from runtime.stop import Stop
from tests.replayed import settings as configured
from tests.trading import MARKET, PATIENT, assigned
from trader import replay
from trader.controls import apply_controls
from trader.deciding import SeriesAdvance
from trader.turn import take_turn

BITCOIN, FOUR_HOURS = Series("binance", "BTC/USDT", "1h"), Series("binance", "BTC/USDT", "4h")
ETHER = Series("kraken", "ETH/USD", "1h")
NOW = 1_800_000_000_000  # Unix ms
ETHER_MARKET = replace(
    MARKET, exchange="kraken", symbol="ETH/USD", market_id="ETHUSD", base="ETH", quote="USD", fee_in_base=False,
    amount_step=Decimal("1e-8"), min_amount=Decimal("0.002"), min_cost=Decimal("0.5"), taker=Decimal("0.0026"),
    maker=Decimal("0.0016"),
)  # fmt: skip


class Fleet:
    """A database in `folder` and the trader that acts on it."""

    def __init__(self, folder: Path, files: list[str]) -> None:
        self.folder = folder
        self.settings = configured(folder, files, PATIENT)
        migrate(self.settings.database, "real", any_filesystem=True)
        self.db: Database = connect(self.settings.database, any_filesystem=True)
        meta.set_fleet_id(self.db, "0123456789abcdef")
        markets.save(self.db, [MARKET, ETHER_MARKET], 1)

    def store(self, series: Series, bars: list[Candle]) -> None:
        """Candles of the exchange."""
        storing.store(self.db, series, bars, Source.EXCHANGE, 1)

    def store_derived(self, bars: list[Candle]) -> None:
        """Bars of four hours that were made from the hourly ones."""
        storing.store(self.db, FOUR_HOURS, bars, Source.DERIVED, 1, "1h")

    def mark(self, series: Series, first: int, last: int, cause: str) -> None:
        """A range of missing bars."""
        gaps.mark(self.db, series, first, last, Cause(cause))

    def begin(self, files: list[str]) -> None:
        """A trader of these files."""
        for file in (self.folder / "config" / "strategies").glob("*.yaml"):
            file.unlink()
        self.settings = configured(self.folder, files, PATIENT)
        self.made = assigned(self.settings, self.db)

    def walk(self, first: int, last: int) -> None:
        """A turn a moment after each close of the bars that open from `first` to `last`."""
        replay.walk(self.made, (first, last), Stop())

    def late(self, last: int) -> None:
        """One turn over all bars that were missed until the one that opens at `last`."""
        for series in sorted(self.made.active.series):
            take_turn(
                self.made, SeriesAdvance(series=series, now_ms=1000 * (last + 3602), stored_ms=1, seen_ms=2, upto=last)
            )

    def sell(self, strategy_ids: Iterable[str], last: int) -> None:
        """A person orders sales, which are carried out at the close of the bar that opens at `last`."""
        for strategy_id in strategy_ids:
            self.order(strategy_id, "exit", "a person's order")
        apply_controls(self.made, 1000 * (last + 3601))

    def order(self, strategy_id: str, level: str, reason: str) -> None:
        """What a person says of a strategy."""
        controls.put(self.db, [strategy_id], [Level(level)], reason, NOW)

    def rename(self, old: str, new: str) -> None:
        """Another id."""
        strategies.rename(self.db, old, new, NOW)

    def reset(self, strategy_id: str) -> None:
        """A strategy begins anew."""
        resetting.reset(self.db, strategy_id, NOW)

    def odds(self) -> None:
        """Rows of what the backfiller and others keep."""
        quarantine.add(self.db, BITCOIN, [('[0, "x"]', "a time that is no number")], NOW)
        budget = budgets.Budget(self.db, {"binance": 10.0}, lambda: False, now_ms=lambda: NOW)
        budget.wait("binance")
        budget.pause("kraken", 60_000, "told to wait")
        exchanges.set_offset(self.db, "binance", 250)
        exchanges.set_markets(self.db, "kraken", 700)
        backfill_requests.ask(self.db, {BITCOIN: None}, NOW, recheck=True)
        configurations.keep(self.db, configurations.Good("digest", "here", NOW, {"fleet.yaml": "environment: real\n"}))
        kind = plugin_kinds.StoredKind("digest", "own", '{"name": "own"}')
        plugin_kinds.keep(self.db, [kind], [plugin_kinds.StoredWarmup("digest", "{}", 3)], NOW)

    def release(self) -> None:
        """The trader ends."""
        self.made.release()
        self.made.beats.leave()

    def die(self) -> Path:
        """The trader is killed: nothing is given back."""
        self.db.close()
        return self.settings.database
