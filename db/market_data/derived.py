"""Bars that are made from finer ones: which of them are to be made again, because these have changed or come in since.

What changes is noted in the transaction in which it does, whoever stores it, and forgotten once the bars are made anew.
"""

from collections.abc import Iterable
from dataclasses import replace
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from db.database import Database, Transaction
from db.market_data.gaps import series_key
from db.market_data.ranges import Range
from domain import timeframes
from domain.candles import Series, Source

Bars = npt.NDArray[np.float64]
Mask = npt.NDArray[np.bool_]


def note(tx: Transaction, series: Series, spans: Iterable[Range]) -> None:
    """Bars of `series` in these spans have changed or come in: whatever is made from them is outdated."""
    made = tx.read("derived_from", **series_key(series))
    for row in made:
        longer = replace(series, timeframe=row["timeframe"])
        for first, last in spans:
            low = max(timeframes.floor(first, longer.seconds), row["first_timestamp"])
            high = min(timeframes.floor(last, longer.seconds), row["last_timestamp"])
            if low <= high:
                tx.run("derived_outdate", **series_key(longer), first=low, last=high)


class Outdated(NamedTuple):
    """Bars to be made again: the first and the last of them (opens), and how many changes were noted."""

    first: int
    last: int
    changes: int


def outdated(db: Database, series: Series) -> list[Outdated]:
    """What is to be made again, ascending."""
    return [Outdated(*row) for row in db.read("derived_outdated", **series_key(series))]


def renewed(db: Database, series: Series, done: Outdated) -> None:
    """Bars were made again; what has changed meanwhile stays noted."""
    with db.write() as tx:
        tx.run("derived_renewed", **series_key(series), first=done.first, changes=done.changes)


class Origin(NamedTuple):
    """Where candles come from; `finer` is the timeframe that derived ones are made from."""

    source: Source
    finer: str | None = None


def beats(tx: Transaction, series: Series, stored: Bars, origin: Origin) -> Mask:
    """Whether bars that come in are of a better source than what is stored: (n, 2) opens and sources.

    Exchange beats import beats derived; but a bar that is made of nothing but the exchange's own is as good as these.
    """
    opens, sources = stored.T
    found: Mask = origin.source < sources
    if origin.source == Source.IMPORT and (made := sources == Source.DERIVED).any():
        found[made] = ~_owned(tx, series, _finer(tx, series), opens[made])
    if origin.source == Source.DERIVED and (imported := sources == Source.IMPORT).any():
        found[imported] = _owned(tx, series, origin.finer, opens[imported])
    return found


def _finer(tx: Transaction, series: Series) -> str | None:
    """The timeframe that a series is made from, None where it is not, or nobody has noted it."""
    head = next(iter(tx.read("derived_head", **series_key(series))), None)
    return head["finer"] if head else None


def _owned(tx: Transaction, series: Series, finer: str | None, opens: Bars) -> Mask:
    """Which bars are made from the exchange's own: whatever is stored of `finer` in them comes from it."""
    if finer is None:
        return np.zeros(len(opens), dtype=np.bool_)
    key = series_key(replace(series, timeframe=finer))
    spans = ((int(each), int(each) + series.seconds - 1) for each in opens.tolist())
    worst = [tx.read("derived_worst", **key, first=first, last=last)[0][0] for first, last in spans]
    return np.array([each == Source.EXCHANGE for each in worst], dtype=np.bool_)


def admit(db: Database, series: Series, finer: str) -> None:
    """A series is made from the timeframe `finer`. Where its bars come from another one, or from a release that did not
    follow changes, all of them are to be made again. Nothing is written where that is known.
    """
    head = next(iter(db.read("derived_head", **series_key(series))), None)
    if head is None or head["finer"] == finer:
        return
    with db.write() as tx:
        tx.run("derived_set_finer", **series_key(series), finer=finer)
        if head["candles"]:
            span = {"first": head["first_timestamp"], "last": head["last_timestamp"]}
            tx.run("derived_outdate", **series_key(series), **span)
