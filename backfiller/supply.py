"""One exchange and the shared database: asks for candles, keeps the good ones, and explains every hole that remains."""

from collections.abc import Sequence
from dataclasses import dataclass, field

import structlog

from backfiller import plan
from backfiller.causes import explained
from backfiller.exchange_clock import ExchangeClock
from backfiller.plan import Wanted
from backfiller.resample import resample
from backfiller.sift import Sifted, sift
from db import candles, gaps, quarantine
from db.connection import Database
from db.ranges import Range
from domain import timeframes
from domain.candles import Candle, Series, Source
from domain.gaps import Cause
from exchange.protocol import Exchange, Row
from runtime.clock import Clock, now_ms, raw_ms
from runtime.stop import Stop

log = structlog.get_logger()
BATCH = 1_000  # candles that are stored together while history is filled
STRETCH = 5_000  # longer bars that are made from shorter ones in one go
EXTRA = 2  # bars asked for besides the new ones: the last two again, in case the exchange has corrected them


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
    """Used by one thread; `clock` is candle time on this machine, `theirs` the exchange's own clock."""

    db: Database
    exchange: Exchange
    settle: float
    clock: Clock
    stop: Stop
    tally: Tally = field(default_factory=Tally)
    theirs: ExchangeClock = field(init=False)
    _buffer: list[Candle] = field(default_factory=list)
    _broken: dict[Series, frozenset[int]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.theirs = ExchangeClock(db=self.db, exchange=self.exchange, clock=self.clock, settle=self.settle)

    def now_ms(self) -> int:
        """Candle time by the exchange's clock."""
        return self.theirs.now_ms()

    def closed(self, series: Series) -> int:
        """The open of the newest bar that is closed by the exchange's clock."""
        return timeframes.last_closed(self.now_ms(), series.seconds, self.settle)

    def fill(self, wanted: Wanted, again: frozenset[Cause] = plan.OPEN) -> None:
        """Fetch whatever is missing of a series, newest first, and explain what does not come.

        What is missing is written down as not fetched before the first request. Raises what the exchange raises.
        """
        series, closed = wanted.series, self.closed(wanted.series)
        span = (wanted.first(closed), closed)
        missing = self._unexplained(series, span, again)
        gaps.mark_all(self.db, series, missing, Cause.NOT_FETCHED)
        offered = self._offered(series, missing, closed)
        self.tally.planned += sum((last - first) // series.seconds + 1 for first, last in offered)
        for hole in reversed(offered):
            self._fetch(series, hole)
        self._explain(series, self._unexplained(series, span, plan.OPEN))

    def advance(self, series: Series, last: int) -> int:
        """Fetch the bars after `last`, the newest stored one, in one request; the newest stored one afterwards."""
        closed = self.closed(series)
        size = self.exchange.manners.page - EXTRA
        first = max(last - (EXTRA - 1) * series.seconds, closed - (size - 1) * series.seconds)
        found = self.ask(series, first, closed).candles
        newest = found[-1].timestamp if found else last
        there = {candle.timestamp for candle in found}
        holes = [each for each in range(last + series.seconds, newest, series.seconds) if each not in there]
        if holes:
            gaps.mark(self.db, series, holes[0], holes[-1], Cause.NOT_FETCHED)
        self.keep(series, found)
        if holes:
            self._explain(series, self._unexplained(series, (last, newest), plan.OPEN))
        return max(newest, last)

    def ask(self, series: Series, first: int, last: int) -> Sifted:
        """One request for the bars from `first` to `last`; rows that are no candles go into quarantine."""
        limit = (last - first) // series.seconds + 1
        self.tally.requests += 1
        rows, closed = self._answered(series, first, limit)
        sifted = sift(rows, series.seconds, closed)
        if sifted.rejects:
            added = quarantine.add(self.db, series, sifted.rejects, now_ms())
            self.tally.quarantined += added
            log.warning("rows_quarantined", series=str(series), rows=added, reason=sifted.rejects[0][1])
        self._broken[series] = self._broken.get(series, frozenset()) | sifted.rejected
        return sifted

    def _answered(self, series: Series, first: int, limit: int) -> tuple[Sequence[Row], int]:
        """Rows, and the newest bar that had closed by the exchange's clock when they were asked for: one that closes
        while they are on their way may be unfinished. A clock that the answer proves wrong is asked for anew first.
        """
        closed, moment = self.closed(series), raw_ms()
        rows = self.exchange.candles(series, first, limit)
        if self.theirs.contradicted():
            self.theirs.ask()
            closed = min(closed, timeframes.last_closed(self.theirs.at(moment), series.seconds, self.settle))
        return rows, closed

    def keep(self, series: Series, found: Sequence[Candle]) -> None:
        """Store candles."""
        if not found:
            return
        stored = candles.store(self.db, series, found, Source.EXCHANGE, now_ms())
        self.tally.done += stored.inserted
        self.tally.revised += stored.revised
        if stored.revised:
            log.info("candles_revised", series=str(series), candles=stored.revised)

    def derive(self, wanted: Wanted) -> None:
        """Make the bars of a series that the exchange does not offer out of those of a finer one."""
        series, source = wanted.series, wanted.source
        assert source is not None
        closed = self.closed(series)
        made_until = self._made_until(series)
        first = wanted.first(closed) if made_until is None else made_until + series.seconds
        for start in range(first, closed + 1, STRETCH * series.seconds):
            stop = min(start + (STRETCH - 1) * series.seconds, closed)
            self._derive(series, source, (start, stop))

    def _derive(self, series: Series, source: Series, span: Range) -> None:
        """Make one stretch; bars whose finer bars are still to come at its end are left for later."""
        end = span[1] + series.seconds - source.seconds
        found = candles.between(self.db, source, span[0], end)
        if not found:
            return
        whole = timeframes.floor(found[-1].timestamp + source.seconds, series.seconds) - series.seconds
        span = (span[0], min(span[1], whole))
        if span[0] > span[1]:
            return
        known = gaps.gaps(self.db, source, span[0], end)
        made = resample(found, known, span, source.seconds, series.seconds)
        for timestamp, cause in made.missing:
            gaps.mark(self.db, series, timestamp, timestamp, cause)
        if made.candles:
            stored = candles.store(self.db, series, made.candles, Source.DERIVED, now_ms())
            self.tally.done += stored.inserted

    def _made_until(self, series: Series) -> int | None:
        """The newest bar that was made, None where none was."""
        extent = candles.extent(self.db, series)
        return None if extent is None else extent[1]

    def _unexplained(self, series: Series, span: Range, again: frozenset[Cause]) -> list[Range]:
        """What is missing within `span` and may still come."""
        known = gaps.gaps(self.db, series, *span)
        return plan.todo(candles.missing(self.db, series, *span), known, again, series.seconds)

    def _offered(self, series: Series, missing: Sequence[Range], closed: int) -> list[Range]:
        """The part of `missing` that the exchange still serves; the rest is marked as not offered."""
        newest_only = self.exchange.manners.newest_only
        if newest_only is None:
            return list(missing)
        horizon = closed - (newest_only - 1) * series.seconds
        gone = [(first, min(last, horizon - series.seconds)) for first, last in missing if first < horizon]
        gaps.mark_all(self.db, series, gone, Cause.NOT_OFFERED)
        return [(max(first, horizon), last) for first, last in missing if last >= horizon]

    def _fetch(self, series: Series, hole: Range) -> None:
        """The pages of one range, newest first, stored in batches."""
        for begin, end in plan.pages(hole, series.seconds, self.exchange.manners.page):
            if self.stop.stopped:
                break
            found = self.ask(series, begin, end).candles
            self._buffer += found
            inside = [candle for candle in found if begin <= candle.timestamp <= end]
            if not inside and self._nothing_older(series, hole[0], end):
                break
            if len(self._buffer) >= BATCH:
                self._flush(series)
        self._flush(series)

    def _flush(self, series: Series) -> None:
        """Store what was collected, each bar once."""
        unique = {candle.timestamp: candle for candle in self._buffer}
        self._buffer.clear()
        self.keep(series, sorted(unique.values()))

    def _nothing_older(self, series: Series, first: int, end: int) -> bool:
        """A page was empty: ask for the oldest one, and say what is before the listing where that is empty too."""
        page = self.exchange.manners.page
        found = self.ask(series, first, min(end, first + (page - 1) * series.seconds)).candles
        older = [candle for candle in found if candle.timestamp <= end]
        self._buffer += older
        if older:
            return False
        if not self.exchange.manners.newest_only:
            gaps.mark(self.db, series, first, end, Cause.BEFORE_LISTING)
        return True

    def _explain(self, series: Series, holes: Sequence[Range]) -> None:
        """Ask once more for what did not come, together with its neighbours, and write down the causes."""
        length, page = series.seconds, self.exchange.manners.page
        for begin, end in plan.windows(holes, length, page):
            if self.stop.stopped:
                return
            found = self.ask(series, begin, min(end, self.closed(series))).candles
            self.keep(series, found)
            answered = [candle.timestamp for candle in found]
            extent = candles.extent(self.db, series)
            oldest = None if extent is None else extent[0]
            broken = self._broken.get(series, frozenset())
            for hole in candles.missing(self.db, series, begin, end):
                self._mark(series, explained(hole, answered, broken, self.exchange.manners, oldest, length))

    def _mark(self, series: Series, causes: Sequence[tuple[Range, Cause]]) -> None:
        for span, cause in causes:
            gaps.mark(self.db, series, *span, cause)
