"""Which series the name of a file tells: ours, freqtrade's, Binance's and Kraken's own. Pure."""

import re
from collections.abc import Iterable
from typing import NamedTuple

from backfiller.pairs import NOTHING, QUOTES, Known, flat, readings
from domain import timeframes

# `binance__BTC-USDT__1h`, `BTC_USDT-1h`
OURS = re.compile(
    r"(?:(?P<exchange>[a-z0-9]+)__)?(?P<base>[A-Za-z0-9]+)[-_](?P<quote>[A-Za-z0-9]+)(?:__|-)(?P<timeframe>\d+[mhdw])"
    r"(?![A-Za-z0-9])"
)
BINANCE = re.compile(r"(?P<pair>[A-Z0-9]{5,25})-(?P<timeframe>\d+(?:mo|[smhdw]))-\d{4}-\d{2}")  # `BTCUSDT-1h-2024-01`
KRAKEN = re.compile(r"(?P<pair>[A-Z0-9.]{5,25})_(?P<minutes>\d{1,5})(?!\d)")  # `XBTUSD_60`
MINUTES = {1: "1m", 5: "5m", 15: "15m", 30: "30m", 60: "1h", 240: "4h", 720: "12h", 1440: "1d", 10080: "1w"}
NOT_SPOT = re.compile(
    r"[-_](?:futures|mark|funding_rate)\b|-\d+[A-Za-z]+-(?:index|premiumIndex)\b"
)  # freqtrade's words
FUTURES = re.compile(r"(?:^|/)futures/")  # and its folder
SHOWN = 5  # names that a sentence repeats


class Label(NamedTuple):
    """What a name says of a series, None where it says nothing. `pair` is the symbol without its separator, as
    `flat` makes it; `guessed_exchange` is the exchange that calls its files so, which a person knows better. A pair may
    be any of the symbols in `may_be`.
    """

    exchange: str | None = None
    symbol: str | None = None
    timeframe: str | None = None
    pair: str | None = None
    guessed_exchange: str | None = None
    may_be: tuple[str, ...] = ()


def label(name: str, known: Known = NOTHING) -> Label:
    """What the name of a file tells; folders in it tell nothing. A pair is read by what is known."""
    stem = name.replace("\\", "/").rpartition("/")[2]
    if found := OURS.match(stem):
        symbol = f"{found['base']}/{found['quote']}".upper()
        sure = found["exchange"] or found["quote"].upper() in QUOTES  # `my-data-1d` is no pair
        return Label(found["exchange"], symbol, found["timeframe"], flat(symbol) if sure else None)
    if found := BINANCE.match(stem):
        return _paired(found["pair"], found["timeframe"], "binance", known)
    found = KRAKEN.match(stem)
    minutes = MINUTES.get(int(found["minutes"])) if found else None
    named = _paired(found["pair"], minutes, "kraken", known) if found and minutes else Label()
    return named if named.may_be else Label()


def _paired(pair: str, timeframe: str, guessed_exchange: str, known: Known) -> Label:
    """What a name says in which nothing parts the currencies."""
    found = readings(pair, known.at(guessed_exchange))
    return Label(None, found[0] if len(found) == 1 else None, timeframe, flat(pair), guessed_exchange, found)


def spot(name: str) -> bool:
    """Whether a name does not say that these are prices of something else than a spot market."""
    return NOT_SPOT.search(name.rpartition("/")[2]) is None and FUTURES.search(name) is None


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
