"""Bars that are made from finer ones: which of them are to be made again, because these have changed or come in since.

What changes is noted in the transaction in which it does, whoever stores it, and forgotten once the bars are made anew.
"""

from collections.abc import Iterable
from dataclasses import replace
from typing import NamedTuple

from db.connection import Database, Transaction
from db.gaps import series_key
from db.ranges import Range
from domain import timeframes
from domain.candles import Series


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
