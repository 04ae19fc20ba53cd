"""What a soak left: the rows of its database, what its workers wrote down, what the exchange really said.

Nothing here comes from the product: the file is read with SQLite alone.
"""

import json
from collections import defaultdict
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cached_property
from pathlib import Path
from typing import Any

from tests.kit.rows import records
from tests.soak.journal import Commit, commits

Bar = tuple[float, float, float, float, float]  # open, high, low, close, volume
UNITS = {"m": 60, "h": 3600, "d": 86400}


@dataclass(frozen=True, slots=True)
class Ordered:
    """What was ordered as by a person: `kind` exit, halt or release; `at` steady nanoseconds when it was done."""

    kind: str
    at: int
    strategy_id: str = ""
    reason: str = ""


@dataclass
class Facts:
    """`truth`: by series such as ``binance BTC/USDT 1m`` the exchange's bars by their open.

    `stops`: by strategy the fraction below the entry at which it is sold, where it has one. `renamed`: new id to old.
    `clock`: candle milliseconds, the steady nanoseconds at which it showed them, and its speed. `clock_set`: when the
    machine's clock was set, steady nanoseconds.
    """

    database: Path
    journal: Path
    truth: dict[str, dict[int, Bar]]
    stops: dict[str, str] = field(default_factory=dict)
    renamed: dict[str, str] = field(default_factory=dict)
    ordered: list[Ordered] = field(default_factory=list)
    clock: tuple[int, int, float] = (0, 0, 1.0)
    clock_set: list[int] = field(default_factory=list)

    @classmethod
    def load(cls, folder: Path) -> "Facts":
        """From the files that a soak left in a folder."""
        told = json.loads((folder / "told.json").read_text())
        truth = {
            series: {int(opened): tuple(bar) for opened, bar in bars.items()}
            for series, bars in json.loads((folder / "truth.json").read_text()).items()
        }
        return cls(
            database=folder / "trading.db",
            journal=folder / "journal",
            truth=truth,
            stops=told["stops"],
            renamed=told["renamed"],
            ordered=[Ordered(**each) for each in told["ordered"]],
            clock=(told["clock"][0], told["clock"][1], told["clock"][2]),
            clock_set=told["clock_set"],
        )

    def rows(self, sql: str) -> list[dict[str, Any]]:
        """Rows of the database, by name."""
        return records(self.database, sql)

    @cached_property
    def commits(self) -> list[Commit]:
        """Every transaction, in the order of the write lock."""
        return commits(self.journal)

    @cached_property
    def strategies(self) -> list[dict[str, Any]]:
        """Every strategy that ever was, with its series' name and the length of its bars."""
        found = self.rows("select * from strategies")
        return [each | {"series": series_of(each), "seconds": seconds(each["timeframe"])} for each in found]

    @cached_property
    def stored(self) -> dict[str, dict[int, Bar]]:
        """The candles of the database by series."""
        found: dict[str, dict[int, Bar]] = defaultdict(dict)
        for row in self.rows("select * from ohlcv_data"):
            found[series_of(row)][row["timestamp"]] = tuple(
                row[name] for name in ("open", "high", "low", "close", "volume")
            )
        return found

    @cached_property
    def gaps(self) -> dict[str, dict[int, str]]:
        """The cause of every missing bar by series."""
        found: dict[str, dict[int, str]] = defaultdict(dict)
        for row in self.rows("select * from gaps"):
            opens = range(row["first_timestamp"], row["last_timestamp"] + 1, seconds(row["timeframe"]))
            found[series_of(row)] |= dict.fromkeys(opens, row["cause"])
        return found

    @cached_property
    def first_stored(self) -> dict[tuple[str, int], int]:
        """When each candle was first committed, steady nanoseconds."""
        found: dict[tuple[str, int], int] = {}
        for commit in self.commits:
            for row in commit.rows("ohlcv_data"):
                for timestamp in row.get("timestamps", ()):
                    found.setdefault((" ".join(row["series"]), int(timestamp)), commit.at)
        return found

    @cached_property
    def decided_at(self) -> dict[tuple[str, int], int]:
        """When each decision was committed, steady nanoseconds, under the id that the strategy had then."""
        keys = (
            (row["strategy_id"], row["timestamp"], commit.at)
            for commit in self.commits
            for row in commit.rows("decisions")
        )
        return {(one, timestamp): at for one, timestamp, at in keys if one is not None}

    def names(self, strategy_id: str) -> list[str]:
        """All ids that a strategy has had, the newest first."""
        before = self.renamed.get(strategy_id)
        return [strategy_id, *(self.names(before) if before else ())]

    def seen(self, series: str) -> dict[int, Bar]:
        """What was to be decided: stored bars, and flat ones where it is proven that nobody traded."""
        bars = dict(self.stored[series])
        for opened in sorted(opened for opened, cause in self.gaps[series].items() if cause == "no_trades"):
            before = bars.get(opened - seconds(series.split()[2]))
            if before is not None:
                bars[opened] = (before[3], before[3], before[3], before[3], 0.0)
        return bars


def series_of(row: dict[str, Any]) -> str:
    """``binance BTC/USDT 1m``."""
    return f"{row['exchange']} {row['symbol']} {row['timeframe']}"


def seconds(timeframe: str) -> int:
    """Length of a bar."""
    return int(timeframe[:-1]) * UNITS[timeframe[-1]]


def exact(value: float | str) -> Decimal:
    """The shortest decimal that reads back as this number."""
    return Decimal(repr(value)) if isinstance(value, float) else Decimal(value)
