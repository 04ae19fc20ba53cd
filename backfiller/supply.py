"""One exchange and the shared database: asks for candles, keeps the good ones, writes down what is missing."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field

import structlog

from backfiller import plan
from backfiller.exchange_clock import ExchangeClock
from backfiller.pages import PageSize
from backfiller.sift import Sifted, sift
from db import candles, gaps, quarantine
from db.connection import Database
from db.ranges import Range
from domain import timeframes
from domain.candles import Candle, Series, Source
from domain.errors import RateLimited, Unanswered, Unavailable
from domain.gaps import Cause
from exchange.protocol import Exchange, Row
from runtime.clock import Clock, now_ms, raw_ms
from runtime.stop import Stop

log = structlog.get_logger()
MARKED = 50  # ranges that are written in one transaction
DELISTED = frozenset({Cause.DELISTED})


@dataclass(slots=True)
class Tally:
    """How far an exchange has come: candles that were planned and that came, requests, and how it is."""

    planned: int = 0
    done: int = 0
    requests: int = 0
    revised: int = 0
    quarantined: int = 0
    state: str = "ok"
    failed: dict[Series, str] = field(default_factory=dict)


@dataclass(kw_only=True)
class Supply:
    """Used by one thread; `clock` is candle time on this machine, `theirs` the exchange's own clock.

    `newest`: the newest bar that was answered of each series; `refused`: why a row of a series was no candle, `broken`:
    the newest bar of which only such rows came.
    """

    db: Database
    exchange: Exchange
    settle: float
    clock: Clock
    stop: Stop
    tally: Tally = field(default_factory=Tally)
    theirs: ExchangeClock = field(init=False)
    newest: dict[Series, int] = field(default_factory=dict)
    refused: dict[Series, str] = field(default_factory=dict)
    broken: dict[Series, int] = field(default_factory=dict)
    _prior: Callable[[], object] | None = None

    def __post_init__(self) -> None:
        self.theirs = ExchangeClock(db=self.db, exchange=self.exchange, clock=self.clock, settle=self.settle)
        self.pages = PageSize(self.exchange.manners.page)

    def now_ms(self) -> int:
        """Candle time by the exchange's clock."""
        return self.theirs.now_ms()

    def closed(self, series: Series) -> int:
        """The open of the newest bar that is closed by the exchange's clock."""
        return timeframes.last_closed(self.now_ms(), series.seconds, self.settle)

    def ask(self, series: Series, first: int, last: int) -> Sifted:
        """One request for the bars from `first` to `last`; rows that are no candles go into quarantine."""
        if self._prior is not None:
            prior = self._prior
            with self.giving_way(None):
                prior()
        limit = (last - first) // series.seconds + 1
        self.tally.requests += 1
        rows, closed = self._answered(series, first, limit)
        sifted = sift(rows, series.seconds, closed)
        self.pages.note(series, (first, min(last, closed)), [each.timestamp for each in sifted.candles], len(rows))
        if sifted.newest is not None:
            self.newest[series] = max(self.newest.get(series, 0), sifted.newest)
        if sifted.rejects:
            self._quarantine(series, sifted)
        return sifted

    def _answered(self, series: Series, first: int, limit: int) -> tuple[Sequence[Row], int]:
        """Rows, and the newest bar that had closed by the exchange's clock when they were asked for: one that closes
        while they are on their way may be unfinished. A clock that the answer proves wrong is asked for anew first.
        """
        closed, moment = self.closed(series), raw_ms()
        rows = self._rows(series, first, limit)
        if self.theirs.contradicted():
            self.theirs.ask()
            closed = min(closed, timeframes.last_closed(self.theirs.at(moment), series.seconds, self.settle))
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
    def giving_way(self, to: Callable[[], object] | None) -> Iterator[None]:
        """Within the block `to` is called before each request: it does what must not wait for all of them, and gives
        way to nothing itself.
        """
        before, self._prior = self._prior, to
        try:
            yield
        finally:
            self._prior = before

    def keep(
        self, series: Series, found: Sequence[Candle], source: Source = Source.EXCHANGE, finer: str | None = None
    ) -> None:
        """Store candles; `finer` is the timeframe that derived ones are made from."""
        if not found:
            return
        stored = candles.store(self.db, series, found, source, now_ms(), finer)
        self.tally.done += stored.inserted
        self.tally.revised += stored.revised
        if stored.revised:
            log.info("candles_revised", series=str(series), candles=stored.revised)

    def missing(self, series: Series, span: Range, again: frozenset[Cause] = plan.OPEN) -> list[Range]:
        """What is missing within `span`, but for what is explained by a cause that is not in `again`."""
        known = gaps.gaps(self.db, series, *span)
        return plan.todo(candles.missing(self.db, series, *span), known, again, series.seconds)

    def note(self, series: Series, span: Range) -> None:
        """Write down as not fetched what is missing within `span` and stands in no range yet.

        So does what was delisted: the market is there again.
        """
        gaps.mark_all(self.db, series, self.missing(series, span, DELISTED), Cause.NOT_FETCHED)

    def mark(self, series: Series, causes: Iterable[tuple[Range, Cause]]) -> None:
        """Write down why bars are missing."""
        told = sorted(causes)
        for cause in {cause for _, cause in told}:
            spans = [span for span, each in told if each is cause]
            for start in range(0, len(spans), MARKED):
                gaps.mark_all(self.db, series, spans[start : start + MARKED], cause)

    def offered(self, series: Series, missing: Sequence[Range]) -> list[Range]:
        """The part of `missing` that the exchange still serves; the rest is marked as not offered.

        Some serve their newest bars only, the running one among them; what is older follows from counting, once an
        answer has shown that they are served.
        """
        newest_only = self.exchange.manners.newest_only
        if newest_only is None or not missing:
            return list(missing)
        running = timeframes.floor(self.now_ms() // 1000, series.seconds)
        horizon = running - (newest_only - 1) * series.seconds
        gone = [(first, min(last, horizon - series.seconds)) for first, last in missing if first < horizon]
        if gone and self.newest.get(series, 0) < horizon:
            closed = self.closed(series)
            self.keep(series, self.ask(series, closed - series.seconds, closed).candles)
        if gone and self.newest.get(series, 0) >= horizon:
            gaps.mark_all(self.db, series, gone, Cause.NOT_OFFERED)
        return [(max(first, horizon), last) for first, last in missing if last >= horizon]

    def _quarantine(self, series: Series, sifted: Sifted) -> None:
        added = quarantine.add(self.db, series, sifted.rejects, now_ms())
        self.tally.quarantined += added
        self.refused[series] = reason = sifted.rejects[0][1]
        self.broken[series] = max(sifted.rejected, default=0)
        log.warning("rows_quarantined", series=str(series), rows=added, reason=reason)
