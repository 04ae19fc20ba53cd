"""Gaps in the database, and windows made whole around them."""

from itertools import pairwise

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from db.market_data import gaps, storing
from db.market_data.windows import window
from domain.candles import Series, Source
from domain.gaps import Cause, Gap
from tests.db_files import fresh
from tests.kit.candles import bar, bars
from tests.kit.series import HOUR, HOURLY, at

NOT_FETCHED, NO_TRADES, OUTAGE = Cause.NOT_FETCHED, Cause.NO_TRADES, Cause.OUTAGE


@pytest.fixture
def db(tmp_path):
    """A connection to a new database."""
    with fresh(tmp_path) as database:
        yield database


def store(db, rows):
    storing.store(db, HOURLY, rows, Source.EXCHANGE, 1)


def found(db):
    """The gaps as numbers of bars."""
    return [((gap[0] - at(0)) // HOUR, (gap[1] - at(0)) // HOUR, gap.cause) for gap in gaps.gaps(db, HOURLY)]


def test_a_range_is_kept_with_its_cause(db):
    """Limits between opens are moved inwards; an empty range is nothing."""
    gaps.mark(db, HOURLY, at(1) - 5, at(3) + 5, OUTAGE)
    gaps.mark(db, HOURLY, at(8) + 1, at(9) - 1, OUTAGE)
    assert found(db) == [(1, 3, OUTAGE)]


def test_stored_bars_stay_out(db):
    """A range that is marked over stored bars is cut at them."""
    store(db, bars(2, 3))
    gaps.mark(db, HOURLY, at(0), at(5), NOT_FETCHED)
    assert found(db) == [(0, 1, NOT_FETCHED), (4, 5, NOT_FETCHED)]


def test_a_new_cause_replaces_the_old_one(db):
    """The rest of the range keeps the cause it had."""
    gaps.mark(db, HOURLY, at(0), at(9), NOT_FETCHED)
    gaps.mark(db, HOURLY, at(3), at(4), NO_TRADES)
    assert found(db) == [(0, 2, NOT_FETCHED), (3, 4, NO_TRADES), (5, 9, NOT_FETCHED)]


def test_equal_neighbours_become_one(db):
    """Before, after, and where a hole between two is closed."""
    for first, last in ((0, 1), (5, 6), (2, 4)):
        gaps.mark(db, HOURLY, at(first), at(last), OUTAGE)
    assert found(db) == [(0, 6, OUTAGE)]


def test_clearing_forgets_a_part(db):
    """Both sides stay."""
    gaps.mark(db, HOURLY, at(0), at(9), OUTAGE)
    gaps.clear(db, HOURLY, at(3), at(6))
    assert found(db) == [(0, 2, OUTAGE), (7, 9, OUTAGE)]


def test_many_ranges_are_marked_at_once(db):
    """One call and one transaction for all."""
    gaps.mark_all(db, HOURLY, [(at(0), at(1)), (at(4), at(5))], NO_TRADES)
    assert found(db) == [(0, 1, NO_TRADES), (4, 5, NO_TRADES)]


def test_ranges_that_touch_a_stretch_are_found_whole(db):
    """One that begins before it counts, one that ends before it does not."""
    gaps.mark_all(
        db,
        HOURLY,
        [(at(0), at(1)), (at(3), at(6)), (at(8), at(9)), (at(11), at(12))],
        OUTAGE,
    )
    assert gaps.gaps(db, HOURLY, at(5), at(8)) == [
        Gap(at(3), at(6), OUTAGE),
        Gap(at(8), at(9), OUTAGE),
    ]
    assert gaps.gaps(db, HOURLY, at(2), at(2)) == []
    assert len(gaps.gaps(db, HOURLY, last=at(3))) == 2


def test_all_gaps_name_their_series(db):
    """In order of series and time."""
    other = Series("kraken", "ETH/USD", "1h")
    gaps.mark(db, other, at(0), at(0), NO_TRADES)
    gaps.mark(db, HOURLY, at(5), at(6), OUTAGE)
    assert gaps.all_gaps(db) == [
        (HOURLY, Gap(at(5), at(6), OUTAGE)),
        (other, Gap(at(0), at(0), NO_TRADES)),
    ]


operation = st.tuples(st.sampled_from([*Cause, "clear", "store"]), st.integers(0, 20), st.integers(0, 6))


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(operations=st.lists(operation, max_size=10))
def test_any_sequence_agrees_with_a_dictionary(tmp_path_factory, operations):
    """Each bar has the cause it was given last, stored bars have none, ranges are disjoint, merged and in order."""
    causes, stored = {}, set()
    with fresh(tmp_path_factory.mktemp("model")) as db:
        for what, first, more in operations:
            numbers = set(range(first, first + more + 1))
            if isinstance(what, Cause):
                gaps.mark(db, HOURLY, at(first), at(first + more), what)
                causes |= dict.fromkeys(numbers - stored, what)
                continue
            causes = {number: cause for number, cause in causes.items() if number not in numbers}
            if what == "clear":
                gaps.clear(db, HOURLY, at(first), at(first + more))
            else:
                store(db, bars(*numbers))
                stored |= numbers
        ranges = found(db)
    assert {n: cause for first, last, cause in ranges for n in range(first, last + 1)} == causes
    assert all(b[0] > a[1] + (a[2] == b[2]) for a, b in pairwise(ranges))


def test_a_whole_window(db):
    """The newest bars, oldest first."""
    store(db, bars(*range(10)))
    seen = window(db, HOURLY, 4)
    assert list(seen.candles) == bars(6, 7, 8, 9)
    assert (seen.flat, seen.breaks) == (frozenset(), ())


def test_a_window_as_it_was_seen_earlier(db):
    """Later candles do not exist for it."""
    store(db, bars(*range(10)))
    assert list(window(db, HOURLY, 2, upto=at(5)).candles) == bars(4, 5)


def test_bars_without_trades_enter_flat_and_count(db):
    """Proven by the gap's cause; at the close before them."""
    store(db, [*bars(0, 1), bar(3, close=50.0)])
    gaps.mark(db, HOURLY, at(2), at(2), NO_TRADES)
    seen = window(db, HOURLY, 3)
    assert [candle.timestamp for candle in seen.candles] == [at(1), at(2), at(3)]
    assert seen.candles[1].close == 100.0
    assert seen.flat == {at(2)}


def test_an_outage_breaks_the_window(db):
    """The bar behind the hole carries what is missing."""
    store(db, bars(0, 1, 4, 5))
    gaps.mark(db, HOURLY, at(2), at(3), OUTAGE)
    seen = window(db, HOURLY, 4)
    assert len(seen) == 4
    assert [timestamp for timestamp, _ in seen.breaks] == [at(4)]


def test_a_window_of_nothing_is_empty(db):
    """A series without candles has a window without bars."""
    assert len(window(db, HOURLY, 10)) == 0
