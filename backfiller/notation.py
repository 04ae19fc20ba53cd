"""Exchanges and timeframes as columns of files write them: ``Coinbase Pro``, ``1H``, ``60min``, ``PERIOD_H1``. Pure."""

import re

from config import values
from domain import timeframes

RENAMED = {  # what exchanges are called elsewhere, or were before: the name that they have here
    "gdax": "coinbase", "coinbasepro": "coinbase", "coinbaseexchange": "coinbase", "coinbaseadvanced": "coinbase",
    "okex": "okx", "huobi": "htx", "gateio": "gate", "binancecom": "binance", "binancespot": "binance",
}  # fmt: skip
UNITS = {
    "s": "s", "sec": "s", "second": "s", "seconds": "s", "m": "m", "t": "m", "min": "m", "mins": "m", "minute": "m",
    "minutes": "m", "h": "h", "hr": "h", "hrs": "h", "hour": "h", "hours": "h", "hourly": "h", "d": "d", "day": "d",
    "days": "d", "daily": "d", "w": "w", "wk": "w", "week": "w", "weeks": "w", "weekly": "w", "mo": "mo", "mon": "mo",
    "month": "mo", "months": "mo", "monthly": "mo", "mn": "mo",
}  # fmt: skip
SECONDS = {"s": 1, **timeframes.UNITS, "mo": 30 * timeframes.DAY}
BEHIND = re.compile(r"(\d*)\s*([A-Za-z]+)")  # `1h`, `60 min`, `daily`
BEFORE = re.compile(r"(?:PERIOD_)?(MN|[MHDW])(\d+)")  # MetaTrader's `M15`, `PERIOD_H1`


def exchange(said: str) -> str:
    """The exchange that a column means. Raises ValueError where it means none."""
    return str(values.exchange(_known_name(said)))


def timeframe(said: str) -> str:
    """The timeframe that a column means. Raises ValueError where it means none, or may mean two."""
    found = _lengths(said)
    if len(found) > 1:
        raise ValueError("may be minutes or seconds: say it with --timeframe")
    if not found or (found[0] % timeframes.UNITS["m"]) or found[0] == SECONDS["mo"]:
        raise ValueError("is none that is kept here: use a number and m, h, d or w, such as 15m, 1h or 1d")
    return timeframes.name(found[0])


def same_exchange(said: str, wanted: str) -> bool:
    """Whether a column may mean this exchange; an empty cell says nothing."""
    return not said or _known_name(said) == _known_name(wanted)


def same_timeframe(said: str, wanted: str) -> bool:
    """Whether a column may mean this timeframe; what cannot be read says nothing."""
    found = _lengths(said)
    return not found or timeframes.seconds(wanted) in found


def _known_name(said: str) -> str:
    """A name without capitals, spaces and points, under which the exchange is known here."""
    name = re.sub(r"[^a-z0-9]", "", said.lower())
    return RENAMED.get(name, name)


def _lengths(said: str) -> list[int]:
    """Seconds that a text may mean: a number alone minutes or seconds, ``1M`` a month and no minute."""
    text = said.strip()
    if text.isdecimal() and len(text) < len("1000000000"):
        return sorted({int(text), int(text) * 60})
    behind, before = BEHIND.fullmatch(text), BEFORE.fullmatch(text)
    if before:
        count, unit = before[2], before[1].lower()
    elif behind:
        count, unit = behind[1] or "1", "mo" if behind[2] == "M" else behind[2].lower()
    else:
        return []
    return [int(count[:9]) * SECONDS[UNITS[unit]]] if unit in UNITS and int(count[:9]) else []
