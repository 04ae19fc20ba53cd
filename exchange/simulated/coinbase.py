"""Coinbase's public Advanced Trade interface: https://docs.cdp.coinbase.com/api-reference/advanced-trade-api

Candles newest first, at most 350 between `start` and `end`; bars in which nobody traded are left out. There is no 4h.
"""

import re
from datetime import UTC, datetime
from typing import Any

from exchange.simulated import bars
from exchange.simulated.dialect import Dialect, JsonAnswer, Query, frame_of, whole
from exchange.simulated.listings import Listing
from exchange.simulated.venue import Refusal, SimulatedMarket, Venue

PAGE = 350
FRAMES = {
    "ONE_MINUTE": bars.frame("1m"),
    "FIVE_MINUTE": bars.frame("5m"),
    "FIFTEEN_MINUTE": bars.frame("15m"),
    "THIRTY_MINUTE": bars.frame("30m"),
    "ONE_HOUR": bars.frame("1h"),
    "TWO_HOUR": bars.frame("2h"),
    "SIX_HOUR": bars.frame("6h"),
    "ONE_DAY": bars.frame("1d"),
}
ERRORS = {
    "market": (404, "NOT_FOUND", "valid product_id is required"),
    "interval": (400, "INVALID_ARGUMENT", "granularity argument is invalid"),
    "argument": (400, "INVALID_ARGUMENT", "{} argument is invalid"),
    "busy": (429, "rate_limit_exceeded", "too many requests"),
    "path": (404, "not_found", "{}"),
}
FIAT = {"USD": "US Dollar", "EUR": "Euro", "GBP": "British Pound"}


def refuse(refusal: Refusal) -> JsonAnswer:
    """``{"error": "INVALID_ARGUMENT", "error_details": "…", "message": "…"}``."""
    status, error, message = ERRORS[refusal.kind]
    reason = message.format(refusal.what)
    return JsonAnswer({"error": error, "error_details": reason, "message": reason}, status)


def names(listing: Listing) -> tuple[str, ...]:
    """BTC-USD."""
    return (f"{listing.base}-{listing.quote}",)


def candles(venue: Venue, query: Query) -> JsonAnswer:
    """Objects between `start` and `end`, both included."""
    market = venue.market(query["product_id"])
    frame = frame_of(FRAMES, query.get("granularity", ""))
    first, last = frame.ceil(whole(query, "start", -1)), frame.floor(whole(query, "end", venue.now))
    if first < 0 or last < first or (last - first) // frame.seconds + 1 > PAGE:
        raise Refusal("argument", f"number of candles requested should be less than {PAGE}: start and end")
    rows = venue.answer(market, frame, venue.bars(market, frame, first, last))
    return JsonAnswer({"candles": [_candle(row) for row in rows[::-1].tolist()]})


def _candle(row: list[float]) -> dict[str, str | None]:
    words = ("open", "high", "low", "close", "volume")
    return {"start": str(int(row[0])), **{word: bars.text(value) for word, value in zip(words, row[1:], strict=True)}}


def products(venue: Venue, query: Query) -> JsonAnswer:
    """Every market; of futures there are none."""
    wanted = [] if query.get("product_type", "SPOT") != "SPOT" else venue.listed()
    made = [_product(venue, name, market) for name, market in wanted]
    return JsonAnswer({"products": made, "num_products": len(made)})


def product(venue: Venue, query: Query) -> JsonAnswer:
    """One market."""
    return JsonAnswer(_product(venue, query["product_id"], venue.market(query["product_id"])))


def _product(venue: Venue, name: str, market: SimulatedMarket) -> dict[str, Any]:
    listing, day = market.listing, venue.day(market)
    tick = venue.tick(listing, bars.text(round(10.0**-listing.price_decimals, 10)))
    return {
        "product_id": name,
        "price": bars.text(day.last),
        "price_percentage_change_24h": f"{(day.last / day.open - 1) * 100:.8f}",
        "volume_24h": bars.text(day.volume),
        "volume_percentage_change_24h": "0",
        "base_increment": bars.text(round(10.0**-listing.amount_decimals, 10)),
        "quote_increment": tick,
        "quote_min_size": listing.min_cost,
        "quote_max_size": "150000000",
        "base_min_size": listing.min_amount,
        "base_max_size": "3400",
        "base_name": listing.base,
        "quote_name": FIAT.get(listing.quote, listing.quote),
        "watched": False,
        "is_disabled": False,
        "new": False,
        "status": "online",
        "cancel_only": False,
        "limit_only": False,
        "post_only": False,
        "trading_disabled": listing.symbol in venue.halted,
        "auction_mode": False,
        "product_type": "SPOT",
        "quote_currency_id": listing.quote,
        "base_currency_id": listing.base,
        "fcm_trading_session_details": None,
        "mid_market_price": "",
        "alias": "",
        "alias_to": [],
        "base_display_symbol": listing.base,
        "quote_display_symbol": listing.quote,
        "view_only": False,
        "price_increment": tick,
        "display_name": name,
        "product_venue": "CBE",
        "approximate_quote_24h_volume": bars.text(round(day.turnover, 2)),
    }


def ticker(venue: Venue, query: Query) -> JsonAnswer:
    """The last trade, and the best bid and ask."""
    name, market = query["product_id"], venue.market(query["product_id"])
    last, decimals = venue.day(market).last, market.listing.price_decimals
    tick = 10.0**-decimals
    trade = {
        "trade_id": str(venue.now),
        "product_id": name,
        "price": bars.text(last),
        "size": market.listing.min_amount,
        "time": _iso(venue) + f".{venue.now_ms % 1000:03d}000Z",
        "side": "BUY",
        "bid": "",
        "ask": "",
        "exchange": "coinbase",
    }
    bid, ask = (bars.text(round(last + step, decimals)) for step in (-tick, tick))
    return JsonAnswer({"trades": [trade], "best_bid": bid, "best_ask": ask})


def brokerage_time(venue: Venue, _query: Query) -> JsonAnswer:
    """The exchange's clock."""
    return JsonAnswer({"iso": _iso(venue) + "Z", "epochSeconds": str(venue.now), "epochMillis": str(venue.now_ms)})


def old_time(venue: Venue, _query: Query) -> JsonAnswer:
    """The exchange's clock as the second version of the interface tells it: what ccxt's fetch_time asks."""
    return JsonAnswer({"data": {"iso": _iso(venue) + "Z", "epoch": venue.now}})


def _iso(venue: Venue) -> str:
    return f"{datetime.fromtimestamp(venue.now, UTC):%Y-%m-%dT%H:%M:%S}"


def _codes(venue: Venue) -> list[str]:
    return sorted({code for _, market in venue.listed() for code in (market.listing.base, market.listing.quote)})


def currencies(venue: Venue, _query: Query) -> JsonAnswer:
    """The fiat currencies."""
    fiat = [code for code in _codes(venue) if code in FIAT]
    return JsonAnswer({"data": [{"id": code, "name": FIAT[code], "min_size": "0.01"} for code in fiat]})


def coins(venue: Venue, _query: Query) -> JsonAnswer:
    """The others."""
    made = [
        {"asset_id": code.lower(), "code": code, "name": code, "color": "#000000", "exponent": 8, "type": "crypto"}
        for code in _codes(venue)
        if code not in FIAT
    ]
    return JsonAnswer({"data": made})


def exchange_rates(venue: Venue, _query: Query) -> JsonAnswer:
    """How many of each market's coins a dollar buys."""
    rates = {
        market.listing.base: bars.text(round(1 / venue.day(market).last, 12))
        for _, market in venue.listed()
        if market.listing.quote == "USD"
    }
    return JsonAnswer({"data": {"currency": "USD", "rates": {"USD": "1", **rates}}})


MARKET = "/api/v3/brokerage/market/products"
ROUTES = (
    (rf"{MARKET}/(?P<product_id>[^/]+)/candles", candles),
    (rf"{MARKET}/(?P<product_id>[^/]+)/ticker", ticker),
    (rf"{MARKET}/(?P<product_id>[^/]+)", product),
    (MARKET, products),
    ("/api/v3/brokerage/time", brokerage_time),
    ("/v2/time", old_time),
    ("/v2/currencies", currencies),
    ("/v2/currencies/crypto", coins),
    ("/v2/exchange-rates", exchange_rates),
)
DIALECT = Dialect(
    name="coinbase",
    routes=tuple((re.compile(pattern), endpoint) for pattern, endpoint in ROUTES),
    names=names,
    frames=FRAMES,
    market_key="product_id",
    frame_key="granularity",
    refuse=refuse,
    omits_empty=True,
)
