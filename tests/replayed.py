"""Databases in which strategies were walked over candles, for tests of what is read afterwards."""

import math
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path

from config.load import load
from config.settings import Settings
from db.database import Database
from db.market_data import markets, storing
from db.sqlite.connection import connect
from db.sqlite.migrate import migrate
from domain.candles import Candle, Series, Source
from runtime.heartbeat import begun
from runtime.stop import Stop
from strategies import kinds
from tests.kit.series import at
from trader import registration, replay
from trader.assignments import Assignments
from trader.assuming import imagined

STRATEGY = """\
strategy_id: {name}
exchange: binance
symbol: {symbol}
timeframe: 1h
strategy: macd
params: {{ fast: 4, slow: 9, signal: 3 }}
capital: {capital}
stake: {{ fraction: 0.6 }}
warmup: 20
"""


def waves(count: int, *, phase: float = 0.0) -> list[Candle]:
    """Hourly candles that rise and fall, so that MACD trades both ways: waves around 100, a fast one to lose on."""
    found, before = [], 100.0
    for number in range(count):
        close = 100 + 4 * math.sin(number / 7 + phase) + 3 * math.sin(number / 23.7) + 0.9 * math.sin(number * 1.3)
        close = round(close, 2)
        high, low = round(max(before, close) + 0.5, 2), round(min(before, close) - 0.5, 2)
        found.append(Candle(at(number), before, high, low, close, 10.0))
        before = close
    return found


def settings(folder: Path, strategies: Iterable[str], more: str = "") -> Settings:
    """A configuration with these strategy files."""
    config = folder / "config"
    (config / "strategies").mkdir(parents=True, exist_ok=True)
    (config / "fleet.yaml").write_text(f"any_filesystem: true\n{more}")
    for place, text in enumerate(strategies):
        (config / "strategies" / f"{place}.yaml").write_text(text)
    return load(config, kinds.load, database=folder / "trading.db")


def walked(folder: Path, strategies: Iterable[str], found: dict[str, list[Candle]], last: int = 2**40) -> Path:
    """The database in which the strategies went on from where they stood, up to the candle that opens at `last`, on a
    market of the finest steps whose fees are paid in money.
    """
    fleet = settings(folder, strategies, "supervision: { lease: 3600 }\n")
    migrate(fleet.database, "real", any_filesystem=True)
    with connect(fleet.database, any_filesystem=True) as db:
        for symbol, each in found.items():
            series = Series("binance", symbol, "1h")
            storing.store(db, series, each, Source.IMPORT, 1)
            markets.save(db, [replace(imagined(fleet, series).market, fee_in_base=False)], 1)
        on(db, fleet, last=last)
    return fleet.database


def on(db: Database, fleet: Settings, first: int = 0, last: int = 2**40) -> None:
    """Let all strategies of a fleet go on from where they stood, over candles that open from `first` to `last`."""
    decided = [row["decided_timestamp"] for row in db.read("strategies_all") if row["decided_timestamp"]]
    registration.register(db, fleet, 1)
    chosen = registration.wanted(fleet, [])
    made = Assignments(
        db=db, settings=fleet, wanted=chosen, built=registration.built(chosen, kinds.load()),
        beats=begun(db, "trader", fleet.supervision),
    )  # fmt: skip
    made.claim()
    replay.walk(made, (max([first, *(each + 1 for each in decided)]), last), Stop())
    made.release()
    made.beats.leave()
