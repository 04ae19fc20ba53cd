"""Real exchanges through ccxt: unmodified classes, paced by the budget that the whole fleet shares."""

import math
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

import ccxt

from domain.candles import Series
from domain.errors import ConfigError, NotListed, RateLimited, Unavailable
from exchange import capabilities, errors, markets, redirects
from exchange.errors import LastAnswer
from exchange.markets import Costs
from exchange.protocol import Capabilities, ListedMarkets, Pacer, Row, ServerDate

OPTIONS: Mapping[str, dict[str, Any]] = {
    "binance": {"fetchMarkets": {"types": ["spot"]}, "fetchMargins": False},
    "binanceus": {"fetchMarkets": {"types": ["spot"]}, "fetchMargins": False},
    "coinbase": {"fetchTime": "v3PublicGetBrokerageTime"},
}  # only what is public, and only spot
COLUMNS = 6
ERROR = 400  # HTTP statuses from here on are errors, which ccxt knows


@dataclass(frozen=True, slots=True, kw_only=True)
class Connection:
    """How to reach an exchange: another address, a time-out in seconds, names it has changed, fees that are known.

    `raw_ms` is a clock that nobody sets, by which the dates of answers are noted; without it they are not.
    """

    base_url: str | None = None
    timeout: float = 10.0
    aliases: Mapping[str, str] = field(default_factory=dict)
    costs: Costs = field(default_factory=Costs)
    raw_ms: Callable[[], int] | None = None


def connect(name: str, pacer: Pacer, connection: Connection | None = None) -> "CcxtExchange":
    """The exchange that ccxt calls `name`; raises ConfigError where ccxt does not know it. Nothing is sent yet."""
    if name not in ccxt.exchanges:
        raise ConfigError(f"{name} is an exchange that ccxt does not have (any more): nothing can be asked of it")
    connection = connection or Connection()
    foreign = getattr(ccxt, name)({"timeout": round(connection.timeout * 1000), "options": OPTIONS.get(name, {})})
    foreign.has["fetchCurrencies"] = False  # private or large on most exchanges, needed on none
    foreign.enableRateLimit, foreign.throttle = True, lambda _cost=None: pacer.wait(name)
    markets.skip_unreadable(foreign)
    if connection.base_url is not None:
        foreign.urls["api"] = _rebased(foreign.urls["api"], connection.base_url)
    return CcxtExchange(foreign, pacer, connection)


class CcxtExchange:
    """One exchange; see `exchange.protocol.Exchange` for what each method promises. Not to be shared by threads."""

    def __init__(self, foreign: Any, pacer: Pacer, connection: Connection) -> None:
        self._foreign, self._pacer, self._connection = foreign, pacer, connection
        self._answer = LastAnswer()
        self._server_date: ServerDate | None = None
        foreign.session.hooks["response"].append(self._note)
        redirects.follow_own_only(foreign.session, self.name)
        self._read, foreign.parse_json = foreign.parse_json, self._readable

    @property
    def name(self) -> str:
        """Ccxt's id."""
        return str(self._foreign.id)

    @property
    def capabilities(self) -> Capabilities:
        """How it serves candles."""
        return capabilities.capabilities(self.name)

    @property
    def server_date(self) -> ServerDate | None:
        """The Date of the last answer."""
        return self._server_date

    def timeframes(self) -> frozenset[str]:
        """The timeframes it offers whose bars open when ours do."""
        offered = frozenset(self._foreign.timeframes or ())
        return (
            frozenset(each for each in offered if each[-1] != "w")
            if self.capabilities.weeks_open_thursdays
            else offered
        )

    def markets(self) -> ListedMarkets:
        """All spot markets by our symbol, aliases included; asks anew at each call."""
        with self._asking("markets"):
            found = self._foreign.load_markets(reload=True)
            known = markets.listed(self._foreign, found, self._connection.costs)
        return markets.renamed(known, self._connection.aliases)

    def candles(self, series: Series, since: int, limit: int) -> list[Row]:
        """At most `limit` bars from `since` on, timestamps in seconds, otherwise as they came."""
        symbol = self._connection.aliases.get(series.symbol, series.symbol)
        with self._asking(f"candles of {series.symbol} {series.timeframe}"):
            if series.timeframe not in self.timeframes():
                raise NotListed(f"{self.name} offers no timeframe {series.timeframe}")
            rows = self._foreign.fetch_ohlcv(symbol, series.timeframe, 1000 * since, limit)
            if not isinstance(rows, list):
                raise Unavailable(f"{self.name}: candles of {series}: the answer is no list")
            return [_row(row) for row in rows]

    def last_price(self, symbol: str) -> float:
        """The price of the last trade."""
        with self._asking(f"ticker of {symbol}"):
            price = self._foreign.fetch_ticker(self._connection.aliases.get(symbol, symbol))["last"]
            return float(price)

    def now_ms(self) -> int:
        """The exchange's own clock."""
        with self._asking("clock"):
            return int(self._foreign.fetch_time())

    def close(self) -> None:
        """Give its connections back."""
        self._foreign.session.close()

    @contextmanager
    def _asking(self, what: str) -> Iterator[None]:
        """Translate what goes wrong, and let the whole fleet pause where the exchange asks for it."""
        self._answer.status, self._answer.retry_after, self._server_date = 0, None, None
        try:
            with errors.translated(self.name, what, self._answer):
                yield
        except RateLimited as error:
            self._pacer.pause(self.name, error.retry_after_ms or self._answer.pause_ms(), str(error))
            raise

    def _readable(self, text: str) -> Any:
        """The answer's JSON. ccxt takes a web page or half an answer for an empty one: no candles, no holes, no lie."""
        found = self._read(text)
        if found is None and self._answer.status < ERROR:
            raise ccxt.ExchangeNotAvailable(f"answered {self._answer.status} with something that is no JSON")
        return found

    def _note(self, response: Any, *_args: object, **_kwargs: object) -> None:
        """Keep what ccxt forgets of an answer."""
        self._answer.status = response.status_code
        self._answer.retry_after = response.headers.get("Retry-After")
        self._answer.date = response.headers.get("Date")
        date_ms, raw_ms = self._answer.date_ms, self._connection.raw_ms
        self._server_date = None
        if date_ms is not None and raw_ms is not None and "Age" not in response.headers:
            arrived, took = raw_ms(), math.ceil(response.elapsed.total_seconds() * 1000)
            self._server_date = ServerDate(date_ms=date_ms, asked_ms=arrived - took, arrived_ms=arrived)


def _row(row: Any) -> Row:
    """A row as six values; what is missing or no number is None, for the reader's quarantine."""
    values = [value if isinstance(value, int | float) and not isinstance(value, bool) else None for value in row]
    padded = (values + [None] * COLUMNS)[:COLUMNS]
    if padded[0] is not None:
        padded[0] = padded[0] // 1000 if padded[0] % 1000 == 0 else padded[0] / 1000
    return padded


def _rebased(urls: Any, base: str) -> Any:
    """Every address with another scheme and host."""
    if isinstance(urls, dict):
        return {key: _rebased(value, base) for key, value in urls.items()}
    return base.rstrip("/") + urlsplit(urls).path if isinstance(urls, str) else urls
