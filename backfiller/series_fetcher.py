"""One exchange and the shared database: fetches candles, stores the good ones, puts the others into quarantine."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field

import structlog

from backfiller.exchange_clock import ExchangeClock
from backfiller.fetch_status import FetchStatus
from backfiller.page_size import PageSize
from backfiller.validate import ValidatedRows, validate
from db.database import Database
from db.market_data import gaps, quarantine, storing
from db.market_data.ranges import Range
from domain import timeframes
from domain.candles import Candle, Series, Source
from domain.errors import RateLimited, Unanswered, Unavailable
from domain.gaps import Cause
from exchange.protocol import Exchange, Row
from runtime.clock import Clock, now_ms, raw_ms
from runtime.stop import Stop

log = structlog.get_logger()


@dataclass(kw_only=True)
class SeriesFetcher:
    """Fetches the candles of one exchange; used by one thread.

    `clock` is candle time on this machine, `exchange_clock` the exchange's own. By series, `newest` is the newest bar
    that was answered, `refused` why a row was no candle, `broken` the newest bar of which only such rows came.
    """

    db: Database
    exchange: Exchange
    settle: float
    clock: Clock
    stop: Stop
    status: FetchStatus = field(default_factory=FetchStatus)
    exchange_clock: ExchangeClock = field(init=False)
    newest: dict[Series, int] = field(default_factory=dict)
    refused: dict[Series, str] = field(default_factory=dict)
    broken: dict[Series, int] = field(default_factory=dict)
    _before_request: Callable[[], object] | None = None

    def __post_init__(self) -> None:
        self.exchange_clock = ExchangeClock(db=self.db, exchange=self.exchange, clock=self.clock, settle=self.settle)
        self.pages = PageSize(self.exchange.capabilities.page)

    def now_ms(self) -> int:
        """Candle time by the exchange's clock."""
        return self.exchange_clock.now_ms()

    def closed(self, series: Series) -> int:
        """The open of the newest bar that is closed by the exchange's clock."""
        return timeframes.last_closed(self.now_ms(), series.seconds, self.settle)

    def fetch(self, series: Series, first: int, last: int) -> ValidatedRows:
        """One request for the bars from `first` to `last`; rows that are no candles go into quarantine."""
        if self._before_request is not None:
            before = self._before_request
            with self.before_each_request(None):
                before()
        limit = (last - first) // series.seconds + 1
        self.status.requests += 1
        rows, closed = self._answered(series, first, limit)
        validated = validate(rows, series.seconds, closed)
        self.pages.note(series, (first, min(last, closed)), [each.timestamp for each in validated.candles], len(rows))
        if validated.newest is not None:
            self.newest[series] = max(self.newest.get(series, 0), validated.newest)
        if validated.rejects:
            self._quarantine(series, validated)
        return validated

    def _answered(self, series: Series, first: int, limit: int) -> tuple[Sequence[Row], int]:
        """Rows, and the newest bar that had closed by the exchange's clock when they were asked for: one that closes
        while they are on their way may be unfinished. A clock that the answer proves wrong is asked for anew first.
        """
        closed, moment = self.closed(series), raw_ms()
        rows = self._rows(series, first, limit)
        if self.exchange_clock.contradicted():
            self.exchange_clock.ask()
            closed = min(closed, timeframes.last_closed(self.exchange_clock.at(moment), series.seconds, self.settle))
        return rows, closed

    def _rows(self, series: Series, first: int, limit: int) -> Sequence[Row]:
        """What the exchange says. Raises Unanswered where it says nothing of this series, and what it raises else."""
        try:
            return self.exchange.candles(series, first, limit)
        except RateLimited:
            raise
        except Unavailable as error:
            if self.stop.stopped:
                raise
            raise Unanswered(str(error)) from error

    @contextmanager
    def before_each_request(self, to: Callable[[], object] | None) -> Iterator[None]:
        """Within the block `to` is called before each request: it does what must not wait for all of them, and gives
        way to nothing itself.
        """
        before, self._before_request = self._before_request, to
        try:
            yield
        finally:
            self._before_request = before

    def store(
        self, series: Series, found: Sequence[Candle], source: Source = Source.EXCHANGE, finer: str | None = None
    ) -> None:
        """Store candles; `finer` is the timeframe that derived ones are made from."""
        if not found:
            return
        stored = storing.store(self.db, series, found, source, now_ms(), finer)
        self.status.stored += stored.inserted
        self.status.revised += stored.revised
        if stored.revised:
            log.info("candles_revised", series=str(series), candles=stored.revised)

    def still_offered(self, series: Series, missing: Sequence[Range]) -> list[Range]:
        """The part of `missing` that the exchange still serves; the rest is marked as not offered.

        Some serve their newest bars only, the running one among them; what is older follows from counting, once an
        answer has shown that they are served.
        """
        newest_only = self.exchange.capabilities.newest_only
        if newest_only is None or not missing:
            return list(missing)
        running = timeframes.floor(self.now_ms() // 1000, series.seconds)
        horizon = running - (newest_only - 1) * series.seconds
        gone = [(first, min(last, horizon - series.seconds)) for first, last in missing if first < horizon]
        if gone and self.newest.get(series, 0) < horizon:
            closed = self.closed(series)
            self.store(series, self.fetch(series, closed - series.seconds, closed).candles)
        if gone and self.newest.get(series, 0) >= horizon:
            gaps.mark_all(self.db, series, gone, Cause.NOT_OFFERED)
        return [(max(first, horizon), last) for first, last in missing if last >= horizon]

    def _quarantine(self, series: Series, validated: ValidatedRows) -> None:
        added = quarantine.add(self.db, series, validated.rejects, now_ms())
        self.status.quarantined += added
        self.refused[series] = reason = validated.rejects[0][1]
        self.broken[series] = max(validated.rejected, default=0)
        log.warning("rows_quarantined", series=str(series), rows=added, reason=reason)
