"""Storing candles: once for everybody, at the speed of the bare database, with every change recorded."""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from db.database import Database, Transaction
from db.market_data import derived, gaps, repairs
from db.market_data.checks import COLUMNS, Table, checked
from db.market_data.derived import Origin
from db.market_data.gaps import series_key
from db.market_data.ranges import Range
from domain.candles import Candle, Series, Source

BATCH = 1000  # rows per transaction: 95 % of the throughput while others wait 3 ms at most
LONG = 200  # new rows of a batch from which on it matters how they fill their pages
EDGE = 27  # rows: half a page
FAR = 100  # bars between two candles of a batch from which on the stretch between them is not worth reading


class Stored(NamedTuple):
    """What became of candles. `rejected`: they differ from what a better source had stored, which stands."""

    inserted: int = 0
    revised: int = 0
    unchanged: int = 0
    rejected: int = 0

    def plus(self, other: "Stored") -> "Stored":
        """Both together."""
        return Stored(*(a + b for a, b in zip(self, other, strict=True)))


def store(
    db: Database,
    series: Series,
    candles: Sequence[Candle] | Table,
    source: Source,
    now_ms: int,
    finer: str | None = None,
) -> Stored:
    """Store closed candles in any order, in one transaction for up to 1,000, in several for more.

    New bars are added. A bar that differs is replaced and its old value kept as a revision, unless it came from a
    better source (`derived.beats`), which stands. Stored bars leave the ranges of `gaps`; the series' head follows;
    bars that are made from what changes are outdated (`derived`). `finer`: what derived bars are made from.
    Repeating a call changes nothing. Raises Rejected before anything is written where a row is no candle of the series
    or two differ.
    """
    table = checked(series, candles)
    total = Stored()
    for start in range(0, len(table), BATCH):
        with db.write() as tx:
            batch = table[start : start + BATCH]
            total = total.plus(_store_batch(tx, series, batch, Origin(source, finer), now_ms))
    return total


def _store_batch(tx: Transaction, series: Series, table: Table, origin: Origin, now_ms: int) -> Stored:
    """Store one batch (ascending) within a transaction."""
    existing, known = _existing(tx, series, table), _extent(tx, series)
    fresh, revised, stored = table, table[:0], Stored(inserted=len(table))
    if len(existing):
        fresh, revised, stored = _meet(tx, series, table, existing, origin, now_ms)
    _insert(tx, series, fresh, origin.source)
    head = {"first": int(table[0, 0]), "last": int(table[-1, 0]), "inserted": len(fresh), "now_ms": now_ms}
    if stored.inserted or stored.revised:
        tx.run("candles_advance", **series_key(series), **head)
        changed = np.union1d(fresh[:, 0], revised[:, 0])
        derived.note(tx, series, stretches(changed, FAR * series.seconds))
    if origin.finer is not None:
        tx.run("derived_set_finer", **series_key(series), finer=origin.finer)
    gone = gaps.trim(tx, series, stretches(table[:, 0], series.seconds))
    repairs.note(tx, series, gone, known, now_ms)
    return stored


def _extent(tx: Transaction, series: Series) -> Range:
    """The oldest and the newest stored open by the head, both 0 where nothing is stored."""
    rows = tx.read("derived_head", **series_key(series))
    return (rows[0]["first_timestamp"], rows[0]["last_timestamp"]) if rows else (0, 0)


def _insert(tx: Transaction, series: Series, fresh: Table, source: Source) -> None:
    """Add new bars (ascending).

    A long run that goes in before stored bars, as when history is fetched newest first, leaves half-filled pages at
    its end. Taking the first few bars behind it out and writing them with the run makes that 89 instead of 93 bytes a
    candle.
    """
    if len(fresh) >= LONG:
        last = int(fresh[-1, 0])
        edge = tx.read("candles_lift_edge", **series_key(series), last=last, source=int(source), rows=EDGE)
        fresh = np.vstack([fresh, np.array(sorted(map(tuple, edge)), dtype=np.float64).reshape(-1, COLUMNS)])
    if len(fresh):
        tx.insert_rows("candles_insert", series_key(series) | {"source": int(source)}, fresh)


def _existing(tx: Transaction, series: Series, table: Table) -> Table:
    """What is stored already in the stretches that `table` covers: its columns and the source, (n, 7)."""
    rows: list[tuple[float, ...]] = []
    for first, last in stretches(table[:, 0], FAR * series.seconds):
        rows.extend(map(tuple, tx.read("candles_with_source", **series_key(series), first=first, last=last)))
    return np.array(rows, dtype=np.float64).reshape(-1, COLUMNS + 1)


def _meet(
    tx: Transaction, series: Series, table: Table, existing: Table, origin: Origin, now_ms: int
) -> tuple[Table, Table, Stored]:
    """Compare with what is stored and revise what may be revised; the rows that are new, those that were revised, and
    the count of all.
    """
    place = np.searchsorted(table[:, 0], existing[:, 0])
    same_bar = (place < len(table)) & (table[np.minimum(place, len(table) - 1), 0] == existing[:, 0])
    existing, place = existing[same_bar], place[same_bar]
    differs = (table[place, 1:] != existing[:, 1:COLUMNS]).any(axis=1)
    better, equal = origin.source < existing[:, COLUMNS], origin.source == existing[:, COLUMNS]
    better[differs] = derived.beats(tx, series, existing[differs][:, [0, COLUMNS]], origin)
    revise = differs & (better | equal)
    _revise(tx, series, existing[revise], table[place[revise]], origin.source, now_ms)
    key = series_key(series) | {"source": int(origin.source)}
    tx.run_many("candles_confirm", [key | {"timestamp": int(t)} for t in existing[~differs & better, 0]])
    new = np.ones(len(table), dtype=np.bool_)
    new[place] = False
    fresh: Table = table[new]
    refused = int(differs.sum() - revise.sum())
    return fresh, table[place[revise]], Stored(len(fresh), int(revise.sum()), int((~differs).sum()), refused)


def _revise(tx: Transaction, series: Series, old: Table, new: Table, source: Source, now_ms: int) -> None:
    """Keep the old values as revisions and put the new ones in their place."""
    key = series_key(series)
    tx.run_many("candles_keep_revision", [key | {"timestamp": int(t), "now_ms": now_ms} for t in old[:, 0]])
    names = ("timestamp", "open", "high", "low", "close", "volume")
    rows = (dict(zip(names, row, strict=True)) for row in new.tolist())
    tx.run_many("candles_replace", [key | row | {"source": int(source)} for row in rows])


def stretches(timestamp: npt.NDArray[np.float64], step: int) -> list[Range]:
    """The stretches of ascending timestamps in which none is further than `step` from the one before."""
    breaks = np.flatnonzero(np.diff(timestamp) > step)
    firsts, lasts = timestamp[[0, *(breaks + 1)]], timestamp[[*breaks, -1]]
    return [(int(first), int(last)) for first, last in zip(firsts, lasts, strict=True)]
