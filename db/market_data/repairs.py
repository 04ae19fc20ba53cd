"""Gaps that are repaired: bars that were missing are stored. Each leaves an event with its range and its cause."""

from collections.abc import Sequence

from db.database import Transaction
from db.fleet import events
from db.fleet.events import Code, Event
from db.market_data.ranges import Range
from domain.candles import Series
from domain.gaps import Cause, Gap


def note(tx: Transaction, series: Series, gone: Sequence[Gap], extent: Range, now_ms: int) -> None:
    """These parts of gaps came, where bars from the first to the last of `extent` were stored before.

    What was only not fetched yet was repaired where it lay between stored bars: else the series has grown at an end.
    Pieces of one gap that come one after the other, page by page, leave one event.
    """
    for gap in gone:
        inside = extent[0] < gap.first_timestamp and gap.last_timestamp < extent[1]
        if gap.cause is not Cause.NOT_FETCHED or inside:
            _note(tx, series, gap, now_ms)


def _note(tx: Transaction, series: Series, gap: Gap, now_ms: int) -> None:
    """One piece: it lengthens the newest event of the series where that lies beside it."""
    subject = f"{series.exchange}:{series.symbol}:{series.timeframe}"
    for row in tx.read("repairs_newest", code=Code.GAP_REPAIRED, subject=subject):
        beside = _joined((row["first_timestamp"], row["last_timestamp"]), gap, series.seconds)
        if row["cause"] == gap.cause.value and beside is not None:
            span = {"first": beside[0], "last": beside[1]}
            number = tx.transaction_id
            tx.run("repairs_lengthen", event_id=row["event_id"], now_ms=now_ms, transaction_id=number, **span)
            return
    first, last, cause = gap
    text = f"bars of {series} that were missing ({cause.value}) are stored"
    event = Event(
        now_ms, Code.GAP_REPAIRED, subject, text, first_timestamp=first, last_timestamp=last, cause=cause.value
    )
    events.note(tx, event)


def _joined(known: Range, gap: Gap, length: int) -> Range | None:
    """Both as one range, None where something lies between them."""
    apart = gap.first_timestamp > known[1] + length or gap.last_timestamp < known[0] - length
    return None if apart else (min(known[0], gap.first_timestamp), max(known[1], gap.last_timestamp))
