"""Which rows of files are closed bars of a series, each bar once, and why the others are not."""

from collections.abc import Callable, Sequence
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from db.files.sheet import SHOWN, Reject, Rejects, Rows
from db.market_data.checks import Table, sound_rows
from domain.candles import fault

Mask = npt.NDArray[np.bool_]


class Bars(NamedTuple):
    """The bars of a series, ascending, and of each in which of some parts it stood, and the line there."""

    table: Table
    parts: npt.NDArray[np.int64]
    lines: npt.NDArray[np.int64]

    def of(self, chosen: Mask) -> "Bars":
        """Some of them."""
        return Bars(self.table[chosen], self.parts[chosen], self.lines[chosen])

    def rejects(self, part: int, reason: str) -> Rejects:
        """Those of one part, as rows that were not taken."""
        mine = self.of(self.parts == part)
        shown = zip(mine.lines[:SHOWN].tolist(), mine.table[:SHOWN], strict=True)
        return Rejects(len(mine.lines), sorted(Reject(line, reason, _text(row)) for line, row in shown))


def contradicted(several: Sequence[Bars]) -> list[Mask]:
    """For bars of one series from several sources: of each, which another one says differently."""
    table = np.concatenate([each.table for each in several])
    _, wrong = _once(table, np.arange(len(table)))
    return np.split(wrong, np.cumsum([len(each.table) for each in several])[:-1])


def bars(parts: Sequence[Rows], length: int, now: int) -> tuple[Bars, list[Rejects]]:
    """The bars of `length` seconds that have closed at `now` (Unix seconds), and for each part the rows that are none.

    Rows of the same bar that differ: nobody knows which is right, so none of them is taken. At least one part.
    """
    table = parts[0].table if len(parts) == 1 else np.concatenate([each.table for each in parts])
    closed = table[:, 0] + length <= now
    sound = sound_rows(table, length) & closed
    kept, differing = _once(table, np.flatnonzero(sound))

    def reason(place: int) -> str:
        if differing[place]:
            return "another row for the same bar differs"
        return fault(table[place].tolist(), length) or "not closed yet"

    taken = table if len(kept) == len(table) and (np.diff(kept) > 0).all() else table[kept]
    ends = np.cumsum([len(each) for each in parts])
    lines = np.concatenate([each.numbers for each in parts])[kept]
    found = Bars(taken, np.searchsorted(ends, kept, side="right"), lines)
    return found, _rejects(parts, table, ~sound | differing, reason)


def _once(table: Table, places: npt.NDArray[np.int64]) -> tuple[npt.NDArray[np.int64], Mask]:
    """Of these rows those that are taken, ascending, and which rows another one contradicts."""
    contradicted = np.zeros(len(table), dtype=np.bool_)
    times = table[places, 0]
    if (np.diff(times) > 0).all():
        return places, contradicted
    places = places[np.argsort(times, kind="stable")]
    again = np.diff(table[places, 0]) == 0
    differs = again & (table[places[1:]] != table[places[:-1]]).any(axis=1)
    group = np.concatenate([[0], np.cumsum(~again)])
    contradicted[places] = np.isin(group, group[1:][differs])
    first = np.concatenate([[True], ~again])
    return places[first & ~contradicted[places]], contradicted


def _rejects(parts: Sequence[Rows], table: Table, wrong: Mask, reason: Callable[[int], str]) -> list[Rejects]:
    """The wrong rows of each part, the first of them with their reasons."""
    rejects, start = [], 0
    for part in parts:
        places = start + np.flatnonzero(wrong[start : start + len(part)])
        first = [
            Reject(int(part.numbers[place - start]), reason(place), _text(table[place])) for place in places[:SHOWN]
        ]
        rejects.append(Rejects(len(places), first))
        start += len(part)
    return rejects


def _text(row: npt.NDArray[np.float64]) -> str:
    return ",".join(f"{value:.10g}" for value in row.tolist())
