"""Kraken's public REST interface: https://docs.kraken.com/api-reference

Always the newest 720 candles at most, whatever `since` says, the unfinished one last; bars without trades are printed
with zero volume. Errors come with status 200. Bitcoin is XBT, and old currencies carry an X or a Z.
"""

import re
from datetime import UTC, datetime
from typing import Any

from domain.fees import KNOWN
from exchange.simulated import bars
from exchange.simulated.dialect import Dialect, JsonAnswer, Query, frame_of, whole
from exchange.simulated.listings import Listing
from exchange.simulated.venue import Refusal, SimulatedMarket, Venue, trades

NEWEST = 720
TIMEFRAMES = ("1m", "5m", "15m", "30m", "1h", "4h", "1d", "1w", "15d")
FRAMES = {str(frame.seconds // 60): frame for frame in (bars.frame(name, mondays=False) for name in TIMEFRAMES)}
ALTERNATIVE = {"BTC": "XBT", "DOGE": "XDG"}
OLD = {"XBT": "XXBT", "ETH": "XETH", "XRP": "XXRP", "LTC": "XLTC", "XDG": "XXDG", "XLM": "XXLM", "ETC": "XETC"}
FIAT = {"USD": "ZUSD", "EUR": "ZEUR", "GBP": "ZGBP", "CAD": "ZCAD", "JPY": "ZJPY", "AUD": "ZAUD"}
UNPAIRED = ("XDG",)  # old, but its pairs never took the prefix
ERRORS = {
    "market": "EQuery:Unknown asset pair",
    "interval": "EGeneral:Invalid arguments",
    "argument": "EGeneral:Invalid arguments",
    "busy": "EAPI:Rate limit exceeded",
    "path": "EGeneral:Unknown method",
}


def refuse(refusal: Refusal) -> JsonAnswer:
    """``{"error": ["EQuery:Unknown asset pair"]}``."""
    return JsonAnswer({"error": [ERRORS[refusal.kind]]})


def result(value: Any) -> JsonAnswer:
    """What was asked for, in Kraken's envelope."""
    return JsonAnswer({"error": [], "result": value})


def currency(code: str) -> tuple[str, str]:
    """Kraken's identity and alternative name: ``currency("BTC") == ("XXBT", "XBT")``."""
    alternative = ALTERNATIVE.get(code, code)
    return OLD.get(alternative, FIAT.get(alternative, alternative)), alternative


def names(listing: Listing) -> tuple[str, ...]:
    """XXBTZUSD, XBTUSD, XBT/USD."""
    (base, short_base), (quote, short_quote) = currency(listing.base), currency(listing.quote)
    alternative = short_base + short_quote
    paired = base != short_base and quote != short_quote and short_base not in UNPAIRED
    return (base + quote if paired else alternative, alternative, f"{short_base}/{short_quote}")


def candles(venue: Venue, query: Query) -> JsonAnswer:
    """Rows of eight after `since`, but never more than the newest 720."""
    name = query.get("pair", "")
    market = venue.market(name)
    frame = frame_of(FRAMES, query.get("interval", "1"))
    since = whole(query, "since", -1)
    rows = venue.newest(market, frame, venue.now, NEWEST)
    rows = rows[(rows[:, 0] > since) | (rows[:, 0] + frame.seconds > venue.now)]
    made = [_row(row, market.listing.price_decimals) for row in venue.answer(market, frame, rows).tolist()]
    committed = frame.floor(venue.now) - frame.seconds
    return result({names(market.listing)[0]: made, "last": committed})


def _row(row: list[float], decimals: int) -> list[Any]:
    opened, open_, high, low, close, volume = row
    average = round((high + low + close) / 3, decimals) if volume else 0.0
    prices = [bars.text(price, decimals) for price in (open_, high, low, close, average)]
    return [int(opened), *prices, bars.text(volume, 8), trades(close, volume)]


def asset_pairs(venue: Venue, query: Query) -> JsonAnswer:
    """Every market."""
    return result({name: _pair(venue, market.listing) for name, market in _wanted(venue, query)})


def _pair(venue: Venue, listing: Listing) -> dict[str, Any]:
    (base, _), (quote, _) = currency(listing.base), currency(listing.quote)
    _, alternative, slashed = names(listing)
    return {
        "altname": alternative,
        "wsname": slashed,
        "aclass_base": "currency",
        "base": base,
        "aclass_quote": "currency",
        "quote": quote,
        "lot": "unit",
        "cost_decimals": 5,
        "pair_decimals": listing.price_decimals,
        "lot_decimals": listing.amount_decimals,
        "lot_multiplier": 1,
        "leverage_buy": [],
        "leverage_sell": [],
        "fees": [[0, float(100 * KNOWN["kraken"].taker)], [50000, 0.24]],
        "fees_maker": [[0, float(100 * KNOWN["kraken"].maker)], [50000, 0.14]],
        "fee_volume_currency": "ZUSD",
        "margin_call": 80,
        "margin_stop": 40,
        "ordermin": listing.min_amount,
        "costmin": listing.min_cost,
        "tick_size": venue.tick(listing, bars.text(round(10.0**-listing.price_decimals, 10))),
        "status": "cancel_only" if listing.symbol in venue.halted else "online",
    }


def assets(venue: Venue, _query: Query) -> JsonAnswer:
    """Every currency of every market."""
    codes = sorted({code for _, market in venue.listed() for code in (market.listing.base, market.listing.quote)})
    return result({currency(code)[0]: _asset(code) for code in codes})


def _asset(code: str) -> dict[str, Any]:
    fiat = code in FIAT
    decimals, shown = (4, 2) if fiat else (10, 5)
    return {
        "aclass": "currency",
        "altname": currency(code)[1],
        "decimals": decimals,
        "display_decimals": shown,
        "status": "enabled",
    }


def _wanted(venue: Venue, query: Query) -> list[tuple[str, SimulatedMarket]]:
    """The markets of `pair`, separated by commas, or all."""
    if "pair" not in query:
        return list(venue.listed())
    found = [venue.market(name) for name in query["pair"].split(",")]
    return [(names(market.listing)[0], market) for market in found]


def ticker(venue: Venue, query: Query) -> JsonAnswer:
    """Ask, bid, close, volume, average, trades, low, high, open: of today and of the last 24 hours."""
    return result({name: _ticker(venue, market) for name, market in _wanted(venue, query)})


def _ticker(venue: Venue, market: SimulatedMarket) -> dict[str, Any]:
    day, decimals = venue.day(market), market.listing.price_decimals
    tick = 10.0**-decimals

    def price(value: float) -> str | None:
        return bars.text(round(value, decimals), decimals)

    average = price(day.turnover / day.volume if day.volume else day.last)
    return {
        "a": [price(day.last + tick), "1", "1.000"],
        "b": [price(day.last - tick), "1", "1.000"],
        "c": [price(day.last), market.listing.min_amount],
        "v": [bars.text(day.volume, 8)] * 2,
        "p": [average] * 2,
        "t": [day.trades] * 2,
        "l": [price(day.low)] * 2,
        "h": [price(day.high)] * 2,
        "o": price(day.open),
    }


def server_time(venue: Venue, _query: Query) -> JsonAnswer:
    """The exchange's clock in whole seconds."""
    moment = datetime.fromtimestamp(venue.now, UTC)
    return result({"unixtime": venue.now, "rfc1123": f"{moment:%a, %d %b %y %H:%M:%S +0000}"})


def status(venue: Venue, _query: Query) -> JsonAnswer:
    """Online."""
    return result({"status": "online", "timestamp": f"{datetime.fromtimestamp(venue.now, UTC):%Y-%m-%dT%H:%M:%SZ}"})


ROUTES = (
    ("OHLC", candles),
    ("AssetPairs", asset_pairs),
    ("Assets", assets),
    ("Ticker", ticker),
    ("Time", server_time),
    ("SystemStatus", status),
)
DIALECT = Dialect(
    name="kraken",
    routes=tuple((re.compile(f"/0/public/{name}"), endpoint) for name, endpoint in ROUTES),
    names=names,
    frames=FRAMES,
    market_key="pair",
    frame_key="interval",
    refuse=refuse,
)
