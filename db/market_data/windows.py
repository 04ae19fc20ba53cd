"""What a strategy may see: the newest candles of a series, made whole around its gaps."""

from db.database import Database
from db.market_data import candles, gaps
from domain.candles import Series, Window
from domain.gaps import assemble


def window(db: Database, series: Series, size: int, upto: int | None = None, since: int | None = None) -> Window:
    """The last `size` closed bars that open at or before `upto`; shorter where less is stored.

    Bars proven to be without trades enter flat and count; other holes break the window or cut it (`domain.gaps`): with
    `since` the window ends before the first cut that has bars between `since` and itself.
    """
    found = candles.newest(db, series, size, upto)
    if not found or found[-1].timestamp - found[0].timestamp == (len(found) - 1) * series.seconds:
        return assemble(series, found, (), size)
    with db.snapshot():  # a bar that comes in between two looks would seem to be missing without a cause
        found = candles.newest(db, series, size, upto)
        known = gaps.gaps(db, series, found[0].timestamp, found[-1].timestamp)
    return assemble(series, found, known, size, since)
