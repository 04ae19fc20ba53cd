"""Values: what a key may hold. Each function turns what YAML gives into what the fleet uses, or raises ValueError."""

import re
from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any, TypeVar
from urllib.parse import urlsplit

from config.complaints import nearest
from config.shapes import TRUTH, numeric, shape, shaped, whole_text
from domain import dates, exchanges, scalars, timeframes
from domain.dates import Date
from domain.money import real
from domain.paths import file_named, local
from domain.scalars import WITHIN, Number, instead, within
from domain.strategy import Distance, Stake, StakeKind
from domain.text import visible

T = TypeVar("T")
Parse = Callable[[Any], T]
ID = re.compile(r"[a-z0-9][a-z0-9._~-]{0,62}")
EXCHANGE = re.compile(r"[a-z0-9]{2,30}")
SYMBOL = re.compile(r"(?:[^\W_]|[.$-]){1,20}/(?:[^\W_]|[.$-]){1,20}")
ATR = re.compile(rf"({WITHIN})\s*\*?\s*atr\s*\(\s*({WITHIN})\s*\)", re.IGNORECASE)
SIZE = re.compile(rf"({WITHIN})\s*([kmg]b)", re.IGNORECASE)
UNITS = {"KB": 10**3, "MB": 10**6, "GB": 10**9}
DURATION = re.compile(rf"({WITHIN})\s*([smhd])")
UNIT_SECONDS = {"s": 1, "m": 60, "h": 3600, "d": 86_400}
MOST = {"fixed": "1e12", "fraction": "1", "risk": "1"}  # of each kind of stake
QUOTE = ": write it in quotes"


@shaped(type="string", minLength=1)
def text(value: Any) -> str:
    """A text that is not empty."""
    if not isinstance(value, str):
        raise ValueError(f"must be a text{QUOTE if isinstance(value, Number | bool) else ''}")
    if not value.strip():
        raise ValueError("is empty: write it, or leave the key out")
    return value.strip()


@shaped(type="string", pattern="^https?://[^/:@?#][^@?#]*$")
def url(value: Any) -> str:
    """An address of the web with its scheme, without a user: passwords are no part of a configuration."""
    found = text(value)
    if not found.startswith(("http://", "https://")):
        raise ValueError("must start with http:// or https://")
    if "@" in found:
        raise ValueError("a user or password in a URL is refused: secrets never stand in YAML")
    if "?" in found or "#" in found:
        raise ValueError("must end with its path: no query")
    if not _host(found):
        raise ValueError("names no host: write it behind http:// or https://, with a port from 1 to 65535 or none")
    return found.rstrip("/")


def _host(address: str) -> str | None:
    """The host of an address; None where there is none, or its port is none."""
    try:
        parts = urlsplit(address)
        port = parts.port
    except ValueError:
        return None
    return parts.hostname if port != 0 else None


@shaped(type="string", minLength=1)
def path(value: Any) -> Path:
    """A file or folder, not an address: those carry passwords."""
    return local(_shown(value))


@shaped(type="string", minLength=1)
def database(value: Any) -> Path:
    """The file of a database, with a name."""
    return file_named(_shown(value))


def _shown(value: Any) -> str:
    """A text that can be shown as it is."""
    found = text(value)
    if visible(found) != found:
        raise ValueError("must be a path without control characters")
    return found


@shaped(enum=TRUTH)
def flag(value: Any) -> bool:
    """True or false."""
    if not isinstance(value, bool):
        raise ValueError("must be true or false")
    return value


def whole(low: int, high: int) -> Parse[int]:
    """A whole number within a range, both ends included."""

    @shaped(**numeric(low, high, whole=True))
    def parse(value: Any) -> int:
        found = scalars.number(value)
        if found is None or not low <= found <= high or found != found.to_integral_value():
            raise ValueError(f"must be a whole number from {low} to {high}{instead(value)}")
        return int(found)

    return parse


def number(low: float, high: float) -> Parse[float]:
    """A number within a range, both ends included."""

    @shaped(**numeric(low, high))
    def parse(value: Any) -> float:
        found = scalars.number(value)
        if found is None or not low <= float(found) <= high:
            raise ValueError(f"must be a number from {low:g} to {high:g}{instead(value)}")
        return float(found)

    return parse


def duration(low: float, high: float) -> Parse[float]:
    """A time within a range of seconds, both ends included: ``90s``, ``30m``, ``6h``, ``2d``, or a number alone."""

    @shaped(**numeric(low, high, DURATION.pattern))
    def parse(value: Any) -> float:
        match, plain = _parts(DURATION, value), scalars.number(value)
        seconds = within(match[1]) * UNIT_SECONDS[match[2]] if match else plain
        if seconds is None or not low <= seconds <= high:
            raise ValueError(f"must be a time such as 90s, 30m, 6h or 2d, from {low:g} to {high:g} seconds")
        return float(seconds)

    return parse


def money(low: str, high: str) -> Parse[Decimal]:
    """A decimal number within a range, both ends included, of at most 15 significant digits, all of which count."""

    @shaped(**numeric(low, high))
    def parse(value: Any) -> Decimal:
        found = scalars.number(value)
        if found is None:
            raise ValueError(f"is no number: write one of at most 15 digits, such as 1000{instead(value)}")
        return _exact(found, low, high)

    return parse


def _exact(found: Decimal, low: str, high: str) -> Decimal:
    """A number within a range, as money is kept."""
    try:
        real(found)
    except ValueError:
        raise ValueError("must be a number of at most 15 digits") from None
    if not Decimal(low) <= found <= Decimal(high):
        raise ValueError(f"must be a number from {low} to {high}")
    return Decimal(f"{found.normalize():f}")


@shaped(type="string", pattern=whole_text(rf"{WITHIN}\s*[kKmMgG][bB]"))
def size(value: Any) -> int:
    """Bytes of what a log keeps: ``200 MB``, ``1.5 GB``, at least 1 MB."""
    match = _parts(SIZE, value)
    found = int(within(match[1]) * UNITS[match[2].upper()]) if match else 0
    if not UNITS["MB"] <= found <= 1000 * UNITS["GB"]:
        raise ValueError("must be a size such as 200 MB or 1.5 GB, from 1 MB to 1000 GB")
    return found


def _parts(pattern: re.Pattern[str], value: Any) -> re.Match[str] | None:
    """A number of a text and what stands beside it, None where it is another text or too long to be meant so."""
    text = value.strip() if isinstance(value, str) else ""
    return pattern.fullmatch(text) if len(text) <= scalars.LONGEST else None


def one_of(known: Iterable[str]) -> Parse[str]:
    """One of some words."""
    words = tuple(known)

    @shaped(enum=list(words))
    def parse(value: Any) -> str:
        if value not in words:
            raise ValueError(f"must be one of {', '.join(words)}")
        return str(value)

    return parse


@shaped(type=["string", "number"], pattern=f"^{ID.pattern}$")
def strategy_id(value: Any) -> str:
    """An id: it stands in file names, SQL and containers' names."""
    if not ID.fullmatch(str(value)):
        rule = "must be 1 to 63 of a-z, 0-9, '.', '_', '~' and '-', starting with a letter or digit"
        raise ValueError(f"{rule}{QUOTE if isinstance(value, bool) else ''}")
    return str(value)


@shaped(type="string", pattern=f"^{EXCHANGE.pattern}$")
def exchange(value: Any) -> str:
    """The exchange's name in ccxt, such as binance, kraken or coinbase."""
    if not isinstance(value, str) or value not in exchanges.names():
        near = nearest(value, exchanges.names())
        hint = f"; did you mean {near}?" if near else ""
        raise ValueError(f"must be the exchange's name in ccxt, such as binance, kraken or coinbase{hint}")
    return value


@shaped(type="string", pattern=r"^[^\s/_a-z]{1,20}/[^\s/_a-z]{1,20}$")  # letters of any script, for whatever reads it
def symbol(value: Any) -> str:
    """A spot market in ccxt's notation. Letters of any script: Binance lists 币安人生/USDT."""
    if not isinstance(value, str) or not SYMBOL.fullmatch(value) or value != value.upper():
        raise ValueError("must be BASE/QUOTE in capitals, such as BTC/USDT")
    return value


@shaped(type="string", pattern=f"^{timeframes.NAME.pattern}$")
def timeframe(value: Any) -> str:
    """A timeframe that the fleet can align."""
    if not timeframes.NAME.fullmatch(str(value)):
        raise ValueError(timeframes.HOW)
    return str(value)


@shaped(type=["string", "integer"])
def moment(value: Any) -> Date:
    """A date, a time, Unix seconds, or how long ago; never in the future."""
    if not isinstance(value, str | Number):
        raise ValueError(f"must be {dates.KNOWN}")
    found, now = dates.parse(str(value)), int(datetime.now(UTC).timestamp())
    if found.at(now) >= now:
        raise ValueError("must lie in the past")
    return found


@shaped(**numeric(None, 10, rf"{WITHIN}\s*\*?\s*[aA][tT][rR]\s*\(\s*{WITHIN}\s*\)"), exclusiveMinimum=0)
def distance(value: Any) -> Distance:
    """A distance from the entry price: ``0.03``, or ``2 atr(20)``."""
    match = _parts(ATR, value)
    if match:
        multiple, length = within(match[1]), within(match[2])
        if not 0 < multiple <= 100 or not 2 <= length <= 200 or length != length.to_integral_value():
            raise ValueError("must be a multiple above 0, up to 100, of atr(2) to atr(200)")
        return Distance(_exact(multiple, "0", "100"), int(length))
    plain = scalars.number(value)
    if plain is None:
        raise ValueError(f"must be a fraction of the entry price such as 0.03, or '2 atr(20)'{instead(value)}")
    if plain <= 0:
        raise ValueError("must be above 0, a distance has no sign: a fraction such as 0.03, or '2 atr(20)'")
    return Distance(_exact(plain, "0", "10"))


@shaped(
    type="object", minProperties=1, maxProperties=1, additionalProperties=False,
    properties={kind: {**numeric(None, most), "exclusiveMinimum": 0} for kind, most in MOST.items()},
)  # fmt: skip
def stake(value: Any) -> Stake:
    """How much to buy: ``{fixed: 250}``, ``{fraction: 0.5}`` or ``{risk: 0.01}``."""
    if not isinstance(value, dict) or len(value) != 1 or next(iter(value)) not in MOST:
        raise ValueError("must be one of {fixed: 250}, {fraction: 0.5} or {risk: 0.01}")
    kind, amount = next(iter(value.items()))
    found = money("0", MOST[kind])(amount)
    if found == 0:
        raise ValueError("must be above 0")
    return Stake(StakeKind(kind), found)


def several(parse: Parse[T]) -> Parse[tuple[T, ...]]:
    """One value, or a list of them."""
    one = shape(parse)

    @shaped(anyOf=[one, {"type": "array", "minItems": 1, "items": one}])
    def parsed(value: Any) -> tuple[T, ...]:
        values = value if isinstance(value, list) else [value]
        if not values:
            raise ValueError("must not be empty")
        return tuple(parse(each) for each in values)

    return parsed
