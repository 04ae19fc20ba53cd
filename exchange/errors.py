"""Where ccxt's errors become ours: a table, the most specific first."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from email.utils import parsedate_to_datetime

import ccxt

from domain.errors import Forbidden, NotListed, RateLimited, Rejected, Unavailable
from domain.secrets import hidden

TABLE: tuple[tuple[type[Exception], type[Exception]], ...] = (
    (ccxt.BadSymbol, NotListed),
    (ccxt.NotSupported, NotListed),
    (ccxt.AuthenticationError, Forbidden),
    (ccxt.DDoSProtection, RateLimited),
    (ccxt.RateLimitExceeded, RateLimited),
    (ccxt.OperationFailed, Unavailable),  # time-outs, dropped connections, 5xx, maintenance
    (ccxt.BadRequest, Rejected),
    (ccxt.ArgumentsRequired, Rejected),
    (ccxt.BaseError, Unavailable),  # a plain ExchangeError says nothing for sure
    # ccxt's parsers stumble over answers that were cut off or are something else: the exchange's fault, not ours.
    (TypeError, Unavailable),
    (ValueError, Unavailable),
    (LookupError, Unavailable),
    (AttributeError, Unavailable),
    (ArithmeticError, Unavailable),
)
ALTERNATIVES = {"binance": "binanceus, kraken or coinbase", "bybit": "kraken or coinbase", "okx": "kraken or coinbase"}
QUERY = re.compile(r"\?\S*")  # queries may carry signatures
SECONDS = re.compile(r"\d{1,12}(\.\d{1,6})?")
SHOWN = 200  # characters of a foreign message that are repeated
TOO_MANY = (418, 429)
DEFAULT_PAUSE_MS = {418: 120_000, 429: 10_000}  # where Retry-After is missing


@dataclass(slots=True)
class LastAnswer:
    """The last answer's status, how long it asked to wait and its Date; 0 and None while there is none."""

    status: int = 0
    retry_after: str | None = None
    date: str | None = None

    @property
    def date_ms(self) -> int | None:
        """The Date, Unix ms."""
        return moment_ms(self.date)

    def pause_ms(self) -> int:
        """How long nobody may ask again, milliseconds; Retry-After is a number of seconds or a date."""
        if self.retry_after is not None and SECONDS.fullmatch(self.retry_after.strip()):
            return round(1000 * float(self.retry_after))
        until, now = moment_ms(self.retry_after), self.date_ms
        if until is not None and now is not None:
            return max(until - now, 0)
        return DEFAULT_PAUSE_MS.get(self.status, DEFAULT_PAUSE_MS[429])


def moment_ms(text: str | None) -> int | None:
    """A date as HTTP writes it, Unix ms; None where it is none."""
    try:
        return None if text is None else round(parsedate_to_datetime(text).timestamp() * 1000)
    except (ValueError, TypeError, OverflowError):
        return None


@contextmanager
def translated(name: str, what: str, answer: LastAnswer) -> Iterator[None]:
    """Turn whatever ccxt raises into an error of ours that says what was asked of whom."""
    try:
        yield
    except tuple(foreign for foreign, _ in TABLE) as error:
        raise _ours(error, name, what, answer) from error


def _ours(error: Exception, name: str, what: str, answer: LastAnswer) -> Exception:
    """The error to raise instead."""
    text = f"{name}: {what}: {_safe(error, name)}"
    if answer.status == 451:
        instead = ALTERNATIVES.get(name, "another exchange")
        return Forbidden(f"{name} refuses this country (451): {what}. Use {instead} in config/strategies instead")
    if answer.status in TOO_MANY:
        return RateLimited(f"{text} (answered {answer.status})", answer.pause_ms())
    ours = next(ours for foreign, ours in TABLE if isinstance(error, foreign))
    return ours(text)


def _safe(error: Exception, name: str) -> str:
    """A foreign message without queries, in one line, and without the exchange's name, which ccxt puts first."""
    words = " ".join(hidden(QUERY.sub("", str(error))).split()).removeprefix(f"{name} ")
    return f"{type(error).__name__} {words}"[:SHOWN].rstrip()
