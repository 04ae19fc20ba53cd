"""What may be traded and how, kept for traders, who never load ccxt."""

import json
from collections.abc import Iterable
from functools import lru_cache
from typing import Any, NamedTuple

from db.database import Database, Row
from domain.errors import Rejected
from domain.market import Market
from domain.money import decimal, real
from domain.small_files import Unfit, json_object

NUMBERS = ("amount_step", "price_tick", "min_amount", "min_cost", "maker", "taker")
NAMES = ("exchange", "symbol", "market_id", "base", "quote")
FLAGS = ("fee_in_base", "active")
ASSUMED = "assumed_markets"  # the key in `meta`


class Absence(NamedTuple):
    """A market that is not listed any more: since when, in candle milliseconds, and how many looks have missed it."""

    since_ms: int
    looks: int


def save(db: Database, markets: Iterable[Market], now_ms: int) -> None:
    """Keep the newest description of each market; raises Rejected for numbers of more than 15 digits."""
    rows = [_row(market) | {"now_ms": now_ms} for market in markets]
    with db.write() as tx:
        tx.run_many("markets_save", rows)


def assume(db: Database, market: Market, words: str) -> None:
    """Keep a market that no exchange has described, and in words what it is taken from. Raises as `save` does."""
    save(db, [market], 0)
    known = assumptions(db) | {f"{market.exchange} {market.symbol}": words}
    with db.write() as tx:
        tx.run("meta_write", key=ASSUMED, value=json.dumps(known))


def assumptions(db: Database) -> dict[str, str]:
    """Of each market that no exchange has described, as ``binance BTC/USDT``: in words what it is taken from."""
    rows = db.read("meta_read", key=ASSUMED)
    try:
        found = json_object(rows[0]["value"]) if rows else {}
    except Unfit:
        return {}
    return {name: str(text) for name, text in found.items()}


def load(db: Database, exchange: str, symbol: str) -> Market | None:
    """One market, None where it is not known (yet)."""
    rows = db.read("markets_load", exchange=exchange, symbol=symbol)
    return _market(rows[0]) if rows else None


def load_all(db: Database, exchange: str) -> dict[str, Market]:
    """All markets of an exchange by symbol."""
    return {row["symbol"]: _market(row) for row in db.read("markets_load_all", exchange=exchange)}


def absences(db: Database, exchange: str) -> dict[str, Absence]:
    """The markets of an exchange that we know and that it did not list when last looked at, by symbol."""
    rows = db.read("markets_absences", exchange=exchange)
    return {row["symbol"]: Absence(row["missing_since_ms"], row["missing_looks"]) for row in rows}


def set_absence(db: Database, exchange: str, symbol: str, absence: Absence | None) -> None:
    """A market that we know is missing since then; with None it is listed."""
    since_ms, looks = absence or (None, 0)
    with db.write() as tx:
        tx.run("markets_set_absence", exchange=exchange, symbol=symbol, since_ms=since_ms, looks=looks)


def _row(market: Market) -> dict[str, object]:
    try:
        numbers = {name: real(getattr(market, name)) for name in NUMBERS}
    except ValueError as error:
        raise Rejected(f"market {market.exchange} {market.symbol}: {error}") from error
    names = {name: getattr(market, name) for name in NAMES}
    return names | numbers | {name: int(getattr(market, name)) for name in FLAGS}


@lru_cache(maxsize=4_096)
def _market(row: Row) -> Market:
    values: dict[str, Any] = {name: row[name] for name in NAMES}
    values |= {name: decimal(row[name]) for name in NUMBERS}
    values |= {name: bool(row[name]) for name in FLAGS}
    return Market(**values)
