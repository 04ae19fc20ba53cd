"""What becomes of series that nobody wants any more, once it is known which the files of today want."""

from collections.abc import Set

import structlog

from db.database import Database
from db.market_data import unwanted
from db.trading import strategies
from domain.candles import Series

log = structlog.get_logger()


def settle(db: Database, followed: Set[Series], elsewhere: Set[str] = frozenset()) -> bool:
    """Retire the series that are neither `followed` nor a strategy's; whether nothing is left to be done. Those of the
    exchanges `elsewhere` are left to whoever acts for these.

    Something is while a strategy is on a series that is not followed: a trader has still to read what we have read.
    """
    needed, known = strategies.enabled(db) | strategies.held(db), unwanted.known(db)
    mine = {series: retired for series, retired in known.items() if series.exchange not in elsewhere}
    lost = sorted(series for series, retired in mine.items() if not retired and series not in followed | needed)
    back = sorted(series for series, retired in mine.items() if retired and series in followed)
    if lost:
        unwanted.retire(db, lost)
        log.info("series_not_wanted", series=[str(each) for each in lost])
    if back:
        unwanted.wanted_again(db, back)
    return all(series in followed for series in needed if series.exchange not in elsewhere)
