"""What an exchange sent: good candles apart from rows that are none. Pure."""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from math import isfinite

from db.market_data.ranges import Range
from domain import timeframes
from domain.candles import Candle, fault
from exchange.protocol import Row


@dataclass(frozen=True, slots=True)
class ValidatedRows:
    """`candles` ascending, each bar once. `rejects`: payload and reason of every row that is no candle.

    `rejected`: opens of closed bars of which only such rows came. `unplaced`: rows came that belong to no bar, so that
    nobody knows which bars the answer was about.
    """

    candles: list[Candle]
    rejects: list[tuple[str, str]]
    rejected: frozenset[int]
    unplaced: bool = False

    @property
    def clean(self) -> bool:
        """Whether every row that came is a candle."""
        return not self.rejects

    @property
    def oldest(self) -> int | None:
        """The oldest open that was answered, None for an answer without candles."""
        return self.candles[0].timestamp if self.candles else None

    @property
    def newest(self) -> int | None:
        """The newest open that was answered, None for an answer without candles."""
        return self.candles[-1].timestamp if self.candles else None

    def holds(self, timestamp: int) -> bool:
        """Whether the bar that opens then was answered."""
        return any(candle.timestamp == timestamp for candle in self.candles)

    def surrounds(self, span: Range) -> bool:
        """Whether it shows neighbours on both sides of a stretch of bars: only then it tells that they are missing."""
        shown = bool(self.candles) and self.candles[0].timestamp < span[0] and span[1] < self.candles[-1].timestamp
        return shown and not self.unplaced


def validate(rows: Iterable[Row], seconds: int, closed: int) -> ValidatedRows:
    """Sift rows of bars `seconds` long; those that open after `closed` are unfinished and left out in silence.

    Two different rows for the same bar: nobody knows which is right, so neither is taken.
    """
    good: dict[int, set[Candle]] = {}
    rejects: list[tuple[str, str]] = []
    touched: set[int] = set()
    unplaced = False
    for row in rows:
        opened = row[0] if row else None
        if opened is not None and opened > closed:
            continue
        reason = fault(row, seconds)  # type: ignore[arg-type]  # it says so where a value is None
        if reason is None:
            candle = Candle(int(row[0]), *map(float, row[1:]))  # type: ignore[arg-type]
            good.setdefault(candle.timestamp, set()).add(candle)
            continue
        rejects.append((json.dumps(list(row)), reason))
        if opened is None or not isfinite(opened):
            unplaced = True
        else:  # a row that opens where no bar does still tells that something happened in the bar it lies in
            touched.add(timeframes.floor(int(opened), seconds))
    for timestamp in [timestamp for timestamp, found in good.items() if len(found) > 1]:
        rejects += [(json.dumps(list(each)), "another row for the same bar differs") for each in good.pop(timestamp)]
        touched.add(timestamp)
    candles = sorted(candle for found in good.values() for candle in found)
    return ValidatedRows(candles, rejects, frozenset(touched.difference(good)), unplaced)
