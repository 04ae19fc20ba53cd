"""Recorded files, and markets as their exchanges described them then."""

from dataclasses import dataclass
from decimal import Decimal

from tests.witness.terms import Market

D = Decimal


@dataclass(frozen=True)
class Recording:
    """A file of candles, its series, seconds of a bar, its market, and why bars are missing in it."""

    file: str
    series: tuple[str, str, str]
    step: int
    market: Market
    cause: str
    first: int  # the open from which on cases are drawn

    @property
    def costs(self) -> str:
        """The same fees in the configuration's words, for exchanges of which it knows others."""
        taker, maker = self.market.taker, self.market.maker
        return f"exchanges: {{ {self.series[0]}: {{ costs: {{ taker: {taker}, maker: {maker} }} }} }}\n"


def coins(amount_step: str, price_tick: str, min_cost: str) -> Market:
    """A spot market of Binance, which takes a buy's fee from the coins."""
    return Market(D(amount_step), D(price_tick), D(amount_step), D(min_cost), D("0.001"), D("0.001"), coins=True)


def paid(amount_step: str, price_tick: str, minima: tuple[str, str], maker: str, taker: str) -> Market:
    """A market whose fees are paid in its quote currency."""
    return Market(D(amount_step), D(price_tick), D(minima[0]), D(minima[1]), D(maker), D(taker), coins=False)


BTC, ETH = coins("0.00001", "0.01", "5"), coins("0.0001", "0.01", "5")
KRAKEN = paid("1e-8", "0.1", ("0.0001", "0.5"), "0.0016", "0.0026")
BITTREX = paid("1e-8", "1e-8", ("3", "0.0005"), "0.0025", "0.0025")
COINBASE = paid("1e-8", "0.01", ("1e-8", "1"), "0.004", "0.006")

RECORDINGS = {
    "btc": Recording("binance__BTC-USDT__1h", ("binance", "BTC/USDT", "1h"), 3600, BTC, "outage", 1600560000),
    "btc-5m": Recording("binance__BTC-USDT__5m", ("binance", "BTC/USDT", "5m"), 300, BTC, "outage", 1709251200),
    "btc-4h": Recording("binance__BTC-USDT__4h", ("binance", "BTC/USDT", "4h"), 14400, BTC, "outage", 1600560000),
    "btc-1d": Recording("binance__BTC-USDT__1d", ("binance", "BTC/USDT", "1d"), 86400, BTC, "outage", 1600560000),
    "eth-15m": Recording("binance__ETH-USDT__15m", ("binance", "ETH/USDT", "15m"), 900, ETH, "outage", 1680307200),
    "shib": Recording(
        "binance__SHIB-USDT__1h", ("binance", "SHIB/USDT", "1h"), 3600, coins("1", "1e-8", "1"), "outage", 1621000000
    ),
    "pepe": Recording(
        "binance__PEPE-USDT__1h", ("binance", "PEPE/USDT", "1h"), 3600, coins("1", "1e-8", "1"), "outage", 1684000000
    ),
    "kraken": Recording("kraken__BTC-USD__1h", ("kraken", "BTC/USD", "1h"), 3600, KRAKEN, "no_trades", 1440000000),
    "kraken-eth": Recording("kraken__ETH-USD__1h", ("kraken", "ETH/USD", "1h"), 3600, KRAKEN, "no_trades", 1460000000),
    "coinbase": Recording(
        "coinbase__BTC-USD__1h", ("coinbase", "BTC/USD", "1h"), 3600, COINBASE, "no_trades", 1500000000
    ),
    "ada": Recording("bittrex__ADA-BTC__1m", ("bittrex", "ADA/BTC", "1m"), 60, BITTREX, "no_trades", 1515400000),
}
