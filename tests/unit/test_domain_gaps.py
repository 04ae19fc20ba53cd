"""Windows around missing bars."""

import pytest

from domain.candles import Candle, Series, fault
from domain.gaps import Cause, Gap, assemble, holes
from domain.timeframes import last_closed, seconds
from tests.kit.candles import bar
from tests.kit.series import HOUR

SERIES = Series("coinbase", "BTC/USD", "1h")


def bars(*numbers):
    """Bars of 1 h; the close tells the number."""
    return [bar(n, n, start=0, spread=0) for n in numbers]


def gap(first, last, cause):
    """A gap between two numbered bars."""
    return Gap(first * HOUR, last * HOUR, cause)


def closes(window):
    """The closes of a window."""
    return [candle.close for candle in window.candles]


def test_bars_without_trades_enter_flat_at_the_close_before():
    """A proven empty bar is made on reading, at the previous close, and flagged."""
    window = assemble(SERIES, bars(1, 2, 5), [gap(3, 4, Cause.NO_TRADES)], 10)

    assert closes(window) == [1, 2, 2, 2, 5]
    assert window.flat == {3 * HOUR, 4 * HOUR}
    assert window.candles[2] == Candle(3 * HOUR, 2, 2, 2, 2, 0.0)
    assert window.broken(10) is None


def test_an_outage_breaks_the_window_while_the_warm_up_reaches_over_it():
    """The break is named within the warm-up and forgotten beyond it."""
    window = assemble(SERIES, bars(1, 2, 4, 5, 6), [gap(3, 3, Cause.OUTAGE)], 10)

    assert closes(window) == [1, 2, 4, 5, 6]
    assert window.broken(4) == f"outage from {3 * HOUR} to {3 * HOUR}"
    assert window.broken(3) is None


def test_a_hole_that_nobody_has_explained_counts_as_not_fetched():
    """No row in gaps is no excuse."""
    assert assemble(SERIES, bars(1, 2, 4), [], 10).broken(10) == f"not_fetched from {3 * HOUR} to {3 * HOUR}"


def test_a_partly_explained_hole_is_as_bad_as_its_worst_bar():
    """One bar proven empty beside one not fetched blocks."""
    window = assemble(SERIES, bars(1, 2, 5), [gap(3, 3, Cause.NO_TRADES), gap(4, 4, Cause.NOT_FETCHED)], 10)

    assert window.broken(10) is not None


def test_what_the_exchange_no_longer_serves_starts_the_window_anew():
    """Across a hole that can never be filled the past is not to be had."""
    assert closes(assemble(SERIES, bars(1, 2, 8, 9), [gap(3, 7, Cause.NOT_OFFERED)], 10)) == [8, 9]


def test_the_window_is_cut_to_size_after_flat_bars_are_made():
    """Flat bars count."""
    assert closes(assemble(SERIES, bars(1, 2, 4, 5), [gap(3, 3, Cause.NO_TRADES)], 3)) == [2, 4, 5]


def test_a_window_as_it_was_seen_when_an_earlier_bar_closed():
    """Later bars and later breaks are not seen."""
    window = assemble(SERIES, bars(1, 2, 3, 5), [gap(4, 4, Cause.OUTAGE)], 10).ending(2, 2)

    assert closes(window) == [2, 3]
    assert window.broken(10) is None


def test_the_newest_bars_of_a_whole_series_are_its_window():
    """No hole, nothing to name; fewer where there are fewer."""
    window = assemble(SERIES, bars(1, 2, 3), [gap(7, 9, Cause.OUTAGE)], 2)
    assert (closes(window), window.flat, window.breaks) == ([2, 3], frozenset(), ())
    assert closes(assemble(SERIES, bars(1, 2, 3), [], 10)) == [1, 2, 3]
    assert closes(assemble(SERIES, bars(4), [], 10)) == [4]
    assert closes(assemble(SERIES, [], [], 10)) == []


def test_a_hole_is_filled_at_the_close_before_it():
    """Each of several at its own."""
    known = [gap(4, 5, Cause.NO_TRADES), gap(8, 8, Cause.NO_TRADES)]
    assert closes(assemble(SERIES, bars(1, 2, 3, 6, 7, 9), known, 20)) == [1, 2, 3, 3, 3, 6, 7, 7, 9]


def test_what_is_missing_elsewhere_says_nothing_of_a_hole():
    """Ranges before it and after it are of others."""
    known = [gap(1, 2, Cause.OUTAGE), gap(4, 5, Cause.NO_TRADES), gap(6, 9, Cause.REJECTED)]
    assert closes(assemble(SERIES, bars(3, 6), known, 20)) == [3, 3, 3, 6]


@pytest.mark.parametrize(
    ("first", "last", "cause"),
    [(3, 4, "no_trades"), (2, 5, "no_trades"), (1, 3, "not_fetched"), (4, 6, "not_fetched"), (5, 9, "not_fetched")],
)
def test_a_hole_is_explained_by_the_ranges_that_cover_it(first, last, cause):
    """Whole, however far they reach; what they leave out counts as not fetched."""
    window = assemble(SERIES, bars(1, 2, 5), [gap(first, last, Cause.NO_TRADES)], 10)
    assert (len(window), window.broken(10)) == ((5, None) if cause == "no_trades" else (3, window.breaks[0][1]))
    assert all(cause in text for _, text in window.breaks)


@pytest.mark.parametrize(
    ("causes", "named"),
    [
        ((Cause.NO_TRADES, Cause.OUTAGE), "outage"),
        ((Cause.NOT_OFFERED, Cause.REJECTED), "rejected"),
        ((Cause.BEFORE_LISTING, Cause.NO_TRADES), None),
    ],
)
def test_of_several_causes_what_blocks_entries_counts_first_and_no_trades_last(causes, named):
    """Where neither blocks the past is not to be had: the window starts anew."""
    (one, other) = causes
    window = assemble(SERIES, bars(1, 2, 5), [gap(3, 3, one), gap(4, 4, other)], 10)
    assert closes(window) == ([1, 2, 5] if named else [5])
    assert (window.broken(10) or "none").partition(" ")[0] == (named or "none")


@pytest.mark.parametrize(("since", "seen"), [(None, [6, 7]), (0, [1, 2]), (1, [1, 2]), (2, [6, 7]), (6, [6, 7])])
def test_bars_before_a_hole_that_opened_since_then_are_seen_first(since, seen):
    """In hours: the window ends before the hole as long as a bar before it opened later than that."""
    since = None if since is None else since * HOUR
    assert closes(assemble(SERIES, bars(1, 2, 6, 7), [gap(3, 5, Cause.NOT_OFFERED)], 10, since)) == seen


def test_the_bar_before_a_hole_is_the_one_that_is_looked_at():
    """Of three it is the third that opened later than the second."""
    known = [gap(4, 7, Cause.NOT_OFFERED)]
    assert closes(assemble(SERIES, bars(1, 2, 3, 8), known, 10, since=2 * HOUR)) == [1, 2, 3]


def test_a_break_before_a_hole_that_starts_the_window_anew_is_forgotten():
    """It lies in a past that is not to be had."""
    known = [gap(2, 2, Cause.OUTAGE), gap(4, 5, Cause.DELISTED)]
    window = assemble(SERIES, bars(1, 3, 6, 7), known, 10)
    assert (closes(window), window.breaks) == ([6, 7], ())


def test_a_gap_counts_its_bars():
    """Both ends are missing bars."""
    assert [gap(3, last, Cause.OUTAGE).bars(HOUR) for last in (3, 4, 9)] == [1, 2, 7]


def test_what_another_release_has_found_out_explains_nothing():
    """It counts as not fetched, which is asked for again."""
    assert Cause("eclipse") is Cause.NOT_FETCHED


def test_holes_between_timestamps():
    """First and last missing open of each, wherever the series begins."""
    assert holes([5 * HOUR, 6 * HOUR, 9 * HOUR, 10 * HOUR], HOUR) == [(7 * HOUR, 8 * HOUR)]
    assert holes([0, HOUR, 4 * HOUR, 6 * HOUR], HOUR) == [(2 * HOUR, 3 * HOUR), (5 * HOUR, 5 * HOUR)]


def test_a_bar_is_closed_when_the_exchange_has_settled_it():
    """At 02:00:02 the bar of 01:00 is not closed yet, a millisecond later it is."""
    assert last_closed((2 * HOUR + 2) * 1000, HOUR, 2.0) == 0
    assert last_closed((2 * HOUR + 2) * 1000 + 1, HOUR, 2.0) == HOUR


def test_weeks_open_on_mondays():
    """1970-01-05 was a Monday; a Thursday is no open."""
    week = seconds("1w")

    assert fault((345_600, 1, 1, 1, 1, 1), week) is None
    assert "not the open" in fault((0, 1, 1, 1, 1, 1), week)


def test_what_is_not_a_candle():
    """Every kind of nonsense has its words."""
    good = (HOUR, 2.0, 3.0, 1.0, 2.5, 1.0)

    assert fault(good, HOUR) is None
    assert fault(good[:5], HOUR) == "incomplete row"
    assert fault((HOUR, None, 3.0, 1.0, 2.5, 1.0), HOUR) == "incomplete row"
    assert fault((HOUR, float("nan"), 3.0, 1.0, 2.5, 1.0), HOUR) == "not a number"
    assert "out of order" in fault((HOUR, 2.0, 1.0, 3.0, 2.5, 1.0), HOUR)
    assert "out of order" in fault((HOUR, 0.0, 3.0, 0.0, 2.5, 1.0), HOUR)
    assert fault((HOUR, 2.0, 3.0, 1.0, 2.5, -1.0), HOUR) == "volume -1.0"
