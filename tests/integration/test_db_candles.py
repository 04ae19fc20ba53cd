"""Candles in the database: stored once, revised openly, read back in order."""

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from db.market_data import candles, gaps, storing
from db.market_data.candles import Head
from db.market_data.storing import Stored
from domain.candles import Candle, Series, Source
from domain.errors import Rejected
from domain.gaps import Cause, Gap
from tests.db_files import fresh
from tests.kit.candles import bar, bars
from tests.kit.rows import rows
from tests.kit.series import HOURLY, at

EXCHANGE, IMPORT, DERIVED = Source


@pytest.fixture
def db(tmp_path):
    """A connection to a new database."""
    with fresh(tmp_path) as database:
        yield database


def store(db, rows, source=EXCHANGE, now_ms=1, series=HOURLY):
    return storing.store(db, series, rows, source, now_ms)


def revisions(db):
    """Superseded values: timestamp, when, close, source."""
    return rows(
        db, "select timestamp, superseded_ms, close, source from ohlcv_revisions order by timestamp, superseded_ms"
    )


def test_what_is_stored_is_read_back(db):
    """Every digit comes back, in order, whatever the order of arrival."""
    odd = bar(1)._replace(open=100.1, close=99.99999999, volume=1e-8)
    assert store(db, [bar(2), bar(0), odd]) == Stored(inserted=3)
    assert candles.newest(db, HOURLY, 10) == [bar(0), odd, bar(2)]
    assert candles.between(db, HOURLY, at(1), at(2)) == [odd, bar(2)]
    read = [*candles.newest(db, HOURLY, 10), *candles.between(db, HOURLY, at(1), at(2))]
    assert {type(each) for each in read} == {Candle}


def test_arrays_and_candles_store_the_same(db):
    """An (n, 6) array is taken as it is; timestamps are whole numbers in the database."""
    store(db, np.array(bars(0, 1, 2)))
    assert store(db, bars(0, 1, 2)) == Stored(unchanged=3)
    assert {type(candle.timestamp) for candle in candles.newest(db, HOURLY, 3)} == {int}


def test_nothing_to_store_changes_nothing(db):
    """An empty list is no mistake."""
    assert store(db, []) == Stored()
    assert candles.heads(db) == {}


def test_storing_again_changes_nothing(db):
    """Neither rows nor the head, so nobody is woken."""
    store(db, bars(0, 1), now_ms=5)
    with_head = candles.heads(db)
    assert store(db, bars(0, 1), now_ms=9) == Stored(unchanged=2)
    assert candles.heads(db) == with_head
    assert revisions(db) == []


def test_a_correction_is_a_recorded_revision(db):
    """The newest value stands in ohlcv_data, the old one beside the moment it was replaced."""
    store(db, bars(0, 1))
    assert store(db, [bar(0), bar(1, close=101.0)], now_ms=7) == Stored(revised=1, unchanged=1)
    assert candles.newest(db, HOURLY, 1) == [bar(1, close=101.0)]
    assert revisions(db) == [(at(1), 7, 100.0, 0)]


def test_two_corrections_in_one_millisecond_are_both_kept(db):
    """The second one moves on by a millisecond."""
    for close in (1.5, 2.5, 3.5):
        store(db, [bar(0, close=close)], now_ms=7)
    assert revisions(db) == [(at(0), 7, 1.5, 0), (at(0), 8, 2.5, 0)]


@pytest.mark.parametrize(
    ("first", "then", "outcome"),
    [
        (IMPORT, EXCHANGE, Stored(revised=1)),
        (DERIVED, IMPORT, Stored(revised=1)),
        (DERIVED, DERIVED, Stored(revised=1)),
        (EXCHANGE, IMPORT, Stored(rejected=1)),
        (IMPORT, DERIVED, Stored(rejected=1)),
    ],
)
def test_exchange_beats_import_beats_derived(db, first, then, outcome):
    """A weaker source never replaces what a better one said."""
    store(db, [bar(0, close=1.5)], first)
    assert store(db, [bar(0, close=2.5)], then) == outcome
    assert candles.newest(db, HOURLY, 1)[0].close == (2.5 if outcome.revised else 1.5)
    assert len(revisions(db)) == outcome.revised


def test_a_value_that_a_better_source_confirms_belongs_to_it(db):
    """After the exchange has said the same, an import cannot change it any more."""
    store(db, [bar(0)], IMPORT)
    assert store(db, [bar(0)], EXCHANGE) == Stored(unchanged=1)
    assert store(db, [bar(0, close=50.0)], IMPORT) == Stored(rejected=1)


def test_large_input_goes_in_batches(db):
    """2,500 rows are three transactions; the counts are of all."""
    rows = bars(*range(2500))
    store(db, rows[1200:1300])
    assert store(db, rows) == Stored(inserted=2400, unchanged=100)
    assert candles.newest(db, HOURLY, 5000) == rows


def test_a_bad_row_anywhere_stores_nothing(db):
    """Whole input is checked before the first batch is written."""
    rows = [*bars(*range(1500)), bar(1500)._replace(volume=-1.0)]
    with pytest.raises(Rejected, match="row 1500"):
        store(db, rows)
    assert candles.newest(db, HOURLY, 1) == []


def test_sparse_candles_do_not_read_what_lies_between(db):
    """Candles years apart are compared only with what is near them."""
    store(db, bars(0, 50_000))
    assert store(db, bars(0, 10, 50_000, 50_001)) == Stored(inserted=2, unchanged=2)


def test_the_head_follows(db):
    """First, last and count grow; stored_ms is when something new or revised came."""
    store(db, bars(5, 6), now_ms=10)
    store(db, bars(1), now_ms=20)
    assert candles.heads(db) == {HOURLY: Head(at(1), at(6), 20, 3, None)}
    store(db, bars(6, close=101.0), now_ms=30)
    assert candles.heads(db)[HOURLY].stored_ms == 30


def test_a_series_says_why_it_stands_still_until_it_moves(db):
    """A state may come before the first candle; a newer candle takes it away, an older one does not."""
    candles.set_state(db, HOURLY, "waiting")
    assert candles.heads(db) == {HOURLY: Head(0, 0, 0, 0, "waiting")}
    store(db, bars(5))
    assert candles.heads(db)[HOURLY] == Head(at(5), at(5), 1, 1, None)
    candles.set_state(db, HOURLY, "unreachable")
    store(db, bars(4))
    assert candles.heads(db)[HOURLY].state == "unreachable"
    candles.set_state(db, HOURLY, None)
    assert candles.heads(db)[HOURLY].state is None


@pytest.mark.parametrize("source", [EXCHANGE, IMPORT])
def test_history_before_stored_bars_leaves_them_as_they_are(db, source):
    """A long run that goes in before others changes neither their values nor where they came from."""
    rows = bars(*range(600))
    store(db, rows[300:], IMPORT)
    store(db, rows[:300], source)
    assert candles.newest(db, HOURLY, 999) == rows
    assert store(db, [bar(number, 50.0) for number in range(300, 600)], DERIVED) == Stored(rejected=300)
    assert store(db, [bar(number, 50.0) for number in range(300, 600)], IMPORT) == Stored(revised=300)


def test_series_do_not_mix(db):
    """Another exchange, symbol or timeframe is another series."""
    names = ("binance", "BTC/USDT", "1h"), ("kraken", "BTC/USDT", "1h"), ("binance", "ETH/USDT", "1h")
    several = [Series(*name) for name in (*names, ("binance", "BTC/USDT", "30m"))]
    for number, series in enumerate(several, 1):
        store(db, bars(*range(number)), series=series)
    assert [len(candles.newest(db, series, 9)) for series in several] == [1, 2, 3, 4]


def test_newest_stops_at_a_moment(db):
    """What came after `upto` is not seen."""
    store(db, bars(0, 1, 2, 3))
    assert candles.newest(db, HOURLY, 2, upto=at(2)) == bars(1, 2)


def test_extent_and_timestamps(db):
    """The ends of a series, and which opens there are."""
    assert candles.extent(db, HOURLY) is None
    store(db, bars(3, 1, 7))
    assert candles.extent(db, HOURLY) == (at(1), at(7))
    assert candles.timestamps(db, HOURLY, at(2), at(7)) == [at(3), at(7)]


def test_missing_bars_are_found_at_the_ends_and_within(db):
    """Limits between opens are moved inwards."""
    assert candles.missing(db, HOURLY, at(0), at(9)) == [(at(0), at(9))]
    store(db, bars(2, 3, 6))
    assert candles.missing(db, HOURLY, at(0), at(9)) == [
        (at(0), at(1)),
        (at(4), at(5)),
        (at(7), at(9)),
    ]
    assert candles.missing(db, HOURLY, at(1) + 1, at(6) + 1) == [(at(4), at(5))]
    assert candles.missing(db, HOURLY, at(2), at(3)) == []
    assert candles.missing(db, HOURLY, at(9), at(8)) == []


def test_stored_bars_leave_the_gaps(db):
    """In the transaction that stores them; what is left keeps its cause."""
    gaps.mark(db, HOURLY, at(0), at(9), Cause.NOT_FETCHED)
    store(db, bars(0, 1, 5))
    assert gaps.gaps(db, HOURLY) == [
        Gap(at(2), at(4), Cause.NOT_FETCHED),
        Gap(at(6), at(9), Cause.NOT_FETCHED),
    ]


step = st.tuples(st.dictionaries(st.integers(0, 12), st.sampled_from([1.5, 2.5])), st.sampled_from(Source))


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=st.lists(step, max_size=6))
def test_any_sequence_of_writes_agrees_with_a_dictionary(tmp_path_factory, steps):
    """Rows, revisions, head and gaps follow the rules whatever is stored in whatever order."""
    model, replaced = {}, 0
    with fresh(tmp_path_factory.mktemp("model")) as db:
        gaps.mark(db, HOURLY, at(0), at(12), Cause.NOT_FETCHED)
        for closes, source in steps:
            store(db, [bar(number, close) for number, close in closes.items()], source)
            for number, close in closes.items():
                known, known_source = model.get(number, (None, None))
                replaced += known not in (None, close) and source <= known_source
                if known is None or source <= known_source:
                    model[number] = close, source
        assert candles.newest(db, HOURLY, 99) == [bar(number, model[number][0]) for number in sorted(model)]
        assert len(revisions(db)) == replaced
        assert sum(head.candles for head in candles.heads(db).values()) == len(model)
        assert sum(gap.bars(3600) for gap in gaps.gaps(db, HOURLY)) == 13 - len(model)
        assert [gap[:2] for gap in gaps.gaps(db, HOURLY)] == candles.missing(db, HOURLY, at(0), at(12))
