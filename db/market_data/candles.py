"""Candles as they are stored, and how far each series reaches. Whoever only reads does without numpy."""

from collections.abc import Mapping
from typing import NamedTuple

from db.database import Database, Row
from db.market_data import gaps
from db.market_data.gaps import series_key
from db.market_data.ranges import Range
from domain import timeframes
from domain.candles import Candle, Series, SeriesState


class Head(NamedTuple):
    """How far a series reaches. Opens in Unix seconds, both 0 while `candles` is 0.

    `stored_ms`: when something new or revised came in last. `state`: why the series does not advance, else None, and
    `state_code` the same for programs.
    """

    first_timestamp: int
    last_timestamp: int
    stored_ms: int
    candles: int
    state: str | None
    state_code: SeriesState | None = None


NO_HEAD = Head(0, 0, 0, 0, None)  # of a series of which nobody has told anything yet


def newest(db: Database, series: Series, size: int, upto: int | None = None) -> list[Candle]:
    """The last `size` candles that open at or before `upto`, oldest first."""
    last = gaps.EVER if upto is None else upto
    found = db.read_as(Candle, "candles_newest", **series_key(series), last=last, size=size)
    found.reverse()
    return found


def between(db: Database, series: Series, first: int, last: int) -> list[Candle]:
    """All candles that open from `first` to `last`, oldest first."""
    return db.read_as(Candle, "candles_between", **series_key(series), first=first, last=last)


def extent(db: Database, series: Series) -> tuple[int, int] | None:
    """The oldest and the newest stored open, None where nothing is stored."""
    earliest, latest = db.read("candles_extent", **series_key(series))[0]
    return None if earliest is None else (earliest, latest)


def following(db: Database, series: Series, after: int) -> int | None:
    """The first stored open behind `after`, None where there is none."""
    found: int | None = db.read("candles_following", **series_key(series), after=after)[0][0]
    return found


def timestamps(db: Database, series: Series, first: int, last: int) -> list[int]:
    """The stored opens from `first` to `last`, ascending."""
    return [row[0] for row in db.read("candles_timestamps", **series_key(series), first=first, last=last)]


def missing(db: Database, series: Series, first: int, last: int) -> list[Range]:
    """Every range of bars that open from `first` to `last` and are not stored, whether or not `gaps` knows of it."""
    start, end = timeframes.ceil(first, series.seconds), timeframes.floor(last, series.seconds)
    return gaps.holes(db, series, start, end) if start <= end else []


def heads(db: Database) -> dict[Series, Head]:
    """How far every series reaches."""
    return _heads(db.read("candles_heads"))


def due(db: Database, decided: Mapping[Series, int]) -> dict[Series, Head]:
    """How far those series reach that have a newer bar than the one that is `decided` (open, Unix seconds), and those
    whose market is gone.
    """
    asked = [{**series_key(each), "decided": timestamp} for each, timestamp in decided.items()]
    return _heads(db.read_each("candles_due", asked))


def set_state(db: Database, series: Series, state: str | None, code: SeriesState | None = None) -> None:
    """Say why a series does not advance, None when it does again.

    A newer candle takes the reason away by itself, unless it is that its market is halted or described wrongly.
    """
    with db.write() as tx:
        tx.run("candles_set_state", **series_key(series), state=state, state_code=code)


def _heads(rows: list[Row]) -> dict[Series, Head]:
    return {
        Series(*row[:3]): Head._make((*row[3:8], SeriesState(row[8]) if row[8] else None)) for row in map(tuple, rows)
    }
