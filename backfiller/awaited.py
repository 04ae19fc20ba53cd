"""Beside whoever acts for an exchange, a run that ends by itself asks, shows how far that has come, and waits."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from backfiller.fetch_status import FetchStatus
from backfiller.plan import Wanted
from config.settings import ExchangeSettings, SeriesSettings
from db.database import Database
from db.market_data import backfill_requests, candles, exchanges, gaps
from domain import timeframes
from domain.candles import Series
from domain.gaps import Cause
from runtime.clock import Clock, now_ms


@dataclass(kw_only=True)
class AwaitedBackfill:
    """The series `kept` of one exchange, which somebody else fetches."""

    db: Database
    exchange: ExchangeSettings
    kept: Sequence[SeriesSettings]
    clock: Clock
    status: FetchStatus
    _first: dict[Series, int] = field(default_factory=dict)
    _before: int = 0

    def ask(self, *, recheck: bool) -> None:
        """Say what is wanted, each series as deep as it is kept here."""
        ahead_ms = exchanges.offsets(self.db).get(self.exchange.name, 0)
        for each in self.kept:
            closed = timeframes.last_closed(self.clock.now_ms() + ahead_ms, each.series.seconds, self.exchange.settle)
            self._first[each.series] = Wanted(each).first(closed)
        self._before = self._stored()
        backfill_requests.ask(self.db, self._first, now_ms(), recheck=recheck)

    def done(self) -> bool:
        """Whether all of it is done; how far it has come, and why what could not be, stand in the status."""
        requests = backfill_requests.of(self.db, self.exchange.name)
        mine = [requests[series] for series in self._first if series in requests]
        self.status.stored = max(0, self._stored() - self._before)
        self.status.planned = self.status.stored + self._missing()
        self.status.failed = {each.series: each.reason for each in mine if each.reason is not None}
        return all(each.done for each in mine)

    def _stored(self) -> int:
        """How many candles there are of these series."""
        heads = candles.heads(self.db)
        return sum(heads[series].candles for series in self._first if series in heads)

    def _missing(self) -> int:
        """How many bars are still to be fetched."""
        known = [(series, gap) for series, first in self._first.items() for gap in gaps.gaps(self.db, series, first)]
        return sum(gap.bars(series.seconds) for series, gap in known if gap.cause is Cause.NOT_FETCHED)
