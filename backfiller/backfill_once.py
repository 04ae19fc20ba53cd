"""`--once`: everything is filled or explained, or said why it could not be."""

from backfiller.completeness import shortfall
from backfiller.exchange_backfiller import ExchangeBackfiller
from backfiller.requests import LOOKS, TRIES
from domain.candles import Series


def backfill_once(exchange_backfiller: ExchangeBackfiller) -> None:
    """Fill every series of an exchange; the status says of each why it could not be."""
    status, stop = exchange_backfiller.fetcher.status, exchange_backfiller.fetcher.stop
    answered = 0
    for attempt in range(1, TRIES + 1):
        if stop.stopped:
            break
        answered += exchange_backfiller.health.attempt(lambda: _fill_all(exchange_backfiller))
        short = _short(exchange_backfiller)
        if (answered and not short) or answered == LOOKS or attempt == TRIES:
            break
        for schedule in exchange_backfiller.schedules:
            schedule.filled = schedule.filled and schedule.wanted.series not in short
        stop.wait(exchange_backfiller.health.backoff.next())
    for series, reason in _short(exchange_backfiller).items():
        status.failed.setdefault(series, reason)
    if not stop.stopped:
        exchange_backfiller.requests.answer_all(status.failed)


def _fill_all(exchange_backfiller: ExchangeBackfiller) -> None:
    """Fill every series that is not filled yet."""
    exchange_backfiller.exchange_markets.refresh()
    exchange_backfiller.requests.take_up()
    for schedule in exchange_backfiller.schedules.asked():
        if not schedule.filled and not exchange_backfiller.fetcher.stop.stopped:
            exchange_backfiller.updater.fill(schedule)
    exchange_backfiller.updater.derive()


def _short(exchange_backfiller: ExchangeBackfiller) -> dict[Series, str]:
    """The series that are not what was wished for, and why; those that say so themselves are left out."""
    status, found = exchange_backfiller.fetcher.status, {}
    for schedule in exchange_backfiller.schedules:
        reason = (
            schedule.waits
            if schedule.fill_failures
            else shortfall(exchange_backfiller.fetcher, schedule.wanted) or schedule.waits
        )
        if not schedule.filled:
            reason = status.trouble or reason or "not filled"
        if reason is not None and schedule.wanted.series not in status.failed:
            found[schedule.wanted.series] = reason
    return found
