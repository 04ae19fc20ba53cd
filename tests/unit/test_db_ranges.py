"""Arithmetic of ranges, held against sets of bars."""

import itertools

from hypothesis import given
from hypothesis import strategies as st

from db.market_data import ranges
from domain.gaps import Cause, Gap

STEP = 60
opens = st.sets(st.integers(0, 40)).map(lambda numbers: sorted(number * STEP for number in numbers))


def members(spans):
    """The bars of ranges, as a list: a bar that lies in two ranges shows."""
    return [t for span in spans for t in range(span[0], span[1] + 1, STEP)]


@given(opens)
def test_runs_hold_exactly_the_bars(timestamps):
    """Runs cover each bar once and are separated by missing ones."""
    found = ranges.runs(timestamps, STEP)
    assert members(found) == timestamps
    assert all(b[0] - a[1] > STEP for a, b in itertools.pairwise(found))


@given(opens, opens)
def test_subtracting_is_the_difference_of_sets(timestamps, cuts):
    """What is left are the bars that no cut holds."""
    left = ranges.subtract(ranges.runs(timestamps, STEP), ranges.runs(cuts, STEP), STEP)
    assert members(left) == sorted(set(timestamps) - set(cuts))


@given(st.dictionaries(st.integers(0, 40), st.sampled_from(list(Cause))))
def test_merging_joins_equal_neighbours_only(causes):
    """Merged ranges give every bar the cause it had, and no two neighbours share one."""
    single = [Gap(number * STEP, number * STEP, cause) for number, cause in causes.items()]
    found = ranges.merged(single, STEP)
    assert {t // STEP: gap.cause for gap in found for t in members([gap])} == causes
    pairs = itertools.pairwise(found)
    assert all(b.first_timestamp - a.last_timestamp > STEP or a.cause is not b.cause for a, b in pairs)


@given(opens, opens)
def test_pieces_of_a_gap_keep_their_cause(timestamps, cuts):
    """Cutting bars out of gaps changes no cause."""
    known = [Gap(*span, Cause.OUTAGE) for span in ranges.runs(timestamps, STEP)]
    left = ranges.without(known, ranges.runs(cuts, STEP), STEP)
    assert {gap.cause for gap in left} <= {Cause.OUTAGE}
    assert members(left) == sorted(set(timestamps) - set(cuts))
