"""Lives of strategies, drawn by a seed: bars, holes, downtime, deposits, new rules, sales, renames, restarts."""

import random
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

from db.fleet import controls
from db.fleet.controls import Level
from db.market_data import markets, storing
from db.trading import strategies
from domain.candles import Series, Source
from domain.timeframes import ceil
from runtime import clock
from tests.kit.candles import bar
from tests.kit.rows import pragma
from tests.kit.series import START
from tests.replayed import settings as configured
from tests.trading import MARKET, PATIENT, assigned, opened
from trader.controls import apply_controls
from trader.deciding import SeriesAdvance
from trader.turn import take_turn

FILE = """\
strategy_id: {name}
exchange: binance
symbol: BTC/USDT
timeframe: {timeframe}
strategy: rules
params: {{ entry: close > {level}, exit: close < {level} }}
capital: {capital}
stake: {{ fraction: {stake} }}
exits: {{ stop: 0.04, target: 0.06, max_bars: 12 }}
warmup: 2
"""
LEVELS = {"one": 100, "two": 98, "calm": 1_000_000}  # the close above which a strategy holds
CAPITAL = {"one": 1000, "two": 6, "calm": 50}
STAKE = {"one": "0.9", "two": "1", "calm": "0.5"}


class Life:
    """Three strategies on one series, as traders would have made their rows; `folder` keeps the database. `more` joins
    fleet.yaml.
    """

    def __init__(self, folder: Path, seed: int, timeframe: str = "4h", more: str = "") -> None:
        self.draw, self.folder, self.more = random.Random(seed), folder, PATIENT + more
        self.series = Series("binance", "BTC/USDT", timeframe)
        self.levels, self.capital, self.renamed, self.coarse = dict(LEVELS), dict(CAPITAL), 0, False
        self.settings, self.db = opened(folder, *self._files(), more=self.more)
        pragma(self.db, "synchronous = OFF")  # no test of the disk
        markets.save(self.db, [MARKET], 1)
        self.assignments = assigned(self.settings, self.db)
        self.now, self.close = ceil(START, self.seconds) + self.draw.randrange(8) * self.seconds, 100.0

    @property
    def path(self) -> Path:
        """The database."""
        return self.settings.database

    @property
    def seconds(self) -> int:
        """Length of a bar."""
        return self.series.seconds

    def walk(self, bars: int) -> "Life":
        """So many bars more, and what happens between them; the last is decided."""
        events = (
            self._rules, self._deposit, self._sale, self._sale, self._market, self._rename, self._away, self._restart,
        )  # fmt: skip
        for _ in range(bars):
            self._bar()
            if self.draw.random() < 0.85:
                self._ring()
            while self.draw.random() < 0.06:
                self.draw.choice(events)(self.draw.choice(list(self.levels)))
        self._ring()
        return self

    def _files(self) -> list[str]:
        """The strategies as they are configured now."""
        return [
            FILE.format(
                name=name,
                timeframe=self.series.timeframe,
                level=level,
                capital=self.capital[name],
                stake=STAKE[name.partition("-")[0]],
            )
            for name, level in self.levels.items()
        ]

    def _bar(self) -> None:
        """The next bar, sometimes after a hole, sometimes at the close before."""
        self.now += self.seconds * (self.draw.randrange(2, 20) if self.draw.random() < 0.02 else 1)
        if self.draw.random() < 0.8:
            self.close = round(max(60.0, min(160.0, self.close * self.draw.uniform(0.97, 1.0302))), 2)
        storing.store(self.db, self.series, [bar(0, self.close, start=self.now)], Source.EXCHANGE, 1)

    def _ring(self) -> None:
        """A turn a second after the close of the newest bar."""
        now_ms = 1000 * (self.now + self.seconds + 1)
        take_turn(self.assignments, SeriesAdvance(series=self.series, now_ms=now_ms, stored_ms=1, seen_ms=2))
        apply_controls(self.assignments, now_ms)

    def _rules(self, name: str) -> None:
        """Another rule opens another run."""
        self.levels[name] += self.draw.choice((-1, 1))
        self._restart(name)

    def _deposit(self, name: str) -> None:
        """So does another capital."""
        self.capital[name] += self.draw.randrange(1, 200)
        self._restart(name)

    def _sale(self, name: str) -> None:
        """A person orders a sale, which is carried out after the bars that are due."""
        controls.put(self.db, [name], [Level.EXIT], "a person wants it", 1)
        self._ring()
        apply_controls(self.assignments, 1000 * (self.now + self.seconds + 1))

    def _market(self, _name: str) -> None:
        """The exchange takes coarser steps for a while, so that much is left of a sale; then a person sells that."""
        self.coarse = not self.coarse
        step = Decimal("0.5") if self.coarse else MARKET.amount_step
        markets.save(self.db, [replace(MARKET, amount_step=step)], 1)
        for name in () if self.coarse else self.levels:
            self._sale(name)

    def _rename(self, name: str) -> None:
        """Another id, under which it goes on."""
        self.renamed += 1
        new = f"{name.partition('-')[0]}-{self.renamed}"
        self.assignments.release()
        strategies.rename(self.db, name, new, clock.now_ms())
        self.levels[new], self.capital[new] = self.levels.pop(name), self.capital.pop(name)
        self._restart(new)

    def _away(self, _name: str) -> None:
        """Bars come in that nobody decides for a while."""
        for _ in range(self.draw.randrange(2, 30)):
            self._bar()

    def _restart(self, _name: str) -> None:
        """A new process reads the files anew."""
        self.assignments.release()
        for file in (self.folder / "config" / "strategies").glob("*.yaml"):
            file.unlink()
        self.settings = configured(self.folder, self._files(), self.more)
        self.assignments = assigned(self.settings, self.db)
