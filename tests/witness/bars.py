"""Recorded candles, the bars that are made where nobody traded, and what a window may hold."""

import csv
import gzip
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

BLOCKING = ("not_fetched", "rejected", "outage")
BEGINNING = ("not_offered", "before_listing", "delisted")


class Bar(NamedTuple):
    """A bar: its open in Unix seconds, prices, volume; `made` where no candle is stored."""

    timestamp: int
    open: float
    high: float
    low: float
    close: float
    volume: float
    made: bool = False

    def column(self, name: str) -> float:
        """A price, the volume, or the middle of the bar (`hl2`)."""
        return (self.high + self.low) / 2 if name == "hl2" else float(getattr(self, name))


class Gap(NamedTuple):
    """Missing bars from the first to the last, both missing, and why."""

    first: int
    last: int
    cause: str


def recorded(folder: Path, name: str, since: int, count: int) -> list[Bar]:
    """The first `count` bars from `since` on of a recorded file."""
    with gzip.open(folder / "candles" / f"{name}.csv.gz", "rt") as file:
        rows = csv.reader(file)
        next(rows)
        found: list[Bar] = []
        for row in rows:
            if int(row[0]) >= since:
                found.append(Bar(int(row[0]), *map(float, row[1:6])))
            if len(found) == count:
                break
    return found


class History:
    """Bars of a series in order, those that nobody traded put in flat, and the holes between them."""

    def __init__(self, stored: Sequence[Bar], gaps: Sequence[Gap], step: int) -> None:
        self.step = step
        self.bars: list[Bar] = []
        self._begins: list[
            int
        ] = []  # for each bar the place of the first one after the newest stretch that is not offered
        self._holes = [gap for gap in gaps if gap.cause in BLOCKING]
        self._untraded = {
            moment for gap in gaps if gap.cause == "no_trades" for moment in range(gap.first, gap.last + 1, step)
        }
        self._unoffered = [gap.last for gap in gaps if gap.cause in BEGINNING]
        for bar in stored:
            self._make_until(bar.timestamp)
            self._append(bar)

    def window(self, place: int, size: int) -> list[Bar]:
        """The last `size` bars up to this place, fewer where the history begins later."""
        return self.bars[max(self._begins[place], place + 1 - size) : place + 1]

    def hole(self, place: int, size: int) -> bool:
        """Whether a hole that nobody can explain lies among the last `size` bars."""
        seen = self.window(place, size)
        return any(seen[0].timestamp < gap.first <= seen[-1].timestamp for gap in self._holes)

    def _make_until(self, end: int) -> None:
        while self.bars and (missing := self.bars[-1].timestamp + self.step) < end and missing in self._untraded:
            flat = self.bars[-1].close
            self._append(Bar(missing, flat, flat, flat, flat, 0.0, made=True))

    def _append(self, bar: Bar) -> None:
        before = self.bars[-1].timestamp if self.bars else 0
        again = any(before < last < bar.timestamp for last in self._unoffered)
        self._begins.append(len(self.bars) if again or not self.bars else self._begins[-1])
        self.bars.append(bar)
