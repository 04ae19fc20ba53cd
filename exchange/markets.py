"""A market as ccxt describes it, as ours: steps and minima as decimals, fees as they are known."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import ccxt

from domain.market import Market
from domain.money import decimal

FEES = {"binance": "0.001", "binanceus": "0.001", "kraken": "0.0026", "coinbase": "0.012"}  # taker, smallest volume
COMMON_FEE = "0.002"
FINEST = Decimal("1e-8")


@dataclass(frozen=True, slots=True, kw_only=True)
class Costs:
    """What the configuration knows better: fees as fractions, the smallest order in quote currency."""

    taker: Decimal | None = None
    maker: Decimal | None = None
    min_cost: Decimal = Decimal(0)


def market(foreign: Any, raw: dict[str, Any], costs: Costs) -> Market:
    """One of ccxt's unified markets."""
    limits = raw.get("limits") or {}
    fee = FEES.get(foreign.id) or raw.get("taker") or COMMON_FEE
    taker = _number(fee) if costs.taker is None else costs.taker
    return Market(
        exchange=foreign.id,
        symbol=raw["symbol"],
        market_id=str(raw["id"]),
        base=raw["base"],
        quote=raw["quote"],
        amount_step=_step(foreign, raw, "amount"),
        price_tick=_step(foreign, raw, "price"),
        min_amount=_number((limits.get("amount") or {}).get("min")),
        min_cost=_number((limits.get("cost") or {}).get("min")) or costs.min_cost,
        maker=taker if costs.maker is None else costs.maker,
        taker=taker,
        fee_in_base=raw.get("feeSide", foreign.fees.get("trading", {}).get("feeSide")) == "get",
        active=raw.get("active") is not False,
    )


def _step(foreign: Any, raw: dict[str, Any], what: str) -> Decimal:
    """The step of amounts or prices; 1e-8 where the exchange tells none."""
    precision = (raw.get("precision") or {}).get(what)
    if precision is None:
        return FINEST
    if foreign.precisionMode == ccxt.DECIMAL_PLACES:
        return Decimal(1).scaleb(-int(precision))
    return _number(precision) or FINEST


def _number(value: Any) -> Decimal:
    """What ccxt gives as a number or text; 0 for nothing."""
    return Decimal(0) if value is None else decimal(value)
