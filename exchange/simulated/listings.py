"""The markets of the simulated exchanges: their steps, minima, and how their prices walk."""

from dataclasses import dataclass, field

LISTED = 1_483_228_800  # 2017-01-01: nothing older is served unless the market says so


@dataclass(frozen=True, slots=True, kw_only=True)
class WalkParameters:
    """How the price of a market walks.

    `price` in quote currency is what it swings around, `volatility` the standard deviation of a day's return,
    `turnover` what is traded in a usual minute (quote currency), `quiet` the share of minutes in which nobody trades,
    `premium` what this exchange pays above the others, a fraction. Within a day prices drift for `trend_minutes` at a
    time on average, by `trend` (standard deviation, in units of a minute's volatility) a minute. What holds for a coin
    must be the same on all exchanges.
    """

    price: float = 100.0
    volatility: float = 0.03
    turnover: float = 50_000.0
    quiet: float = 0.0
    premium: float = 0.0
    trend: float = 0.15
    trend_minutes: float = 45.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Listing:
    """One market of one simulated exchange. Decimals give the price tick and the amount step; minima as texts."""

    exchange: str
    symbol: str
    price_decimals: int = 2
    amount_decimals: int = 8
    min_amount: str = "0.0001"
    min_cost: str = "1"
    listed: int = LISTED
    walk: WalkParameters = field(default_factory=WalkParameters)

    @property
    def base(self) -> str:
        """What is traded."""
        return self.symbol.split("/")[0]

    @property
    def quote(self) -> str:
        """What it is paid in."""
        return self.symbol.split("/")[1]


def _binance(symbol: str, price_decimals: int, amount_decimals: int, walk: WalkParameters) -> Listing:
    """Binance's minimum amount is its step."""
    step = f"{10**-amount_decimals:.{amount_decimals}f}"
    return Listing(
        exchange="binance",
        symbol=symbol,
        price_decimals=price_decimals,
        amount_decimals=amount_decimals,
        min_amount=step,
        min_cost="5",
        walk=walk,
    )


def _kraken(symbol: str, price_decimals: int, min_amount: str, walk: WalkParameters) -> Listing:
    return Listing(
        exchange="kraken",
        symbol=symbol,
        price_decimals=price_decimals,
        min_amount=min_amount,
        min_cost="0.5",
        walk=walk,
    )


def _coinbase(symbol: str, walk: WalkParameters) -> Listing:
    return Listing(exchange="coinbase", symbol=symbol, min_amount="0.00000001", min_cost="1", walk=walk)


# Markets that trend, for two hours on average; the prices of the others wander.
BTC = {"price": 60_000.0, "volatility": 0.02, "trend": 0.25, "trend_minutes": 120.0}
ETH = {"price": 3_000.0, "volatility": 0.025, "trend": 0.25, "trend_minutes": 120.0}

LISTINGS = (
    _binance("BTC/USDT", 2, 5, WalkParameters(**BTC, turnover=900_000)),
    _binance("ETH/USDT", 2, 4, WalkParameters(**ETH, turnover=500_000)),
    _binance("SOL/USDT", 2, 3, WalkParameters(price=150, volatility=0.05, turnover=200_000)),
    _binance("BNB/USDT", 2, 3, WalkParameters(price=600, volatility=0.035, turnover=90_000, quiet=0.002)),
    _binance("XRP/USDT", 4, 1, WalkParameters(price=0.6, volatility=0.045, turnover=120_000, quiet=0.002)),
    _kraken("BTC/USD", 1, "0.00005", WalkParameters(**BTC, turnover=90_000, quiet=0.01, premium=-0.0001)),
    _kraken("ETH/USD", 2, "0.001", WalkParameters(**ETH, turnover=40_000, quiet=0.03, premium=-0.0001)),
    _kraken(
        "SOL/USD", 2, "0.02", WalkParameters(price=150, volatility=0.05, turnover=15_000, quiet=0.08, premium=0.0001)
    ),
    _coinbase("BTC/USD", WalkParameters(**BTC, turnover=250_000, quiet=0.005, premium=0.0002)),
    _coinbase("ETH/USD", WalkParameters(**ETH, turnover=120_000, quiet=0.03, premium=0.0002)),
)
