"""Binance's public spot REST interface: https://developers.binance.com/docs/binance-spot-api-docs/rest-api

Candles oldest first, at most 1,000 (500 unless asked), the unfinished one last; bars without trades are printed with
zero volume. Numbers are texts. The futures' lists exist and are empty: ccxt asks for them too.
"""

import re
from typing import Any

from domain.timeframes import DAY
from exchange.simulated import bars
from exchange.simulated.dialect import Dialect, JsonAnswer, Query, frame_of, whole
from exchange.simulated.listings import Listing
from exchange.simulated.venue import Refusal, SimulatedMarket, Venue, trades

PAGE, USUAL_PAGE = 1000, 500
FOREVER = 10**15
INTERVALS = ("1m", "3m", "5m", "15m", "30m", "1h", "2h", "4h", "6h", "8h", "12h", "1d", "3d", "1w")
FRAMES = {name: bars.frame(name) for name in INTERVALS}
WEIGHTS = {"/api/v3/exchangeInfo": 20, "/api/v3/klines": 2, "/api/v3/ticker/24hr": 2, "/api/v3/ticker/price": 2}
ERRORS = {
    "market": (400, -1121, "Invalid symbol."),
    "interval": (400, -1120, "Invalid interval."),
    "argument": (400, -1100, "Illegal characters found in parameter '{}'."),
    "busy": (429, -1003, "Too much request weight used; current limit is 6000 request weight per 1 MINUTE."),
    "path": (404, -1000, "Not found: {}"),
}


def text8(value: float) -> str | None:
    """Binance writes eight decimals."""
    return bars.text(value, 8)


def refuse(refusal: Refusal) -> JsonAnswer:
    """``{"code": -1121, "msg": "Invalid symbol."}``."""
    status, code, message = ERRORS[refusal.kind]
    return JsonAnswer({"code": code, "msg": message.format(refusal.what)}, status)


def names(listing: Listing) -> tuple[str, ...]:
    """BTCUSDT."""
    return (listing.base + listing.quote,)


def headers(path: str, used: int) -> dict[str, str]:
    """The weight of the requests of this minute, were all of them like this one."""
    weight = str(used * WEIGHTS.get(path, 1))
    return {"X-MBX-USED-WEIGHT": weight, "X-MBX-USED-WEIGHT-1M": weight}


def klines(venue: Venue, query: Query) -> JsonAnswer:
    """Rows of twelve; from `startTime` on, else the newest that opened up to `endTime`."""
    market = venue.market(query.get("symbol", ""))
    frame = frame_of(FRAMES, query.get("interval", ""))
    limit = min(whole(query, "limit", USUAL_PAGE), PAGE)
    since, until = whole(query, "startTime", -1), whole(query, "endTime", FOREVER) // 1000
    if since >= 0:
        rows = venue.oldest(market, frame, frame.ceil(-(-since // 1000)), until, limit)
    else:
        rows = venue.newest(market, frame, until, limit)
    return JsonAnswer([_kline(row, frame.seconds) for row in venue.answer(market, frame, rows).tolist()])


def _kline(row: list[float], seconds: int) -> list[Any]:
    opened, *prices, close, volume = row
    turnover = round(volume * close, 8)
    texts = [text8(value) for value in (*prices, close, volume)]
    half = [text8(round(part / 2, 8)) for part in (volume, turnover)]
    opened_ms = int(opened) * 1000
    return [opened_ms, *texts, opened_ms + seconds * 1000 - 1, text8(turnover), trades(close, volume), *half, "0"]


def exchange_info(venue: Venue, query: Query) -> JsonAnswer:
    """Every market with its filters."""
    wanted = _wanted(venue, query)
    limits = [{"rateLimitType": "REQUEST_WEIGHT", "interval": "MINUTE", "intervalNum": 1, "limit": 6000}]
    symbols = [_symbol(venue, name, market.listing) for name, market in wanted]
    body = {"timezone": "UTC", "serverTime": venue.now_ms, "rateLimits": limits, "exchangeFilters": []}
    return JsonAnswer({**body, "symbols": symbols})


def _symbol(venue: Venue, name: str, listing: Listing) -> dict[str, Any]:
    step = text8(round(10.0**-listing.amount_decimals, 8))
    tick = venue.tick(listing, text8(round(10.0**-listing.price_decimals, 8)))
    least, most = text8(float(listing.min_amount)), "9000.00000000"
    filters = [
        {"filterType": "PRICE_FILTER", "minPrice": tick, "maxPrice": "1000000.00000000", "tickSize": tick},
        {"filterType": "LOT_SIZE", "minQty": least, "maxQty": most, "stepSize": step},
        {"filterType": "ICEBERG_PARTS", "limit": 10},
        {"filterType": "MARKET_LOT_SIZE", "minQty": "0.00000000", "maxQty": most, "stepSize": "0.00000000"},
        {
            "filterType": "NOTIONAL",
            "minNotional": text8(float(listing.min_cost)),
            "applyMinToMarket": True,
            "maxNotional": "9000000.00000000",
            "applyMaxToMarket": False,
            "avgPriceMins": 5,
        },
        {"filterType": "MAX_NUM_ORDERS", "maxNumOrders": 200},
    ]
    return {
        "symbol": name,
        "status": "BREAK" if listing.symbol in venue.halted else "TRADING",
        "baseAsset": None if venue.odd.get(listing.symbol) == "nameless" else listing.base,
        "baseAssetPrecision": 8,
        "quoteAsset": listing.quote,
        "quotePrecision": 8,
        "quoteAssetPrecision": 8,
        "baseCommissionPrecision": 8,
        "quoteCommissionPrecision": 8,
        "orderTypes": ["LIMIT", "LIMIT_MAKER", "MARKET", "STOP_LOSS_LIMIT", "TAKE_PROFIT_LIMIT"],
        "icebergAllowed": True,
        "ocoAllowed": True,
        "quoteOrderQtyMarketAllowed": True,
        "isSpotTradingAllowed": True,
        "isMarginTradingAllowed": False,
        "filters": filters,
        "permissions": [],
        "permissionSets": [["SPOT"]],
    }


def _wanted(venue: Venue, query: Query) -> list[tuple[str, SimulatedMarket]]:
    """The market of `symbol`, or all."""
    if "symbol" in query:
        return [(query["symbol"], venue.market(query["symbol"]))]
    return list(venue.listed())


def _each(query: Query, made: list[dict[str, Any]]) -> JsonAnswer:
    """One object for one symbol, a list for all."""
    return JsonAnswer(made[0] if "symbol" in query else made)


def ticker_24hr(venue: Venue, query: Query) -> JsonAnswer:
    """The last 24 hours."""
    return _each(query, [_day(venue, name, market) for name, market in _wanted(venue, query)])


def _day(venue: Venue, name: str, market: SimulatedMarket) -> dict[str, Any]:
    day = venue.day(market)
    tick = 10.0**-market.listing.price_decimals
    change = day.last - day.open
    return {
        "symbol": name,
        "priceChange": text8(round(change, 8)),
        "priceChangePercent": f"{change / day.open * 100:.3f}",
        "weightedAvgPrice": text8(round(day.turnover / day.volume if day.volume else day.last, 8)),
        "prevClosePrice": text8(day.open),
        "lastPrice": text8(day.last),
        "lastQty": text8(float(market.listing.min_amount)),
        "bidPrice": text8(round(day.last - tick, 8)),
        "bidQty": "1.00000000",
        "askPrice": text8(round(day.last + tick, 8)),
        "askQty": "1.00000000",
        "openPrice": text8(day.open),
        "highPrice": text8(day.high),
        "lowPrice": text8(day.low),
        "volume": text8(day.volume),
        "quoteVolume": text8(day.turnover),
        "openTime": venue.now_ms - DAY * 1000,
        "closeTime": venue.now_ms,
        "firstId": 1,
        "lastId": day.trades,
        "count": day.trades,
    }


def ticker_price(venue: Venue, query: Query) -> JsonAnswer:
    """The price of the last trade."""
    prices = [(name, venue.day(market).last) for name, market in _wanted(venue, query)]
    return _each(query, [{"symbol": name, "price": text8(price)} for name, price in prices])


def server_time(venue: Venue, _query: Query) -> JsonAnswer:
    """The exchange's clock."""
    return JsonAnswer({"serverTime": venue.now_ms})


def empty_info(venue: Venue, _query: Query) -> JsonAnswer:
    """The futures exchanges list nothing here."""
    return JsonAnswer({"timezone": "UTC", "serverTime": venue.now_ms, "rateLimits": [], "symbols": []})


def ping(_venue: Venue, _query: Query) -> JsonAnswer:
    """Alive."""
    return JsonAnswer({})


ROUTES = (
    (r"/api/v3/klines", klines),
    (r"/api/v3/exchangeInfo", exchange_info),
    (r"/api/v3/ticker/24hr", ticker_24hr),
    (r"/api/v3/ticker/price", ticker_price),
    (r"/api/v3/time", server_time),
    (r"/api/v3/ping", ping),
    (r"/[fd]api/v1/exchangeInfo", empty_info),
)
DIALECT = Dialect(
    name="binance",
    routes=tuple((re.compile(pattern), endpoint) for pattern, endpoint in ROUTES),
    names=names,
    frames=FRAMES,
    market_key="symbol",
    frame_key="interval",
    refuse=refuse,
    headers=headers,
)
