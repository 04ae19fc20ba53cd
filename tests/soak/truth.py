"""What the exchange really says, asked over plain HTTP once everything is over."""

import json
import urllib.request
from collections.abc import Iterator
from typing import Any

from tests.soak.facts import Bar, seconds

COINBASE = {"1m": "ONE_MINUTE", "5m": "FIVE_MINUTE"}
PAGE = 300


def truth(url: str, series: str, first: int, last: int) -> dict[int, Bar]:
    """The bars of a series that open from `first` to `last`."""
    exchange, symbol, timeframe = series.split()
    pages = _binance if exchange == "binance" else _coinbase
    length = seconds(timeframe)
    found: dict[int, Bar] = {}
    for start in range(first, last + 1, PAGE * length):
        found |= dict(pages(url, symbol, timeframe, start, min(start + (PAGE - 1) * length, last)))
    return found


def _binance(url: str, symbol: str, timeframe: str, first: int, last: int) -> Iterator[tuple[int, Bar]]:
    query = f"symbol={symbol.replace('/', '')}&interval={timeframe}&startTime={first * 1000}&endTime={last * 1000}"
    for row in _asked(f"{url}/binance/api/v3/klines?{query}&limit={PAGE}"):
        yield row[0] // 1000, tuple(map(float, row[1:6]))  # type: ignore[misc]


def _coinbase(url: str, symbol: str, timeframe: str, first: int, last: int) -> Iterator[tuple[int, Bar]]:
    product = symbol.replace("/", "-")
    query = f"start={first}&end={last}&granularity={COINBASE[timeframe]}"
    answer = _asked(f"{url}/coinbase/api/v3/brokerage/market/products/{product}/candles?{query}")
    for row in answer["candles"]:
        names = ("open", "high", "low", "close", "volume")
        yield int(row["start"]), tuple(float(row[name]) for name in names)  # type: ignore[misc]


def _asked(address: str) -> Any:
    with urllib.request.urlopen(address, timeout=30) as answer:
        return json.load(answer)
