"""Which series of an exchange is asked for next."""

from backfiller.exchange_schedules import ExchangeSchedules
from backfiller.plan import Wanted
from backfiller.schedule import LONGEST_WAIT, SeriesSchedule
from config.settings import SeriesSettings
from domain.candles import Series

NOW = 1_700_000_000_000
PAGE = 100


def schedules(**timeframes):
    """Series by name, each with its timeframe and how many bars are wanted; their newest bar is the last closed one."""
    found = {}
    for name, (timeframe, last) in timeframes.items():
        series = Series("binance", f"{name}/USDT", timeframe)
        schedule = SeriesSchedule(Wanted(SeriesSettings(series=series, last=last)), filled=True)
        schedule.last = (NOW // 1000 // series.seconds - 1) * series.seconds
        found[series] = schedule
    kept = [schedule.wanted.settings for schedule in found.values()]
    return ExchangeSchedules(kept=kept, offered=frozenset(["1m", "1h"]), every=found)


def names(found):
    """The symbols, in order."""
    return [schedule.wanted.series.symbol.removesuffix("/USDT") for schedule in found]


def by_name(found, name):
    """One of them."""
    return next(schedule for schedule in found if names([schedule]) == [name])


def test_short_bars_come_first_and_those_that_failed_last():
    """So that a series that is not answered holds up nobody who is."""
    found = schedules(HOUR=("1h", 10), BAD=("1m", 10), MINUTE=("1m", 10))
    by_name(found, "BAD").failures = 1
    assert names(found.due(NOW, PAGE)) == ["MINUTE", "HOUR", "BAD"]


def test_who_was_away_for_more_than_a_page_has_history_to_fetch():
    """That takes its time, and comes after the newest bars of the others."""
    found = schedules(AWAY=("1m", 10), HERE=("1m", 10))
    away = by_name(found, "AWAY")
    away.last -= 60 * PAGE
    assert names(found.due(NOW, PAGE)) == ["HERE"]
    assert found.next_fill(NOW) is away


def test_a_short_history_comes_before_a_long_one():
    """And each only when it is due; one that is not answered comes last."""
    found = schedules(LONG=("1m", 20_000), SHORT=("1m", 400), LATER=("1m", 10))
    for schedule in found:
        schedule.filled = False
    by_name(found, "LATER").fill_ms = NOW + 1
    assert names([found.next_fill(NOW)]) == ["SHORT"]
    by_name(found, "SHORT").fill_unanswered(NOW - 60_000, 1.0)
    assert names([found.next_fill(NOW)]) == ["LONG"]


def test_what_is_not_answered_is_asked_for_later_and_later():
    """Twice as late each time, up to a minute of real time; an answer begins anew."""
    schedule, waits = by_name(schedules(ONE=("1m", 10)), "ONE"), []
    for _ in range(9):
        schedule.unanswered(NOW, speed=60.0)
        waits.append((schedule.due_ms - NOW) / 60_000)
    assert waits == [0.5, 1, 2, 4, 8, 16, 32, LONGEST_WAIT, LONGEST_WAIT]
    schedule.reached(schedule.last + 60)
    schedule.unanswered(NOW, speed=1.0)
    assert schedule.due_ms == NOW + 500
