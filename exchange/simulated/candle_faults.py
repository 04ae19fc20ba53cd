"""Faults of the candles in an answer that is otherwise right."""

from collections.abc import Callable, Mapping
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from exchange.simulated import bars
from exchange.simulated.bars import Frame, Rows

Mask = NDArray[np.bool_]
NULL = np.inf  # how a row carries JSON's null
LATE = 10.0
PART = 400  # bars
MIX = (np.uint64(0x9E3779B97F4A7C15), np.uint64(0xBF58476D1CE4E5B9), np.uint64(33))


class FaultContext(NamedTuple):
    """What a fault of candles needs to know."""

    frame: Frame
    now_ms: int
    decimals: int
    amount: float | None
    word: str | None


def chosen(rows: Rows, first: int | None, last: int | None, share: float, seed: int) -> Mask:
    """Which bars a fault falls on: those that open in [first, last], of them a share that depends on nothing else."""
    opens = rows[:, 0]
    picked: Mask = np.ones(len(rows), dtype=np.bool_)
    if first is not None:
        picked &= opens >= first
    if last is not None:
        picked &= opens <= last
    if share < 1:
        mixed = (opens.astype(np.uint64) + np.uint64(seed)) * MIX[0]
        mixed = (mixed ^ (mixed >> MIX[2])) * MIX[1]
        picked &= (mixed ^ (mixed >> MIX[2])) / 2.0**64 < share
    return picked


def missing(rows: Rows, mask: Mask, _context: FaultContext) -> Rows:
    """The chosen bars are left out."""
    return rows[~mask]


def revised(rows: Rows, mask: Mask, context: FaultContext) -> Rows:
    """The chosen bars have another close and volume; with `count`, the right ones after that many requests."""
    made = rows.copy()
    moved = (rows[:, bars.HIGH] + rows[:, bars.LOW]) / 2
    made[mask, bars.CLOSE] = np.round(moved[mask], context.decimals)
    made[mask, bars.CLOSE] = np.clip(made[mask, bars.CLOSE], rows[mask, bars.LOW], rows[mask, bars.HIGH])
    made[mask, bars.VOLUME] = np.round(rows[mask, bars.VOLUME] * 1.25, bars.VOLUME_DECIMALS)
    return made


def unfinished(rows: Rows, mask: Mask, context: FaultContext) -> Rows:
    """A chosen bar that closed less than `amount` candle seconds (10) ago still stands as it did at half time."""
    late = LATE if context.amount is None else context.amount
    fresh = mask & (rows[:, 0] + context.frame.seconds + late > context.now_ms / 1000)
    made = rows.copy()
    for index in np.flatnonzero(fresh).tolist():
        made[index] = bars.unfinished(rows[index].tolist(), 0.5, context.decimals)
    return made


def shifted(rows: Rows, mask: Mask, context: FaultContext) -> Rows:
    """The chosen bars open `amount` seconds late (1), where no bar opens."""
    made = rows.copy()
    made[mask, 0] += 1 if context.amount is None else context.amount
    return made


def _nan(rows: Rows) -> None:
    rows[:, bars.CLOSE] = np.nan


def _null(rows: Rows) -> None:
    rows[:, bars.OPEN] = NULL


def _negative(rows: Rows) -> None:
    rows[:, bars.VOLUME] = -1.0


def _zero(rows: Rows) -> None:
    rows[:, bars.LOW] = 0.0


def _crossed(rows: Rows) -> None:
    rows[:, [bars.HIGH, bars.LOW]] = np.column_stack((rows[:, bars.LOW] * 0.99, rows[:, bars.HIGH]))


NONSENSE: Mapping[str, Callable[[Rows], None]] = {
    "nan": _nan,
    "null": _null,
    "negative": _negative,
    "zero": _zero,
    "crossed": _crossed,
}


def wrong(rows: Rows, mask: Mask, context: FaultContext) -> Rows:
    """The chosen bars are nonsense: `word` nan, null, negative (volume), zero (price) or crossed (high below low)."""
    made = rows.copy()
    changed = made[mask]
    NONSENSE[context.word or next(iter(NONSENSE))](changed)
    made[mask] = changed
    return made


def duplicated(rows: Rows, mask: Mask, _context: FaultContext) -> Rows:
    """The chosen bars come twice."""
    return np.repeat(rows, np.where(mask, 2, 1), axis=0)


def unordered(rows: Rows, mask: Mask, _context: FaultContext) -> Rows:
    """The chosen bars come in reverse order among the others."""
    made = rows.copy()
    made[mask] = rows[mask][::-1]
    return made


def newest_part(rows: Rows, _mask: Mask, context: FaultContext) -> Rows:
    """An answer holds only the newest `amount` bars (400) of what was asked for."""
    return rows[-_most(context) :]


def oldest_part(rows: Rows, _mask: Mask, context: FaultContext) -> Rows:
    """An answer holds only the oldest `amount` bars (400) of what was asked for."""
    return rows[: _most(context)]


def _most(context: FaultContext) -> int:
    return PART if context.amount is None else int(context.amount)


CandleFault = Callable[[Rows, Mask, FaultContext], Rows]
BAR_FAULTS: Mapping[str, CandleFault] = {made.__name__: made for made in (missing, revised, unfinished, shifted, wrong)}
ANSWER_FAULTS: Mapping[str, CandleFault] = {
    made.__name__: made for made in (duplicated, unordered, newest_part, oldest_part)
}
