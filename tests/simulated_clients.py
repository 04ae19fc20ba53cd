"""Real ccxt clients pointed at a simulated exchange, and its control plane."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from urllib.parse import urlsplit
from urllib.request import Request, urlopen

import ccxt

EXCHANGES = ("binance", "kraken", "coinbase")
SYMBOLS = {"binance": "ETH/USDT", "kraken": "ETH/USD", "coinbase": "ETH/USD"}
START = 1_735_689_600  # 2025-01-01


def _moved(urls: Any, base: str) -> Any:
    if isinstance(urls, dict):
        return {key: _moved(url, base) for key, url in urls.items()}
    return base + urlsplit(urls).path


@contextmanager
def client(url: str, name: str, timeout_ms: int = 5000) -> Iterator[Any]:
    """An unmodified ccxt class with nothing but its base URLs changed."""
    exchange = getattr(ccxt, name)({"enableRateLimit": False, "timeout": timeout_ms})
    exchange.urls["api"] = _moved(exchange.urls["api"], f"{url}/{name}")
    exchange.load_markets()
    yield exchange
    exchange.session.close()


def control(url: str, path: str, body: Any = None, method: str | None = None) -> Any:
    """The control plane's answer; a body is posted."""
    data = None if body is None else json.dumps(body).encode()
    request = Request(f"{url}/__control/{path}", data, method=method)
    with urlopen(request, timeout=5) as answer:
        return json.load(answer)
