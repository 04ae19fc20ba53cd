"""The markets that an exchange lists: read at the start and every ten minutes, and stored for traders.

A market that is missing counts as delisted once enough readings, far enough apart, have missed it. An answer that lists
no market at all proves nothing. One that suddenly lacks most markets is believed about those that it lists, and about
those that it leaves out only once our own markets among them count as delisted.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

import structlog

from backfiller import delisting
from backfiller.series_fetcher import SeriesFetcher
from db.market_data import exchanges, markets
from db.market_data.markets import Absence
from domain.candles import Series, SeriesState
from domain.errors import NotListed, Unavailable
from exchange.protocol import ListedMarkets
from runtime.clock import now_ms, steady_ms

log = structlog.get_logger()
REFRESH = 600_000  # real milliseconds between two readings
RECHECK = 60_000  # real milliseconds until a market that is missing, halted or odd is looked at again
NONE_LISTED = ListedMarkets({}, {})


@dataclass(kw_only=True)
class ExchangeMarkets:
    """The markets of one exchange.

    `symbols`: those that traders need to know. `after`: seconds of candle time for which a market must be missing until
    it counts as gone.
    """

    fetcher: SeriesFetcher
    symbols: frozenset[str]
    after: float
    _last: ListedMarkets = NONE_LISTED
    _listed: frozenset[str] = frozenset()
    _absences: Mapping[str, Absence] = field(default_factory=dict)
    _read_ms: int | None = None
    _silent: bool = False

    def refresh(self) -> None:
        """Read the exchange's clock and its markets where it is time.

        Raises Unavailable where nothing but silence came since the start.
        """
        self.fetcher.exchange_clock.refresh()
        if self._read_ms is not None and steady_ms() - self._read_ms < (RECHECK if self._unsettled else REFRESH):
            return
        found = self.fetcher.exchange.markets()
        self._update_listed(found)
        self._store_markets(found)
        self._read_ms = steady_ms()

    def require(self, series: Series) -> None:
        """Raise NotListed for a market that the exchange does not list."""
        if series.symbol not in self._listed:
            silent = ": it lists next to nothing at present" if self._silent else ""
            raise NotListed(f"{series.exchange} does not list {series.symbol}{silent}")

    def delisted(self, series: Series) -> bool:
        """Whether its market has been missing for so long, and so often, that it counts as delisted."""
        found = self._absences.get(series.symbol)
        return found is not None and delisting.delisted(found)

    def problem(self, series: Series) -> tuple[SeriesState, str] | None:
        """What is wrong with a market that is listed: why there are no entries although candles may come."""
        reason = self._last.odd.get(series.symbol)
        if reason is not None:
            return SeriesState.ODD_MARKET, f"its market is described wrongly ({reason}): what was known before counts"
        market = self._last.markets.get(series.symbol)
        if market is not None and not market.active:
            return SeriesState.HALTED, "halted by the exchange: no entries, exits go on"
        return None

    @property
    def _unsettled(self) -> bool:
        """Whether something may be otherwise in a minute."""
        halted = any(not self._last.markets[each].active for each in self.symbols & self._last.markets.keys())
        return self._silent or halted or not self.symbols <= self._last.markets.keys()

    def _update_listed(self, found: ListedMarkets) -> None:
        """Believe what an answer lists, and what it leaves out where it is no silence."""
        name, db = self.fetcher.exchange.name, self.fetcher.db
        before = exchanges.load(db).get(name, exchanges.UNKNOWN).markets
        short = delisting.says_nothing(len(found.symbols), before)
        if found.symbols:
            self._update_absences(found)
        proven = bool(found.symbols) and all(map(delisting.delisted, self._absences.values()))
        self._silent = short and not proven
        if not self._silent:
            exchanges.set_markets(db, name, len(found.symbols))
            self._last, self._listed = found, found.symbols
            return
        log.warning("markets_silent", exchange=name, markets=len(found.symbols), before=before)
        if not self._listed and not found.symbols:
            raise Unavailable(f"{name} lists no market at all: that proves nothing, it is asked again")
        self._last = ListedMarkets({**self._last.markets, **found.markets}, {**self._last.odd, **found.odd})
        self._listed |= found.symbols

    def _update_absences(self, found: ListedMarkets) -> None:
        """Remember since when the markets that we know are missing, and forget it of those that are back."""
        db, name = self.fetcher.db, self.fetcher.exchange.name
        known = self.symbols & markets.load_all(db, name).keys()
        before = markets.absences(db, name)
        after = {
            symbol: delisting.missed_again(before.get(symbol), self.fetcher.now_ms(), self.after * 1000)
            for symbol in known - found.symbols
        }
        for symbol in known:
            if after.get(symbol) != before.get(symbol):
                markets.set_absence(db, name, symbol, after.get(symbol))
        self._absences = after

    def _store_markets(self, found: ListedMarkets) -> None:
        """Keep for traders what is new about the markets that they need."""
        name, db = self.fetcher.exchange.name, self.fetcher.db
        known = markets.load_all(db, name)
        wanted = [found.markets[symbol] for symbol in sorted(self.symbols & found.markets.keys())]
        changed = [market for market in wanted if known.get(market.symbol) != market]
        if changed:
            markets.save(db, changed, now_ms())
        for symbol in sorted(self.symbols & found.odd.keys()):
            log.warning("market_refused", exchange=name, symbol=symbol, reason=found.odd[symbol])
