"""Why a series stands still: told once in the log, kept in the database, and taken back once it goes on."""

from dataclasses import dataclass

import structlog

from backfiller import exchange_markets
from backfiller.exchange_markets import ExchangeMarkets
from backfiller.exchange_schedules import ExchangeSchedules
from backfiller.requests import Requests
from backfiller.schedule import SeriesSchedule
from backfiller.series_fetcher import SeriesFetcher
from db.market_data import candles, gaps
from domain.candles import SeriesState
from domain.gaps import Cause

log = structlog.get_logger()


@dataclass(kw_only=True)
class SeriesStates:
    """The states of the series of one exchange."""

    fetcher: SeriesFetcher
    schedules: ExchangeSchedules
    exchange_markets: ExchangeMarkets
    requests: Requests

    def set(self, schedule: SeriesSchedule, code: SeriesState, state: str) -> None:
        """Write down why a series stands still, once in the log."""
        series = schedule.wanted.series
        if self.fetcher.status.failed.get(series) != state:
            log.warning("series_stands_still", series=str(series), reason=state)
        self.fetcher.status.failed[series] = state
        candles.set_state(self.fetcher.db, series, state, code)
        schedule.market_problem = ()

    def postpone(self, schedule: SeriesSchedule, code: SeriesState, state: str) -> None:
        """Write down why a series stands still, and ask again in a minute."""
        self.set(schedule, code, state)
        schedule.postpone(self.fetcher.now_ms() + exchange_markets.RECHECK * self.fetcher.clock.speed)
        self.requests.give_up(schedule, state)

    def market_missing(self, schedule: SeriesSchedule, message: str) -> None:
        """A market or timeframe is not there. Where candles are stored it is gone only once that is proven."""
        series, extent = schedule.wanted.series, candles.extent(self.fetcher.db, schedule.wanted.series)
        schedule.absent = True
        if extent is None or not self.exchange_markets.delisted(series):
            self.postpone(schedule, SeriesState.NOT_LISTED, f"not listed: {message}")
            return
        closed = self.fetcher.closed(series)
        if closed > extent[1]:
            gaps.mark(self.fetcher.db, series, extent[1] + series.seconds, closed, Cause.DELISTED)
        self.postpone(schedule, SeriesState.DELISTED, f"delisted: {message}")

    def clear(self, schedule: SeriesSchedule) -> None:
        """It goes on: what kept it from that is over."""
        if self.fetcher.status.failed.pop(schedule.wanted.series, None) is not None:
            candles.set_state(self.fetcher.db, schedule.wanted.series, None)

    def set_market_problem(self, schedule: SeriesSchedule) -> None:
        """Write down what is wrong with the market of a series that has its candles, and take it back later."""
        series = schedule.wanted.series
        found = self.exchange_markets.problem(series)
        if schedule.market_problem != (found,):
            code, text = found or (None, None)
            candles.set_state(self.fetcher.db, series, text, code)
            schedule.market_problem = (found,)

    def set_all(self, state: str | None, code: SeriesState | None = None) -> None:
        """Write down for every series of the exchange why it stands still, or that it does not."""
        for series, schedule in self.schedules.every.items():
            if not schedule.absent:
                candles.set_state(self.fetcher.db, series, state, code)
                schedule.market_problem = ()
