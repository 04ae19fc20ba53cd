"""How many new bars the request budget of each exchange brings in time for an entry, and how many are wanted."""

from collections.abc import Iterator, Mapping
from typing import NamedTuple

from backfiller import plan
from backfiller.plan import Wanted
from backfiller.schedule import SPREAD
from config.complaints import Complaint
from config.files import FLEET
from config.settings import ExchangeSettings, Settings
from domain.candles import Series
from domain.decide import stale_after
from domain.timeframes import seconds
from exchange.capabilities import capabilities


class RequestLoad(NamedTuple):
    """What one exchange is asked for at the close of a bar of this length, with all that is shorter, which goes first.

    `rate`: requests per second; each brings the newest bars of one series. `in_time`: of how many series before an
    entry would be stale (TRADING.md section 4). `late`: those beyond, in the order in which they are asked for.
    """

    exchange: str
    timeframe: str
    rate: float
    in_time: int
    configured: int
    late: tuple[Series, ...]


def loads(settings: Settings, offered: Mapping[str, frozenset[str]]) -> Iterator[RequestLoad]:
    """One of each exchange and length of bars. `offered`: the timeframes of an exchange, where it was asked."""
    for name, exchange in sorted(settings.exchanges.items()):
        asked = [each.series for each in _wanted(name, settings, offered).values() if each.source is None]
        yield from _of(exchange, sorted(asked, key=lambda series: (series.seconds, series)))


def _of(exchange: ExchangeSettings, asked: list[Series]) -> Iterator[RequestLoad]:
    """Those of one exchange, whose series are in the order in which they are asked for."""
    rate = exchange.rate or capabilities(exchange.name).requests_per_second
    for length in dict.fromkeys(series.seconds for series in asked):
        before = [series for series in asked if series.seconds <= length]
        in_time = max(0, int(rate * (stale_after(length) - exchange.settle - SPREAD)))
        late = tuple(series for series in before[in_time:] if series.seconds == length)
        yield RequestLoad(exchange.name, before[-1].timeframe, rate, in_time, len(before), late)


def stale(load: RequestLoad, settings: Settings, offered: Mapping[str, frozenset[str]]) -> list[str]:
    """The strategies whose entries would come too late at every bar, or at every one at which longer bars close too."""
    late, found = set(load.late), _wanted(load.exchange, settings, offered)
    return [
        each.strategy_id
        for each in settings.strategies
        if each.enabled and each.series in found and (found[each.series].source or each.series) in late
    ]


def _wanted(name: str, settings: Settings, offered: Mapping[str, frozenset[str]]) -> Mapping[Series, Wanted]:
    """The series of an exchange, each with the finer one that it is made from, where the exchange lacks its own."""
    kept = [each for each in settings.series if each.series.exchange == name]
    return plan.wanted(kept, offered.get(name) or frozenset(each.series.timeframe for each in kept))


def row(load: RequestLoad) -> dict[str, object]:
    """As columns; `seconds` after a close an entry is stale."""
    least = stale_after(seconds(load.timeframe))
    return {**load._asdict(), "late": len(load.late), "seconds": least}


def warning(load: RequestLoad, settings: Settings) -> Complaint:
    """That some come too late at every bar."""
    why = (
        f"{len(load.late):,} of {load.configured:,} series come too late at every bar of {load.timeframe}: entries on "
        f"them are stale; {load.in_time:,} are in time. Trade longer bars, fewer symbols, or raise the rate as far as "
        f"{load.exchange} allows"
    )
    return Complaint(str(settings.directory / FLEET), 0, f"exchanges.{load.exchange}.rate", f"{load.rate:g}", why)
