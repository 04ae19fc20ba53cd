"""The decisions of the backfiller without a world: plans, pages, sifting, causes, resampling."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as some

from backfiller import plan
from backfiller.gap_causes import SecondLook, gap_causes
from backfiller.page_size import PageSize
from backfiller.resample import resample
from backfiller.validate import validate
from config.settings import SeriesSettings
from domain.candles import Candle, Series
from domain.gaps import Cause, Gap
from exchange.protocol import Capabilities
from tests.kit.candles import bar, recorded
from tests.kit.series import HOUR

BTC = Series("coinbase", "BTC/USD", "1h")


def settings(timeframe="1h", **more):
    """A series to keep."""
    return SeriesSettings(series=Series("coinbase", "BTC/USD", timeframe), **more)


def test_how_deep():
    """The newest so many, or everything since."""
    closed = 1_700_000_400 // HOUR * HOUR
    assert plan.Wanted(settings(last=10)).first(closed) == closed - 9 * HOUR
    assert plan.Wanted(settings(since=closed - 5 * HOUR + 1)).first(closed) == closed - 4 * HOUR


def test_the_warmup_is_wanted_whatever_since_says():
    """A date that is too late for a strategy takes nothing from it; an earlier one reaches back further."""
    closed = 1_700_000_400 // HOUR * HOUR
    late = settings(since=closed - 5 * HOUR, last=1000, least=422)
    assert plan.Wanted(late).first(closed) == closed - 421 * HOUR
    early = settings(since=closed - 5000 * HOUR, last=1000, least=422)
    assert plan.Wanted(early).first(closed) == closed - 5000 * HOUR


@pytest.mark.parametrize("first", [0, 1])
def test_a_date_and_a_number_for_one_series_are_both_kept(first):
    """A finer series is wanted since a date by itself, and so deep for the bars that are made from it."""
    closed = 1_700_000_400 // HOUR * HOUR
    wishes = [settings("1h", since=closed - 5 * HOUR), settings("4h", last=50)]
    found = plan.wanted(wishes[first:] + wishes[:first], frozenset({"1h"}))
    assert found[Series("coinbase", "BTC/USD", "1h")].first(closed) == closed - 203 * HOUR


def test_a_missing_timeframe_brings_its_finer_one():
    """The longest that divides it, deep enough for whole bars; or the one that was named."""
    offered = frozenset({"1m", "1h", "2h", "6h"})
    found = plan.wanted([settings("4h", last=50)], offered)
    assert found[Series("coinbase", "BTC/USD", "4h")].source == Series("coinbase", "BTC/USD", "2h")
    assert found[Series("coinbase", "BTC/USD", "2h")].settings.last == 102
    named = plan.wanted([settings("4h", last=50, derive_from="1h")], offered)
    assert named[Series("coinbase", "BTC/USD", "4h")].source.timeframe == "1h"


def test_the_deeper_wish_counts():
    """A series that is kept for itself and for another."""
    found = plan.wanted([settings("2h", last=500), settings("4h", last=50)], frozenset({"2h"}))
    assert found[Series("coinbase", "BTC/USD", "2h")].settings.last == 500


@given(some.integers(1, 5000), some.integers(1, 1500))
def test_pages_cover_a_range_newest_first(bars, size):
    """Each bar in exactly one page, none longer than allowed."""
    pages = list(plan.pages((HOUR, bars * HOUR), HOUR, size))
    covered = [opened for first, last in reversed(pages) for opened in range(first, last + 1, HOUR)]
    assert covered == list(range(HOUR, (bars + 1) * HOUR, HOUR))
    assert all((last - first) // HOUR < size for first, last in pages)


@given(some.sets(some.integers(2, 3000), max_size=60), some.integers(5, 1000))
def test_windows_show_every_hole_with_its_neighbours(missing, size):
    """In few requests, none longer than allowed."""
    holes = [(each * HOUR, each * HOUR) for each in sorted(missing)]
    windows = list(plan.requests_with_neighbours(holes, HOUR, size))
    assert all((last - first) // HOUR < size for first, last in windows)
    for first, last in holes:
        assert any(low < first and last < high for low, high in windows)


def test_what_is_explained_is_not_asked_again():
    """Outages are, once, at a start."""
    known = [Gap(HOUR, 2 * HOUR, Cause.NO_TRADES), Gap(4 * HOUR, 4 * HOUR, Cause.OUTAGE)]
    missing = [(HOUR, 5 * HOUR)]
    assert plan.to_fetch(missing, known, plan.OPEN, HOUR) == [(3 * HOUR, 3 * HOUR), (5 * HOUR, 5 * HOUR)]
    assert plan.to_fetch(missing, known, plan.FIRST_LOOK, HOUR) == [(3 * HOUR, 5 * HOUR)]


def test_jitter_is_steady_and_spread():
    """The same for a series, another for others."""
    found = {plan.jitter(Series("binance", f"C{n}/USDT", "1h"), 1.0) for n in range(50)}
    assert len(found) > 20
    assert all(0 <= each < 1 for each in found)


def row(number, close=100.0):
    """A good row."""
    return [number * HOUR, close, close + 1, close - 1, close, 5.0]


def test_good_rows_are_kept_beside_bad_ones():
    """Bad ones with their payload and reason; the bar of a bad one is known."""
    bad = [2 * HOUR, 1.0, 0.5, 2.0, 1.0, 1.0]
    found = validate([row(1), bad, row(3), [None] * 6, row(9)], HOUR, 5 * HOUR)
    assert [candle.timestamp for candle in found.candles] == [HOUR, 3 * HOUR]
    assert [reason.split(":")[0] for _, reason in found.rejects] == ["prices out of order", "incomplete row"]
    assert found.rejected == {2 * HOUR}


def test_order_and_repetition_do_not_matter():
    """Two rows of one bar that differ are both refused."""
    found = validate([row(3), row(1), row(1), row(2), row(2, 101.0)], HOUR, 5 * HOUR)
    assert [candle.timestamp for candle in found.candles] == [HOUR, 3 * HOUR]
    assert found.rejected == {2 * HOUR}


ODD = some.none() | some.floats() | some.integers()
SOUND = some.builds(row, some.integers(90, 110), some.floats(2, 1e6))
DAMAGED = some.builds(
    lambda good, place, value: [*good[:place], value, *good[place + 1 :]], SOUND, some.integers(0, 5), ODD
)


@given(some.lists(SOUND | DAMAGED | some.lists(ODD, max_size=8), max_size=20))
def test_whatever_comes_only_closed_candles_go_on(rows):
    """No row raises; what is kept is sound."""
    found = validate([row(1), *rows], HOUR, 100 * HOUR)
    assert HOUR in {candle.timestamp for candle in found.candles} | found.rejected
    assert all(candle.timestamp <= 100 * HOUR and candle.low > 0 for candle in found.candles)


PRINTS, OMITS = Capabilities(page=100), Capabilities(page=100, omits_empty=True)
HOLE = (5 * HOUR, 6 * HOUR)
BROKEN = [5 * HOUR, 1.0, 0.5, 2.0, 1.0, 1.0]
LATE_OPEN = [5 * HOUR + 1, 100.0, 101.0, 99.0, 100.0, 1.0]
NOWHERE = [None, 1.0, 1.0, 1.0, 1.0, 1.0]


def answer(*rows):
    """What an exchange answered: numbers of good bars, or whole rows."""
    return validate([each if isinstance(each, list) else row(each) for each in rows], HOUR, 100 * HOUR)


@pytest.mark.parametrize(
    ("answers", "capabilities", "causes"),
    [
        ([answer(4, 7)], PRINTS, [Cause.OUTAGE]),
        ([answer(4, 7)], OMITS, [Cause.NO_TRADES]),
        ([answer(2, 9)], OMITS, [Cause.NO_TRADES]),
        ([answer(4, BROKEN, 7)], OMITS, [Cause.REJECTED, Cause.NO_TRADES]),
        ([answer(4, LATE_OPEN, 7)], OMITS, [Cause.REJECTED, Cause.NO_TRADES]),
        ([answer(4, NOWHERE, 7)], OMITS, []),
        ([answer(7)], PRINTS, []),
        ([answer(4)], OMITS, []),
        ([answer()], PRINTS, []),
        ([], PRINTS, []),
        ([answer(4), answer(7)], OMITS, []),
    ],
)
def test_the_cause_of_a_hole(answers, capabilities, causes):
    """Only what neighbours on both sides in one answer prove is known."""
    found = gap_causes(HOLE, [SecondLook((4 * HOUR, 7 * HOUR), each) for each in answers], capabilities, HOUR)
    assert [cause for _, cause in found.causes] == causes
    told = sum((last - first) // HOUR + 1 for first, last in [*(span for span, _ in found.causes), *found.open])
    assert told == 2


FIRST, LAST, BOTH = (4 * HOUR, 5 * HOUR), (6 * HOUR, 7 * HOUR), (4 * HOUR, 7 * HOUR)


@pytest.mark.parametrize(
    ("looks", "likely"),
    [
        ([SecondLook(FIRST, answer(4)), SecondLook(LAST, answer(7))], True),
        ([SecondLook(FIRST, answer(4)), SecondLook((5 * HOUR, 6 * HOUR), answer()), SecondLook(LAST, answer(7))], True),
        (
            [
                SecondLook(FIRST, answer(4)),
                SecondLook((5 * HOUR, 6 * HOUR), answer(NOWHERE)),
                SecondLook(LAST, answer(7)),
            ],
            False,
        ),
        ([SecondLook(FIRST, answer(3)), SecondLook(LAST, answer(7))], False),
        (
            [
                SecondLook((3 * HOUR, 4 * HOUR), answer(4)),
                SecondLook(BOTH, answer()),
                SecondLook((7 * HOUR, 8 * HOUR), answer(7)),
            ],
            False,
        ),
        (
            [SecondLook((3 * HOUR, 4 * HOUR), answer(4)), SecondLook(FIRST, answer()), SecondLook(LAST, answer(7))],
            False,
        ),
        (
            [SecondLook(FIRST, answer(4)), SecondLook(LAST, answer()), SecondLook((7 * HOUR, 8 * HOUR), answer(7))],
            False,
        ),
    ],
)
def test_a_hole_longer_than_an_answer(looks, likely):
    """Its own first and last answers show one neighbour each: likely, no more; those of other holes tell nothing."""
    found = gap_causes(HOLE, looks, OMITS, HOUR)
    assert not found.causes
    assert (found.likely, found.open) == (([(HOLE, Cause.NO_TRADES)], []) if likely else ([], [HOLE]))


def test_a_bar_behind_a_hole_waits():
    """As long as an entry on it were allowed: a quarter of its time, at most five minutes."""
    hole, opens = (2 * HOUR, 2 * HOUR), [HOUR, 3 * HOUR, 4 * HOUR]
    early, late = 1000 * (4 * HOUR + 299), 1000 * (4 * HOUR + 300)
    assert plan.storable(opens, [hole], early, HOUR) == (3 * HOUR, late)
    assert plan.storable(opens, [hole], late, HOUR) == (None, None)
    assert plan.storable(opens, [], early, HOUR) == (None, None)
    assert plan.storable([HOUR], [hole], early, HOUR) == (None, None)


def test_the_real_size_of_a_page_is_learnt():
    """From two answers of the same length that turned out to have been cut, whatever their capabilities say."""
    pages = PageSize(1000)
    for start in (0, 5000):
        asked = (start * HOUR, (start + 999) * HOUR)
        pages.note(BTC, asked, [(start + 600 + each) * HOUR for each in range(400)], 400)
        assert pages.size == 1000
        pages.note(BTC, asked, [(start + 599) * HOUR], 1)
    assert pages.size == 400


def test_a_quiet_market_makes_no_page_smaller():
    """Answers are short because nobody traded: what is missing at their ends never comes."""
    pages = PageSize(300)
    for start in range(0, 3000, 300):
        pages.note(BTC, (start * HOUR, (start + 299) * HOUR), [(start + 5 + each) * HOUR for each in range(50)], 50)
    assert pages.size == 300


def minute(number, close, volume=1.0):
    """A bar of one minute."""
    return bar(number, close, spread=1, volume=volume, length=60, start=0)


def test_a_longer_bar_is_exact():
    """Volumes are added as decimals: ten times 0.1 is 1, not 0.9999999999999999."""
    made = resample([minute(n, 100.0 + n, 0.1) for n in range(10)], (), (0, 0), 60, 600)
    assert made.candles == [Candle(0, 100.0, 110.0, 99.0, 109.0, 1.0)]


def test_a_bar_with_a_hole_is_not_made():
    """It passes the reason on; bars without trades do no harm."""
    there = [minute(n, 100.0) for n in range(15) if n not in (3, 12)]
    known = [Gap(3 * 60, 3 * 60, Cause.OUTAGE), Gap(12 * 60, 12 * 60, Cause.NO_TRADES)]
    made = resample(there, known, (0, 10 * 60), 60, 300)
    assert [candle.timestamp for candle in made.candles] == [300, 600]
    assert made.missing == [(0, Cause.OUTAGE)]


def test_a_bar_in_which_nobody_traded():
    """Is one without trades too."""
    made = resample([minute(9, 100.0)], [Gap(0, 4 * 60, Cause.NO_TRADES)], (0, 0), 60, 300)
    assert (made.candles, made.missing) == ([], [(0, Cause.NO_TRADES)])


@pytest.mark.parametrize(("finer", "longer", "ratio"), [("5m", "1h", 12), ("15m", "1h", 4), ("1h", "4h", 4)])
def test_what_is_made_is_what_binance_prints(data, finer, longer, ratio):
    """Where the recordings overlap: equal in every digit of the prices, volumes to the last printed one."""
    small = recorded(data, f"binance__BTC-USDT__{finer}.csv.gz")
    printed = {candle.timestamp: candle for candle in recorded(data, f"binance__BTC-USDT__{longer}.csv.gz")}
    length = small[1].timestamp - small[0].timestamp
    first = -(-small[0].timestamp // (length * ratio)) * length * ratio
    made = resample(small, (), (first, first + 1500 * length * ratio), length, length * ratio).candles
    both = [(each, printed[each.timestamp]) for each in made if each.timestamp in printed]
    assert len(both) > 500
    for ours, theirs in both:
        assert ours[:5] == theirs[:5]
        assert abs(Decimal(repr(ours.volume)) - Decimal(repr(theirs.volume))) <= Decimal("0.00001")
