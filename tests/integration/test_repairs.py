"""Gaps that are repaired leave an event; a series that grows leaves none."""

import pytest

from db.market_data import gaps, storing
from db.sqlite.connection import connect
from domain.candles import Source
from domain.gaps import Cause
from tests.backfilling import fleet, once, simulator, stored
from tests.db_files import fresh
from tests.kit.candles import bars
from tests.kit.rows import change, rows
from tests.kit.series import HOUR, HOURLY, at

EVENTS = "select subject, first_timestamp, last_timestamp, cause from events where code = 'gap_repaired'"
NAME = "binance:BTC/USDT:1h"


def repaired(db):
    """What stands of repairs."""
    return rows(db, EVENTS)


@pytest.fixture
def db(tmp_path):
    """A database with bars 0, 1, 8 and 9; those between are missing."""
    with fresh(tmp_path) as opened:
        put(opened, 0, 1, 8, 9)
        yield opened


def put(db, *numbers):
    """Store bars by their numbers."""
    storing.store(db, HOURLY, bars(*numbers), Source.EXCHANGE, 1)


@pytest.mark.parametrize("cause", [Cause.NOT_FETCHED, Cause.OUTAGE, Cause.NO_TRADES])
def test_a_hole_that_is_filled_leaves_one_event(db, cause):
    """Also where its bars come one after the other: the range and the cause by which it was explained."""
    gaps.mark(db, HOURLY, at(2), at(7), cause)
    for number in (7, 6, 2, 3):
        put(db, number)
    assert repaired(db) == [(NAME, at(6), at(7), cause.value), (NAME, at(2), at(3), cause.value)]
    put(db, 4)
    assert repaired(db)[-1] == (NAME, at(2), at(4), cause.value)


def test_a_series_that_grows_leaves_none(db):
    """At either end: history that was not fetched yet, and bars that have just closed."""
    gaps.mark(db, HOURLY, at(-5), at(-1), Cause.NOT_FETCHED)
    gaps.mark(db, HOURLY, at(10), at(12), Cause.NOT_FETCHED)
    put(db, -3, -2, -1)
    put(db, 10, 11, 12)
    assert repaired(db) == []


def test_a_cause_that_was_wrong_leaves_one_also_at_an_end(db):
    """It was said that there is nothing before the listing."""
    gaps.mark(db, HOURLY, at(-5), at(-1), Cause.BEFORE_LISTING)
    put(db, -1)
    assert repaired(db) == [(NAME, at(-1), at(-1), "before_listing")]


def test_a_first_history_leaves_none_and_a_repair_one(tmp_path):
    """Over HTTP: 1,500 bars in pages, then a hole in them that is asked for again."""
    with simulator() as running:
        settings = fleet(tmp_path, running, "binance BTC/USDT 1h 1500")
        assert once(settings) == 0
        assert rows(settings.database, EVENTS) == []
        first = stored(settings)[700].timestamp
        with connect(settings.database) as db:
            change(db, f"delete from ohlcv_data where timestamp between {first} and {first + 9 * HOUR}")
            gaps.mark(db, HOURLY, first, first + 9 * HOUR, Cause.NOT_FETCHED)
        assert once(settings) == 0
    assert rows(settings.database, EVENTS) == [(NAME, first, first + 9 * HOUR, "not_fetched")]
