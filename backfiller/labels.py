"""Which series the name of a file tells: ours, freqtrade's, Binance's and Kraken's own. Pure."""

import re
from collections.abc import Iterable, Iterator, Set
from typing import NamedTuple

from domain import timeframes

# `binance__BTC-USDT__1h`, `BTC_USDT-1h`
OURS = re.compile(
    r"(?:(?P<exchange>[a-z0-9]+)__)?(?P<base>[A-Za-z0-9]+)[-_](?P<quote>[A-Za-z0-9]+)(?:__|-)(?P<timeframe>\d+[mhdw])"
)
BINANCE = re.compile(r"(?P<pair>[A-Z0-9]{5,25})-(?P<timeframe>\d+(?:mo|[smhdw]))-\d{4}-\d{2}")  # `BTCUSDT-1h-2024-01`
KRAKEN = re.compile(r"(?P<pair>[A-Z0-9.]{5,25})_(?P<minutes>\d{1,5})(?!\d)")  # `XBTUSD_60`
MINUTES = {1: "1m", 5: "5m", 15: "15m", 30: "30m", 60: "1h", 240: "4h", 720: "12h", 1440: "1d", 10080: "1w"}
NOT_SPOT = re.compile(r"[-_](?:futures|mark|funding_rate)\b")  # freqtrade's words
OLD = {"XBT": "BTC", "XDG": "DOGE"}  # what Kraken calls them
LEGACY = re.compile(r"X([A-Z]{3})Z([A-Z]{3})")  # `XXBTZUSD`
QUOTES = (
    "FDUSD", "USDT", "USDC", "BUSD", "TUSD", "USDP", "USD1", "BIDR", "IDRT", "AEUR", "EURI", "XBT", "BTC", "ETH",
    "BNB", "TRX", "XRP", "DOGE", "DOT", "SOL", "DAI", "PAX", "VAI", "USD", "EUR", "GBP", "JPY", "AUD", "CAD", "CHF",
    "TRY", "BRL", "RUB", "UAH", "PLN", "RON", "ZAR", "NGN", "ARS", "MXN", "COP", "CZK",
)  # fmt: skip
NOT_AT_KRAKEN = frozenset({"FDUSD", "BUSD", "TUSD", "USD1", "BIDR", "PAX", "VAI"})  # so that USDTUSD is USDT/USD there
SHOWN = 5  # names that a sentence repeats


class Label(NamedTuple):
    """What a name says of a series, None where it says nothing. `pair` is the symbol without its separator, as
    `flat` makes it; `house` is the exchange that calls its files so, which a person knows better.
    """

    exchange: str | None = None
    symbol: str | None = None
    timeframe: str | None = None
    pair: str | None = None
    house: str | None = None


def label(name: str) -> Label:
    """What the name of a file tells; folders in it tell nothing."""
    stem = name.replace("\\", "/").rpartition("/")[2]
    if found := OURS.match(stem):
        symbol = f"{found['base']}/{found['quote']}".upper()
        sure = found["exchange"] or found["quote"].upper() in QUOTES  # `my-data-1d` is no pair
        return Label(found["exchange"], symbol, found["timeframe"], flat(symbol) if sure else None)
    if found := BINANCE.match(stem):
        pair = found["pair"]
        return Label(None, parted(pair), found["timeframe"], pair, "binance")
    return _kraken(stem)


def _kraken(stem: str) -> Label:
    found = KRAKEN.match(stem)
    pair = parted(found["pair"], NOT_AT_KRAKEN) if found else None
    if found is None or pair is None or int(found["minutes"]) not in MINUTES:
        return Label()
    return Label(None, pair, MINUTES[int(found["minutes"])], flat(pair), "kraken")


def spot(name: str) -> bool:
    """Whether a name does not say that these are prices of something else than a spot market."""
    return NOT_SPOT.search(name.rpartition("/")[2]) is None


def flat(symbol: str) -> str:
    """A symbol without its separator, under today's names: ``XBT/USD`` and ``BTC-USD`` are ``BTCUSD``."""
    legacy = LEGACY.fullmatch(symbol.upper())
    words = re.split(r"[/\-_ ]", "/".join(legacy.groups()) if legacy else symbol.upper())
    joined = "".join(OLD.get(word, word) for word in words)
    for old, new in OLD.items():
        joined = re.sub(f"^{old}(?=.)|(?<=.){old}$", new, joined)
    return joined


def parted(pair: str, foreign: Set[str] = frozenset()) -> str | None:
    """``XBTUSD`` as ``BTC/USD``; None where no quote currency that is known stands at its end, without `foreign`."""
    legacy = LEGACY.fullmatch(pair)
    found = legacy.groups() if legacy else next(_splits(pair, foreign), None)
    return "/".join(OLD.get(each, each) for each in found) if found else None


def _splits(pair: str, foreign: Set[str]) -> Iterator[tuple[str, str]]:
    for quote in sorted(set(QUOTES) - foreign, key=len, reverse=True):
        if pair.endswith(quote) and len(pair) > len(quote) + 1:
            yield pair.removesuffix(quote), quote


def fits(said: str, symbol: str) -> bool:
    """Whether a symbol column means this symbol: in whatever notation, or by the base currency alone."""
    base = symbol.partition("/")[0]
    return flat(said) in {flat(symbol), OLD.get(base, base)}


def symbol(said: str) -> str | None:
    """The symbol that a symbol column means, None where it cannot be told."""
    words = [OLD.get(word, word) for word in re.split(r"[/\-_]", said.strip().upper())]
    if len(words) == 2 and all(words):
        return "/".join(words)
    return parted(words[0]) if len(words) == 1 else None


def contradiction(one: Label, other: Label) -> tuple[str, str] | None:
    """What two labels say differently, in words; None where both may be right."""
    if one.exchange and other.exchange and one.exchange != other.exchange:
        return one.exchange, other.exchange
    if one.pair and other.pair and one.pair != other.pair:
        return one.symbol or one.pair, other.symbol or other.pair
    if one.timeframe and other.timeframe and _length(one.timeframe) != _length(other.timeframe):
        return one.timeframe, other.timeframe
    return None


def few(names: Iterable[str]) -> str:
    """Some of many names, for a sentence."""
    found = sorted(names)
    return ", ".join(found[:SHOWN]) + (f" and {len(found) - SHOWN} more" if len(found) > SHOWN else "")


def _length(timeframe: str) -> int | str:
    """Seconds of a timeframe; itself where it is none of ours, such as Binance's ``1mo``."""
    try:
        return timeframes.seconds(timeframe)
    except ValueError:
        return timeframe
