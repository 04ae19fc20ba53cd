"""Configurations of many strategies, on twenty series unless told, for the benchmarks of traders.

Candles are seeded, so that whoever decides them again decides the same.
"""

from collections.abc import Callable
from pathlib import Path

from benchmarks.measure import HOUR, START, walk
from config.load import load
from config.settings import Settings
from db.market_data import markets, storing
from db.sqlite.connection import connect
from db.sqlite.migrate import migrate
from domain.candles import Series, Source
from strategies import kinds
from trader.assuming import imagined

SERIES = 20
HISTORY = 600  # candles
WARMUP = 450  # bars
QUIET = "supervision: { poll: 0.05, lease: 600 }\n"
PARAMS = {
    "rsi": "{{ length: 14, oversold: {low}, overbought: {high} }}",
    "macd": "{{ fast: {fast}, slow: 26, signal: 9 }}",
    "scalping": "{{ trend_length: 100, oversold: {low} }}",
    "trend": "{{ entry_length: {fast}, exit_length: 5 }}",
}


def symbols(count: int = SERIES) -> list[str]:
    """The markets of the benchmark."""
    return [f"C{number}/USDT" for number in range(count)]


def configured(  # noqa: PLR0913  a benchmark names what it wants otherwise
    folder: Path,
    count: int,
    on: int = SERIES,
    *,
    alike: bool = True,
    bars: int = HISTORY,
    matrix: bool = False,
    clock: str | None = None,
) -> Settings:
    """`count` strategies of four kinds dealt out to `on` series, and a database with so many bars of each.

    `alike`: all have one warm-up, so that those of a series share what they compute; else each of a series its own.
    `matrix`: a file for one strategy on all series, as whoever has thousands writes them; else each has a file.
    `clock`: candle time of a simulated exchange, with the settings that a fleet has where nothing is said.
    """
    (folder / "config" / "strategies").mkdir(parents=True, exist_ok=True)
    environment = "real" if clock is None else "simulated"
    fleet = f"environment: {environment}\nany_filesystem: true\n{QUIET if clock is None else ''}"
    (folder / "config" / "fleet.yaml").write_text(fleet)
    for number in range(0, count, on if matrix else 1):
        warmup = WARMUP if alike else WARMUP + number // on
        strategy = _strategy(number, on, warmup, f"symbol: C{number % on}/USDT")
        if matrix:
            strategy = _strategy(number, on, warmup, f"matrix: {{ symbol: [{', '.join(symbols(on))}] }}", "-{base}")
        (folder / "config" / "strategies" / f"{number:04}.yaml").write_text(strategy)
    settings = load(folder / "config", kinds.load, database=folder / "trading.db")
    migrate(settings.database, environment, clock=clock, any_filesystem=True)
    with connect(settings.database, any_filesystem=True) as db:
        for number, symbol in enumerate(symbols(on)):
            storing.store(db, series(symbol), walk(bars, seed=number), Source.EXCHANGE, 0)
        markets.save(db, [imagined(settings, series(symbol)).market for symbol in symbols(on)], 0)
    return settings


def series(symbol: str) -> Series:
    """Hourly on binance."""
    return Series("binance", symbol, "1h")


def next_bar(settings: Settings, number: int, on: int = SERIES, now_ms: Callable[[], int] = int) -> int:
    """Store one more candle of every series, each when `now_ms` says; its open."""
    opened = START + (HISTORY + number) * HOUR
    with connect(settings.database, any_filesystem=True) as db:
        for seed, symbol in enumerate(symbols(on)):
            candle = walk(HISTORY + number + 1, seed=seed)[-1:]
            storing.store(db, series(symbol), candle, Source.EXCHANGE, now_ms())
    return opened


def _strategy(number: int, on: int, warmup: int, where: str, suffix: str = "") -> str:
    """One file: kinds and parameters vary, so that strategies of a series share some indicators and not others."""
    kind = tuple(PARAMS)[number // on % len(PARAMS)]
    step = number // on // len(PARAMS)
    params = PARAMS[kind].format(low=20 + step % 15, high=60 + step % 20, fast=5 + step % 15)
    return (
        f"strategy_id: s{number:04}{suffix}\nexchange: binance\n{where}\ntimeframe: 1h\n"
        f"strategy: {kind}\nparams: {params}\ncapital: 1000\nwarmup: {warmup}\n"
    )
