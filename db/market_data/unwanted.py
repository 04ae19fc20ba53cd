"""Series that nobody wants any more: those without a candle are forgotten, the others say so. No candle is deleted."""

from collections.abc import Iterable

from db.database import Database, Transaction
from db.market_data.gaps import series_key
from domain.candles import Series, SeriesState

WHY = "not wanted any more: no strategy is on it, and fleet.yaml does not name it under series"
FORGOTTEN = ("unwanted_forget_head", "unwanted_forget_gaps", "unwanted_forget_requests", "unwanted_forget_outdated")


def known(db: Database) -> dict[Series, bool]:
    """Every series that stands anywhere, and whether it says already that nobody wants it."""
    return {Series(*row[:3]): bool(row[3]) for row in db.read("unwanted_known")}


def retire(db: Database, unwanted: Iterable[Series]) -> None:
    """Nobody wants these series."""
    with db.write() as tx:
        for series in unwanted:
            _retire(tx, series)


def _retire(tx: Transaction, series: Series) -> None:
    key = series_key(series)
    if tx.read("unwanted_stored", **key):
        tx.run("candles_set_state", **key, state=WHY, state_code=SeriesState.UNWANTED)
        return
    for name in FORGOTTEN:
        tx.run(name, **key)


def wanted_again(db: Database, series: Iterable[Series]) -> None:
    """Somebody wants these series that nobody wanted."""
    with db.write() as tx:
        for each in series:
            tx.run("unwanted_no_more", **series_key(each))
