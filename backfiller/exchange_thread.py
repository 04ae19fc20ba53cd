"""The thread of one exchange: it fills and follows while the duty is ours; after whatever goes wrong it begins anew."""

from collections.abc import Set
from dataclasses import dataclass, field

import structlog

from backfiller.awaited import AwaitedBackfill
from backfiller.backfill_once import backfill_once
from backfiller.duty import Duty, acting
from backfiller.exchange_backfiller import ExchangeBackfiller
from backfiller.fetch_status import FetchStatus
from backfiller.options import BackfillOptions
from backfiller.series_fetcher import SeriesFetcher
from config.fleet_file import exchange_defaults
from config.settings import ExchangeSettings, SeriesSettings, Settings
from db import opened
from db.database import Database
from db.fleet.budgets import Budget
from domain.candles import Series
from domain.errors import ConfigError, LeaseLost
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
LOOK = 0.5  # seconds between two looks at whether the duty is free, or what we wait for is done


@dataclass(kw_only=True)
class ExchangeThread:
    """What the thread of one exchange does: it acts while the `duty` is ours, and stands by while it is not.

    `kept`: the series that are wanted. `followed`: those that we fetch, with those that others are made from, once they
    are known; None before, and while somebody else acts.

    What its exchange forbids, or its own settings, costs this exchange only. Whatever else needs a person lies in the
    database, which is everybody's: that ends the process.
    """

    duty: Duty
    settings: Settings
    kept: tuple[SeriesSettings, ...]
    clock: Clock
    stop: Stop
    options: BackfillOptions
    status: FetchStatus = field(default_factory=FetchStatus)
    followed: Set[Series] | None = None

    @property
    def name(self) -> str:
        """The exchange."""
        return self.duty.exchange

    def turn(self) -> After:
        """Act or stand by until it is done or told to stop. Nothing of a turn before is in its memory."""
        if self.name in CLOSED:
            self.status.trouble = "is closed: nothing is fetched, its candles can be imported and replayed"
            self.followed = {each.series for each in self.kept}
            return After.END
        with opened(self.settings.database, any_filesystem=self.settings.any_filesystem) as db:
            awaited = self._asked(db) if self.options.recheck else None
            while not self.stop.stopped and not self._acted(db):
                if self.options.once:
                    awaited = awaited or self._asked(db)
                    if awaited.done():
                        break
                self.stop.wait(LOOK)
        return After.END

    def failed(self, error: Exception) -> After | None:
        """Say what went wrong with a turn; with `once` there is no other."""
        self.status.trouble = f"failed: {error}"
        return After.END if self.options.once else None

    def _asked(self, db: Database) -> AwaitedBackfill:
        """What is wanted, asked of whoever acts."""
        awaited = AwaitedBackfill(
            db=db,
            exchange=self._exchange,
            kept=self.kept,
            clock=self.clock,
            status=self.status,
        )
        awaited.ask(recheck=self.options.recheck)
        return awaited

    def _acted(self, db: Database) -> bool:
        """Act until it is done or told to stop, where nobody else does; False where somebody does, by now or before.
        Others may have the duty after whatever went wrong; while we only begin anew it stays ours.
        """
        actor = self.duty.actor(db)
        right = self.duty.claim(db) if actor is None else None
        if right is None:
            self._stand_by(actor)
            return False
        self.status.actor = None
        log.info("acts", exchange=self.name, holder=right.holder, epoch=right.epoch)
        try:
            with acting(db, right):
                self._backfill(db)
        except LeaseLost as error:
            log.warning("duty_lost", exchange=self.name, holder=right.holder, epoch=right.epoch, reason=str(error))
            self.status.failed, self.status.trouble, self.followed = {}, None, None
            return False
        finally:
            if not self.stop.stopped:
                self.duty.give_up(db)
        return True

    def _stand_by(self, actor: str | None) -> None:
        """Say once who acts instead of us."""
        if actor is not None and self.status.actor != actor:
            log.info("stands_by", exchange=self.name, holder=self.duty.beats.holder, acts=actor)
        self.status.actor = actor or self.status.actor

    @property
    def _exchange(self) -> ExchangeSettings:
        """How the exchange is asked."""
        return self.settings.exchanges.get(self.name) or exchange_defaults(self.name)

    def _backfill(self, db: Database) -> None:
        """Fill, and follow unless told to do it once."""
        exchange = self._exchange
        rate = exchange.rate or capabilities(self.name).requests_per_second
        budget = Budget(db, {self.name: rate}, lambda: self.stop.stopped)
        try:
            asked = ccxt_exchange.connect(self.name, budget, connection(exchange))
        except ConfigError as error:
            self.status.trouble = str(error)
            log.error("exchange_refused", exchange=self.name, error=str(error))  # noqa: TRY400  the message says it
            return
        try:
            backfiller = self._backfiller(db, asked)
            backfill_once(backfiller) if self.options.once else backfiller.run()
        finally:
            asked.close()

    def _backfiller(self, db: Database, asked: Exchange) -> ExchangeBackfiller:
        """What does the work, with nothing in its memory yet."""
        fetcher = SeriesFetcher(
            db=db, exchange=asked, settle=self._exchange.settle, clock=self.clock, stop=self.stop, status=self.status
        )
        made = ExchangeBackfiller(fetcher=fetcher, kept=self.kept, delisted_after=self._exchange.delisted.after)
        self.followed = made.schedules.every.keys()
        return made


def connection(exchange: ExchangeSettings) -> Connection:
    """How an exchange is reached, by its settings."""
    costs = Costs(taker=exchange.taker, maker=exchange.maker, min_cost=exchange.min_cost)
    return Connection(
        base_url=exchange.base_url, timeout=exchange.timeout, aliases=exchange.aliases, costs=costs, raw_ms=raw_ms
    )
