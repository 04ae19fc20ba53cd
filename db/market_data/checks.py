"""Whole batches of candles checked at once: `domain.candles.fault` for arrays."""

from collections.abc import Sequence
from itertools import chain

import numpy as np
import numpy.typing as npt

from domain import timeframes
from domain.candles import PRICE_LIMIT, VOLUME_LIMIT, Candle, Series, fault
from domain.errors import Rejected

Table = npt.NDArray[np.float64]  # (n, 6): timestamp in seconds, open, high, low, close, volume
COLUMNS = 6


def checked(series: Series, candles: Sequence[Candle] | Table) -> Table:
    """The candles as a table, oldest first, repeated rows once.

    Raises Rejected, naming the first row that is not a candle of this series or contradicts another one.
    """
    table = _table(series, candles)
    sound = sound_rows(table, series.seconds)
    if not sound.all():
        row = int(np.argmin(sound))
        raise Rejected(f"{series}: row {row} {candles[row]}: {fault(table[row].tolist(), series.seconds)}")
    steps = np.diff(table[:, 0])
    return table if (steps > 0).all() else _ordered(series, table)


def sound_rows(table: Table, seconds: int) -> npt.NDArray[np.bool_]:
    """For each row whether it is a closed bar of `seconds`: what `domain.candles.fault` says, at once."""
    timestamp, open_, high, low, close, volume = table.T
    with np.errstate(invalid="ignore"):
        body = np.minimum(open_, close)
        prices = (low > 0) & (low <= body) & (np.maximum(open_, close) <= high) & (high < PRICE_LIMIT)
        aligned = (timestamp - timeframes.anchor(seconds)) % seconds == 0
    sound: npt.NDArray[np.bool_] = prices & aligned & (volume >= 0) & (volume < VOLUME_LIMIT)
    return sound


def _table(series: Series, candles: Sequence[Candle] | Table) -> Table:
    """The rows as an array of floats; None becomes NaN."""
    try:
        if isinstance(candles, np.ndarray):
            table: Table = np.ascontiguousarray(candles, dtype=np.float64)
            if table.ndim == 2 and table.shape[1] == COLUMNS:
                return table
        elif all(len(candle) == COLUMNS for candle in candles):
            return np.array(list(chain.from_iterable(candles)), dtype=np.float64).reshape(-1, COLUMNS)
    except (TypeError, ValueError) as error:
        raise Rejected(f"{series}: a row is not made of numbers: {error}") from error
    raise Rejected(f"{series}: a row has not the six numbers of a candle")


def _ordered(series: Series, table: Table) -> Table:
    """Oldest first, equal rows once; raises Rejected where two rows of one bar differ."""
    table = np.unique(table, axis=0)
    twice = np.flatnonzero(np.diff(table[:, 0]) == 0)
    if twice.size:
        raise Rejected(f"{series}: two different candles at {int(table[twice[0], 0])}")
    return table
