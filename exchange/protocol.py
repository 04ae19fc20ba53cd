"""What the fleet asks of an exchange: the public half. ccxt implements it; nothing above this room knows ccxt."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple, Protocol

from domain.candles import Series
from domain.market import Market

Row = Sequence[float | None]  # timestamp in seconds, open, high, low, close, volume: untrusted, perhaps unfinished


@dataclass(frozen=True, slots=True, kw_only=True)
class Capabilities:
    """How an exchange behaves when candles are asked for.

    `page`: candles per request at most. `newest_only`: it serves this many of the newest whatever `since` says, None
    where all history is served. `omits_empty`: a bar in which nobody traded is left out instead of printed with zero
    volume. `weeks_open_thursdays`: its weeks open on Thursdays and are no bars of ours: those open on Mondays.
    `requests_per_second`: its public limit, with a margin.
    """

    page: int
    newest_only: int | None = None
    omits_empty: bool = False
    weeks_open_thursdays: bool = False
    requests_per_second: float = 5.0


class ListedMarkets(NamedTuple):
    """What an exchange lists, by symbol: the spot markets that can be traded, and why others cannot as described."""

    markets: Mapping[str, Market]
    odd: Mapping[str, str]

    @property
    def symbols(self) -> frozenset[str]:
        """All of them."""
        return frozenset(self.markets) | frozenset(self.odd)


@dataclass(frozen=True, slots=True, kw_only=True)
class ServerDate:
    """The Date of an answer, Unix ms of whole seconds, written between two moments of the caller's own raw clock."""

    date_ms: int
    asked_ms: int
    arrived_ms: int


class Pacer(Protocol):
    """The request budget of one exchange, shared by all processes of the fleet."""

    def wait(self, exchange: str) -> None:
        """Return when the next request may be sent; raises Unavailable while the fleet is told to stop."""

    def pause(self, exchange: str, milliseconds: int, reason: str) -> None:
        """Nobody sends anything to this exchange for so long: it answered 418, 429 or Retry-After."""


class Exchange(Protocol):
    """One exchange. Every method may raise Unavailable, RateLimited, NotListed, Rejected or Forbidden."""

    @property
    def name(self) -> str:
        """ccxt's id, such as binance."""

    @property
    def capabilities(self) -> Capabilities:
        """How this exchange serves candles."""

    @property
    def server_date(self) -> ServerDate | None:
        """The Date of the last answer, None where it had none, or one out of a cache."""

    def timeframes(self) -> frozenset[str]:
        """The timeframes it offers whose bars open when ours do."""

    def markets(self) -> ListedMarkets:
        """All spot markets by unified symbol; one that is described wrongly costs itself only."""

    def candles(self, series: Series, since: int, limit: int) -> list[Row]:
        """At most `limit` bars that open at or after `since` (Unix seconds), as the exchange sends them."""

    def last_price(self, symbol: str) -> float:
        """The price of the last trade, quote currency."""

    def now_ms(self) -> int:
        """The exchange's own clock, Unix milliseconds."""

    def close(self) -> None:
        """Give its connections back."""
