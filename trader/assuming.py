"""Markets for a replay of candles that were imported: what no exchange has described is taken from the candles."""

from collections.abc import Callable, Iterable

from config.settings import Settings
from db.database import Database
from db.market_data import candles, markets
from domain import fees
from domain.assumed import Assumed, assumed
from domain.candles import Candle, Series
from domain.fees import Fees
from domain.market import words

BARS = 10_000  # the newest of each series, whose digits are looked at

Published = Callable[[str], Fees | None]  # the rules of an exchange, by its name


def nothing(_exchange: str) -> Fees | None:
    """Nobody knows the rules of an exchange beyond the table in `domain.fees`."""
    return None


def assume(db: Database, settings: Settings, wanted: Iterable[Series], last: int, published: Published) -> None:
    """Write down a market for each of these series that has none, from its candles that open until `last`."""
    found: dict[tuple[str, str], list[Series]] = {}
    for series in sorted(wanted):
        found.setdefault((series.exchange, series.symbol), []).append(series)
    for (exchange, symbol), alike in found.items():
        if markets.load(db, exchange, symbol) is None:
            newest = [candle for series in alike for candle in candles.newest(db, series, BARS, last)]
            made = imagined(settings, alike[0], newest, published)
            markets.assume(db, made.market, made.words)


def imagined(
    settings: Settings, series: Series, newest: list[Candle] | None = None, published: Published = nothing
) -> Assumed:
    """The market of a series by its newest candles, with the fees of the configuration, else the published ones."""
    costs, usual, origin = settings.exchanges[series.exchange], *_usual(series.exchange, published)
    taker = usual.taker if costs.taker is None else costs.taker
    maker = usual.maker if costs.maker is None else costs.maker
    if (taker, maker) != (usual.taker, usual.maker):
        origin = f"by the configuration, taken where {series.exchange} takes them"
    return assumed(series, newest or [], Fees(taker, maker, usual.in_base), costs.min_cost, origin)


def described(db: Database, wanted: Iterable[Series]) -> list[str]:
    """Of each market of these series, in words: its steps and fees, and where they come from."""
    known = markets.assumptions(db)
    found = {(each.exchange, each.symbol): markets.load(db, each.exchange, each.symbol) for each in sorted(wanted)}
    return [
        known.get(f"{market.exchange} {market.symbol}") or f"{words(market)}; as the exchange has described it"
        for market in found.values()
        if market is not None
    ]


def _usual(exchange: str, published: Published) -> tuple[Fees, str]:
    """What an exchange charges without better knowledge, and whose word that is."""
    if exchange in fees.KNOWN:
        return fees.KNOWN[exchange], f"as {exchange} publishes them"
    rates = published(exchange)
    origin = (
        f"as ccxt knows them of {exchange}" if rates else f"as they are common, for those of {exchange} are unknown"
    )
    return fees.usual(exchange, rates), origin
