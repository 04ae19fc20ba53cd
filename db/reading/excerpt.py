"""A part of one database in another: what strategies read of some series, and nothing of what was traded."""

from dataclasses import replace

import numpy as np

from db.database import Database
from db.fleet import meta
from db.market_data import candles, gaps, markets, storing
from db.market_data.checks import COLUMNS
from db.market_data.gaps import series_key
from db.sqlite import identity
from domain.candles import Series, Source

BATCH = 10_000  # bars that are read at once


def fleet(source: Database, target: Database) -> None:
    """Whose data it is: orders are named alike in both."""
    fleet_id = meta.fleet_id(source)
    meta.set_fleet_id(target, fleet_id)
    identity.note(target.store, fleet_id)


def market(source: Database, target: Database, each: Series) -> None:
    """What may be traded and how, where it is known. A market that is halted now was not so then."""
    known = markets.load(source, each.exchange, each.symbol)
    if known is not None:
        markets.save(target, [replace(known, active=True)], 0)


def series(source: Database, target: Database, each: Series, first: int, last: int) -> None:
    """The bars that open from `first` to `last`, stored or missing, each candle with its source.

    Nothing holds `source` still meanwhile. The gaps are read first: a bar that comes in between is then a candle in a
    range that says it is missing, which `mark` mends; the other way round it would be neither.
    """
    known = gaps.gaps(source, each, first, last)
    head = candles.heads(source).get(each)
    newest = min(last, head.last_timestamp) if head else first - 1
    step = BATCH * each.seconds
    for start in range(first, newest + 1, step):
        _candles(source, target, each, (start, min(start + step - 1, newest)), head.stored_ms if head else 0)
    for gap in known:
        gaps.mark(target, each, max(gap.first_timestamp, first), min(gap.last_timestamp, last), gap.cause)


def _candles(source: Database, target: Database, each: Series, span: tuple[int, int], stored_ms: int) -> None:
    """The candles of one batch."""
    rows = source.read("candles_with_source", **series_key(each), first=span[0], last=span[1])
    table = np.array([tuple(row) for row in rows], dtype=np.float64).reshape(-1, COLUMNS + 1)
    for origin in Source:
        part = table[table[:, COLUMNS] == origin, :COLUMNS]
        if len(part):
            storing.store(target, each, part, origin, stored_ms)
