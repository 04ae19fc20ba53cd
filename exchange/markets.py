"""A market as ccxt describes it, as ours: steps and minima as decimals, fees as they are known."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any

import ccxt

from domain import fees
from domain.fees import Fees
from domain.market import Market, fault
from domain.money import decimal
from exchange.protocol import ListedMarkets

FINEST = {"amount": Decimal("1e-8"), "price": Decimal("1e-15")}  # where the exchange tells none
STUMBLES = (ArithmeticError, AttributeError, LookupError, TypeError, ValueError, ccxt.BaseError)
PARSERS = ("parse_market", "parse_spot_market")  # of one market each; ccxt leaves out what they make nothing of


@dataclass(frozen=True, slots=True, kw_only=True)
class Costs:
    """What the configuration knows better: fees as fractions, the smallest order in quote currency."""

    taker: Decimal | None = None
    maker: Decimal | None = None
    min_cost: Decimal = Decimal(0)


def skip_unreadable(foreign: Any) -> None:
    """Let ccxt leave out a market over which its own parser stumbles, instead of losing all others with it."""
    for name in PARSERS:
        if hasattr(foreign, name):
            setattr(foreign, name, _tolerant(getattr(foreign, name)))


def _tolerant(parse: Callable[..., Any]) -> Callable[..., Any]:
    """A parser that makes nothing of what it stumbles over."""

    def parsed(*values: Any) -> Any:
        try:
            return parse(*values)
        except STUMBLES:
            return None

    return parsed


def listed(foreign: Any, found: Mapping[str, Any], costs: Costs) -> ListedMarkets:
    """The spot markets of what ccxt has loaded, those that can be traded apart from those that cannot."""
    spot = [raw for raw in found.values() if raw.get("spot")]
    described = [(raw["symbol"], *_described(foreign, raw, costs)) for raw in spot]
    markets = {symbol: found for symbol, found, _ in described if found is not None}
    return ListedMarkets(markets, {symbol: reason for symbol, _, reason in described if reason is not None})


def renamed(known: ListedMarkets, aliases: Mapping[str, str]) -> ListedMarkets:
    """The same under our names for markets that the exchange calls otherwise today: steps, minima, fees and the
    exchange's own id are those of today. What it still lists under a name of ours is another market, and is left out.
    """
    markets = {our: _named(known.markets[their], our) for our, their in aliases.items() if their in known.markets}
    odd = {our: known.odd[their] for our, their in aliases.items() if their in known.odd}
    return ListedMarkets(
        {symbol: each for symbol, each in known.markets.items() if symbol not in aliases} | markets,
        {symbol: why for symbol, why in known.odd.items() if symbol not in aliases} | odd,
    )


def _named(market: Market, symbol: str) -> Market:
    """A market under another symbol: its coins are called by it too, so that a ledger names each by one name."""
    base, _, quote = symbol.partition("/")
    return replace(market, symbol=symbol, base=base, quote=quote)


def _described(foreign: Any, raw: dict[str, Any], costs: Costs) -> tuple[Market | None, str | None]:
    """One market, or why it cannot be traded."""
    try:
        found = market(foreign, raw, costs)
    except STUMBLES as error:
        return None, f"{type(error).__name__} {str(error)[:80]}".rstrip()
    reason = fault(found)
    return (found, None) if reason is None else (None, reason)


def market(foreign: Any, raw: dict[str, Any], costs: Costs) -> Market:
    """One of ccxt's unified markets."""
    limits = raw.get("limits") or {}
    usual = fees.usual(foreign.id, _fees(raw))
    return Market(
        exchange=foreign.id,
        symbol=raw["symbol"],
        market_id=str(raw.get("id") or ""),
        base=raw.get("base") or "",
        quote=raw.get("quote") or "",
        amount_step=_step(foreign, raw, "amount"),
        price_tick=_step(foreign, raw, "price"),
        min_amount=_number((limits.get("amount") or {}).get("min")),
        min_cost=_number((limits.get("cost") or {}).get("min")) or costs.min_cost,
        maker=usual.maker if costs.maker is None else costs.maker,
        taker=usual.taker if costs.taker is None else costs.taker,
        fee_in_base=raw.get("feeSide", foreign.fees.get("trading", {}).get("feeSide")) == "get",
        active=raw.get("active") is not False,
    )


def published(name: str) -> Fees | None:
    """What an exchange charges by the rules that ccxt knows without asking it; None where ccxt knows none."""
    return _fees(getattr(ccxt, name)().fees.get("trading") or {}) if name in ccxt.exchanges else None


def _fees(market: Mapping[str, Any]) -> Fees | None:
    """The fees that ccxt names."""
    taker, maker = market.get("taker"), market.get("maker")
    if taker is None:
        return None
    return Fees(_number(taker), _number(taker if maker is None else maker), market.get("feeSide") == "get")


def _step(foreign: Any, raw: dict[str, Any], what: str) -> Decimal:
    """The step of amounts or prices; the finest where the exchange tells none."""
    precision = (raw.get("precision") or {}).get(what)
    if precision is None:
        return FINEST[what]
    if foreign.precisionMode == ccxt.DECIMAL_PLACES:
        return Decimal(1).scaleb(-int(precision))
    return _number(precision)


def _number(value: Any) -> Decimal:
    """What ccxt gives as a number or text; 0 for nothing."""
    return Decimal(0) if value is None else decimal(value)
