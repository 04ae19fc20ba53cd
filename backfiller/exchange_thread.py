"""The life of one exchange's thread: it connects, fills and follows, and begins anew after whatever goes wrong."""

from collections.abc import Set
from dataclasses import dataclass, field

import structlog

from backfiller import plan
from backfiller.backfill_once import backfill_once
from backfiller.exchange_backfiller import ExchangeBackfiller
from backfiller.fetch_status import FetchStatus
from backfiller.series_fetcher import SeriesFetcher
from config.fleet_file import exchange_defaults
from config.settings import ExchangeSettings, SeriesSettings, Settings
from db import opened
from db.database import Database
from db.fleet.budgets import Budget
from domain.candles import Series
from domain.errors import ConfigError
from domain.exchanges import CLOSED
from exchange import ccxt_exchange
from exchange.capabilities import capabilities
from exchange.ccxt_exchange import Connection
from exchange.markets import Costs
from exchange.protocol import Exchange
from runtime.clock import Clock, raw_ms
from runtime.loop import After
from runtime.stop import Stop

log = structlog.get_logger()


@dataclass(kw_only=True)
class ExchangeThread:
    """What the thread of one exchange does. `kept`: the series that are wanted of it; `once`: end when they are filled.

    `followed`: its series, those that others are made from too, once they are known; None before.

    What its exchange forbids, or its own settings, costs this exchange only. Whatever else needs a person lies in the
    database, which is everybody's: that ends the process.
    """

    name: str
    settings: Settings
    kept: tuple[SeriesSettings, ...]
    clock: Clock
    stop: Stop
    once: bool
    status: FetchStatus = field(default_factory=FetchStatus)
    followed: Set[Series] | None = None

    def turn(self) -> After:
        """Connect, and work until it is done or told to stop. Nothing of a turn before is in its memory."""
        if self.name in CLOSED:
            self.status.state = "is closed: nothing is fetched, its candles can be imported and replayed"
            return After.END
        with opened(self.settings.database, any_filesystem=self.settings.any_filesystem) as db:
            self._backfill(db)
        return After.END

    def failed(self, error: Exception) -> After | None:
        """Say what went wrong with a turn; with `once` there is no other."""
        self.status.state = f"failed: {error}"
        return After.END if self.once else None

    def _backfill(self, db: Database) -> None:
        """Fill, and follow unless told to do it once."""
        exchange = self.settings.exchanges.get(self.name) or exchange_defaults(self.name)
        rate = exchange.rate or capabilities(self.name).requests_per_second
        budget = Budget(db, {self.name: rate}, lambda: self.stop.stopped)
        try:
            asked = ccxt_exchange.connect(self.name, budget, connection(exchange))
        except ConfigError as error:
            self.status.state = str(error)
            log.error("exchange_refused", exchange=self.name, error=str(error))  # noqa: TRY400  the message says it
            return
        try:
            backfiller = self._backfiller(db, asked, exchange)
            backfill_once(backfiller) if self.once else backfiller.run()
        finally:
            asked.close()

    def _backfiller(self, db: Database, asked: Exchange, exchange: ExchangeSettings) -> ExchangeBackfiller:
        """What does the work, with nothing in its memory yet."""
        wanted = plan.wanted(self.kept, asked.timeframes())
        self.followed = wanted.keys()
        fetcher = SeriesFetcher(
            db=db, exchange=asked, settle=exchange.settle, clock=self.clock, stop=self.stop, status=self.status
        )
        symbols = frozenset(each.series.symbol for each in self.kept)
        return ExchangeBackfiller(
            fetcher=fetcher, wanted=wanted, symbols=symbols, delisted_after=exchange.delisted.after
        )


def connection(exchange: ExchangeSettings) -> Connection:
    """How an exchange is reached, by its settings."""
    costs = Costs(taker=exchange.taker, maker=exchange.maker, min_cost=exchange.min_cost)
    return Connection(
        base_url=exchange.base_url, timeout=exchange.timeout, aliases=exchange.aliases, costs=costs, raw_ms=raw_ms
    )
