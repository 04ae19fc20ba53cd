"""fleet.yaml: database, exchanges, series, retention, supervision."""

from collections.abc import Mapping
from dataclasses import dataclass, fields
from decimal import Decimal
from math import ceil
from pathlib import Path
from types import MappingProxyType

from config import implausible
from config.reader import Reader
from config.settings import Delisted, ExchangeSettings, Retention, SeriesSettings, Supervision
from config.values import (
    database,
    duration,
    exchange,
    flag,
    moment,
    money,
    number,
    one_of,
    path,
    several,
    size,
    symbol,
    timeframe,
    url,
    whole,
)
from domain.candles import Series
from domain.dates import Date, Origin
from domain.fees import KNOWN
from domain.timeframes import DAY, seconds

NOTHING: tuple[Path, ...] = ()
DEEPEST = 10_000_000  # candles of one series
SMALLEST: Mapping[str, str] = MappingProxyType({"binance": "5", "binanceus": "5", "kraken": "0.5", "coinbase": "1"})
# orders in quote currency


@dataclass(frozen=True, slots=True, kw_only=True)
class FleetFile:
    """What fleet.yaml says."""

    database: Path
    environment: str
    exchanges: dict[str, ExchangeSettings]
    series: tuple[SeriesSettings, ...]
    last: int
    retention: Retention
    supervision: Supervision
    plugins: tuple[Path, ...]
    any_filesystem: bool


def fleet_file(reader: Reader) -> FleetFile:
    """Read all of it; mistakes become complaints."""
    last = reader.inner("defaults")
    depth = last.take("last", whole(1, DEEPEST), 1000)
    last.done()
    found = FleetFile(
        database=reader.take("database", database, Path("data/trading.db")),
        environment=reader.take("environment", one_of(("real", "simulated")), "real"),
        exchanges=_exchanges(reader.inner("exchanges")),
        series=tuple(each for inner in reader.inners("series") for each in _series(inner, depth)),
        last=depth,
        retention=_retention(reader.inner("retention")),
        supervision=_supervision(reader.inner("supervision"), reader.inner("logs")),
        plugins=reader.take("plugins", several(path), NOTHING),
        any_filesystem=reader.take("any_filesystem", flag, default=False),
    )
    reader.done()
    return found


def exchange_defaults(name: str) -> ExchangeSettings:
    """An exchange of which the configuration says nothing."""
    fees = KNOWN.get(name)
    taker, maker = (None, None) if fees is None else (fees.taker, fees.maker)
    return ExchangeSettings(name=name, taker=taker, maker=maker, min_cost=Decimal(SMALLEST.get(name, "0")))


def _exchanges(reader: Reader) -> dict[str, ExchangeSettings]:
    found = {}
    for name in reader.names(exchange):
        inner = reader.inner(name)
        found[name] = _exchange(inner, exchange_defaults(name))
        inner.warn(implausible.costs(found[name]))
    return found


def _exchange(reader: Reader, default: ExchangeSettings) -> ExchangeSettings:
    """One exchange."""
    costs, aliases, delisted = reader.inner("costs"), reader.inner("aliases"), reader.inner("delisted")
    found = ExchangeSettings(
        name=default.name,
        rate=reader.take("rate", number(0.01, 1000), default.rate),
        base_url=reader.take("base_url", url, default.base_url),
        settle=reader.take("settle", number(0, 600), default.settle),
        timeout=reader.take("timeout", number(0.1, 300), default.timeout),
        taker=costs.take("taker", money("0", "0.5"), default.taker),
        maker=costs.take("maker", money("0", "0.5"), default.maker),
        slippage_bps=costs.take("slippage_bps", money("0", "1000"), default.slippage_bps),
        min_cost=reader.take("min_cost", money("0", "1e9"), default.min_cost),
        aliases={name: aliases.take(name, symbol, name) for name in aliases.names(symbol)},
        delisted=Delisted(
            after=delisted.take("after", duration(60, 31_536_000), default.delisted.after),
            then=delisted.take("then", one_of(("sell", "hold")), default.delisted.then),
        ),
    )
    for each in (reader, costs, aliases, delisted):
        each.done()
    return found


def _series(reader: Reader, depth: int) -> list[SeriesSettings]:
    """Every combination of an entry of `series`."""
    where = reader.take("exchange", exchange)
    symbols, frames = reader.take("symbol", several(symbol)) or (), reader.take("timeframe", several(timeframe)) or ()
    last, since = reader.take("last", whole(1, DEEPEST), depth), reader.take("since", moment, None)
    finer = reader.take("derive_from", timeframe, None)
    reader.done()
    reader.warn(each for frame in frames for each in implausible.timeframe(frame))
    return [
        SeriesSettings(series=Series(where, one, frame), derive_from=finer, **_depth(last, since, frame))
        for one in symbols
        for frame in frames
        if where
    ]


def _depth(last: int, since: Date | None, timeframe: str) -> dict[str, int]:
    """How deep a series is kept: so many candles, or from a moment on. What is counted back from now is so many candles
    too: it moves with candle time.
    """
    if since is None:
        return {"last": last}
    if since.origin is Origin.EPOCH:
        return {"last": last, "since": since.seconds}
    length = since.seconds + (DAY if since.origin is Origin.MIDNIGHT else 0)
    return {"last": min(ceil(length / seconds(timeframe)), DEEPEST)}


def _retention(reader: Reader) -> Retention:
    default = Retention()
    found = Retention(
        decisions=reader.take("decisions", whole(0, 100_000), default.decisions),
        equity=reader.take("equity", whole(1, 100_000), default.equity),
    )
    reader.done()
    return found


def _supervision(reader: Reader, logs: Reader) -> Supervision:
    """Seconds, but for the two counts; and how much of the logs is kept."""
    default = Supervision()
    counts = {"traders": whole(1, 200), "max_failures": whole(1, 1000)}
    parsers = {each.name: counts.get(each.name, number(0.01, 3600)) for each in fields(Supervision)}
    del parsers["log_bytes"]
    keep = logs.take("keep", size, default.log_bytes)
    logs.done()
    taken = {key: reader.take(key, parse, getattr(default, key)) for key, parse in parsers.items()}
    found = Supervision(**taken, log_bytes=keep)
    if found.lease < 2 * found.heartbeat:
        reader.complain("lease", found.lease, f"must be at least twice the heartbeat ({found.heartbeat} s)")
    reader.done()
    return found
