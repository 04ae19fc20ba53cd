"""What becomes of series that nobody wants any more, once it is known which the files of today want."""

from collections.abc import Set

import structlog

from db.database import Database
from db.fleet import workers
from db.market_data import unwanted
from db.trading import strategies
from domain.candles import Series
from runtime import clock

log = structlog.get_logger()


def settle(db: Database, followed: Set[Series]) -> bool:
    """Retire the series that are neither `followed` nor a strategy's; whether nothing is left to be done.

    Something is while a strategy is on a series that is not followed: a trader has still to read what we have read. So
    it is beside another backfiller: it may follow others.
    """
    living = workers.living(db, clock.now_ms())
    if sum(each.room == "backfiller" for each in living) > 1:
        return False
    needed, known = strategies.enabled(db) | strategies.held(db), unwanted.known(db)
    lost = sorted(series for series, told in known.items() if not told and series not in followed | needed)
    back = sorted(series for series, told in known.items() if told and series in followed)
    if lost:
        unwanted.retire(db, lost)
        log.info("series_not_wanted", series=[str(each) for each in lost])
    if back:
        unwanted.wanted_again(db, back)
    return needed <= followed
