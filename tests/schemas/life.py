"""What happens to the fleet of a population: every kind of row that an upgrade has to keep, in as few as possible."""

import math
from collections.abc import Iterable
from pathlib import Path

from domain.candles import Candle
from tests.kit.series import at
from tests.schemas.fleet import BITCOIN, ETHER, Fleet

FIRST, LAST = 30, 52  # the hourly bars that are decided
FIRST_LONG = -1  # of the bars of four hours the first that is decided, days before
HEAD = """\
strategy_id: {name}
exchange: {exchange}
symbol: {symbol}
timeframe: {timeframe}
capital: {capital}
warmup: {warmup}
{rest}
"""
ON_BITCOIN = ("binance", "BTC/USDT", "1h")
ON_FOUR_HOURS = ("binance", "BTC/USDT", "4h")
ON_ETHER = ("kraken", "ETH/USD", "1h")
CROSSING = """\
strategy: rules
params: { entry: close > 100, exit: close < sma(4) }
stake: { fraction: 0.5 }"""
TRAILING = """\
strategy: rules
params: { entry: close > sma(5), exit: close < 90 }
exits: { trailing: 0.015, target: 0.05, check: intrabar }
stake: { fixed: 300 }"""
AVERAGES = """\
strategy: macd
params: { fast: 4, slow: 9, signal: 3 }
stake: { fraction: 0.6 }"""
RENAMED = """\
strategy: rules
params: { entry: close > 90, exit: close < 97 }
exits: { trailing: 0.2 }"""
RISKING = """\
strategy: rules
params: { entry: close > 97, exit: close < 80 }
exits: { stop: 2 atr(3), max_bars: 2 }
stake: { risk: 0.02 }"""
POOR = """\
strategy: rules
params: { entry: close > 100, exit: close < 1 }
exits: { stop: 4 atr(3) }
stake: { risk: 0.0001 }"""  # less than the exchange takes
STRATEGIES = {
    "crossing": (ON_BITCOIN, CROSSING),
    "trailing": (ON_BITCOIN, TRAILING),
    "averages": (ON_ETHER, AVERAGES),
    "renamed": (ON_FOUR_HOURS, RENAMED),
    "risking": (ON_FOUR_HOURS, RISKING),
    "poor": (ON_FOUR_HOURS, POOR),
}
CAPITAL = dict.fromkeys(STRATEGIES, 1000) | {"renamed": 250}
PHASE = 4.0  # of the price of ether
HOLES = {at(34), at(35), at(40)}  # of bars in ether
BEFORE = "first-id"  # of the strategy that is renamed


def file(name: str, capital: float | None = None, of: str | None = None) -> str:
    """The file of a strategy; of another name or capital where these are given."""
    (exchange, symbol, timeframe), rest = STRATEGIES[of or name]
    worth = capital or CAPITAL[of or name]
    warmup = 8 if timeframe == "4h" else 12
    return HEAD.format(
        name=name, exchange=exchange, symbol=symbol, timeframe=timeframe, capital=worth, warmup=warmup, rest=rest
    )


def files(*without: str, crossing: float = 1250) -> list[str]:
    """The files at the end of the life, but for some."""
    return [file(each, crossing if each == "crossing" else None) for each in STRATEGIES if each not in without]


def price(number: int, phase: float = 0.0) -> float:
    """The close of an hourly bar."""
    return round(100 + 4 * math.sin(number / 4 + phase) + 1.5 * math.sin(number * 1.3), 2)


def hourly(numbers: Iterable[int], phase: float = 0.0) -> list[Candle]:
    """Hourly bars: each opens where the one before closed."""
    found = []
    for number in numbers:
        before, close = price(number - 1, phase), price(number, phase)
        high, low = round(max(before, close) + 0.37, 2), round(min(before, close) - 0.41, 2)
        found.append(Candle(at(number), before, high, low, close, round(3 + number % 7 + 0.125, 3)))
    return found


def opens(place: int) -> int:
    """When a bar of four hours opens: the bar 0 two hours after START."""
    return at(2 + 4 * place)


def four_hourly(first: int, last: int) -> list[Candle]:
    """Bars of four hours out of the hourly ones."""
    found = []
    for place in range(first, last + 1):
        parts = hourly(range(2 + 4 * place, 6 + 4 * place))
        high, low = max(bar.high for bar in parts), min(bar.low for bar in parts)
        volume = round(sum(bar.volume for bar in parts), 3)
        found.append(Candle(opens(place), parts[0].open, high, low, parts[-1].close, volume))
    return found


def live(folder: Path) -> Path:
    """The database after that life."""
    early = [*files("renamed", crossing=1000), file(BEFORE, of="renamed")]
    fleet = Fleet(folder, early)
    before(fleet)
    fleet.begin(early)
    fleet.walk(opens(FIRST_LONG), opens(6))
    hours(fleet, FIRST, 37)
    fleet.walk(at(FIRST), at(31))
    fleet.late(at(33))
    fleet.walk(at(34), at(37))
    fleet.sell((BEFORE, "averages"), at(37))
    fleet.release()
    fleet.rename(BEFORE, "renamed")
    fleet.reset("averages")
    fleet.begin(files())
    hours(fleet, 38, 45)
    fleet.walk(at(38), at(42))
    fleet.late(at(45))
    fleet.release()
    fleet.begin(files("renamed"))
    hours(fleet, 46, LAST)
    fleet.walk(at(46), at(LAST))
    fleet.order("risking", "exit", "sold before the weekend")
    fleet.order("averages", "pause", "a person's holiday")
    fleet.order("poor", "stop", "no longer wanted")
    fleet.odds()
    return fleet.die()


def before(fleet: Fleet) -> None:
    """Longer candles before the first hourly one, and gaps of every cause."""
    fleet.store_derived(four_hourly(FIRST_LONG - 9, 6))
    for series, first, last, cause in (
        (BITCOIN, 2, 6, "before_listing"),
        (BITCOIN, 7, 8, "not_offered"),
        (BITCOIN, 9, 17, "not_fetched"),
        (ETHER, 34, 35, "no_trades"),
        (ETHER, 40, 40, "outage"),
        (ETHER, 8, 17, "delisted"),
        (ETHER, 6, 7, "rejected"),
    ):
        fleet.mark(series, at(first), at(last), cause)


def hours(fleet: Fleet, first: int, last: int) -> None:
    """The hourly bars of these numbers, before the first of all also those to warm up, and the longer ones that end
    with them. In the last nobody traded ether.
    """
    numbers = range(first - 12 if first == FIRST else first, last + 1)
    fleet.store(BITCOIN, hourly(numbers))
    ether = [bar for bar in hourly(numbers, PHASE) if bar.timestamp not in HOLES]
    if last == LAST:
        still = price(LAST - 1, PHASE)
        ether[-1] = Candle(at(LAST), still, still, still, still, 0.0)
    fleet.store(ETHER, ether)
    fleet.store_derived(four_hourly((first - 3) // 4, (last - 5) // 4))
    if first == FIRST:
        fleet.store(BITCOIN, [bar._replace(volume=77.5) for bar in hourly([20])])
