"""What indicators are made of, worked by hand: means, extremes, quotients and signs of columns with holes."""

import math

import numpy as np
import pytest

from strategies import smoothing
from strategies.smoothing import before, change, flag, moving, over_windows, ratio, sign, sma, total, weighted, where

NAN = math.nan


def column(*values):
    """A column."""
    return np.array(values, dtype=np.float64)


def same(found, *expected):
    """Whether it is these values, undefined where they are."""
    return found.tolist() == pytest.approx(list(expected), nan_ok=True)


def test_a_quotient_is_undefined_where_the_divisor_is_noise():
    """At 1e-10 of the largest magnitude and below, whatever its sign."""
    found = ratio(column(6, 6, 6, 6, 6), column(2, 0, 1e-8, -1.1e-8, NAN), 100.0)
    assert same(found, 3, NAN, NAN, 6 / -1.1e-8, NAN)


def test_values_of_bars_before():
    """None before the first ones; of no bars before they are themselves."""
    values = column(1, 4, 9)
    assert same(before(values), NAN, 1, 4)
    assert same(before(values, 2), NAN, NAN, 1)
    assert before(values, 0) is values
    assert same(before(values, 7), NAN, NAN, NAN)
    assert same(change(values), NAN, 3, 5)
    assert same(change(values, 2), NAN, NAN, 8)


def test_signs_and_flags_and_choices_are_undefined_where_their_values_are():
    """What is nothing beside the largest has no sign."""
    values = column(5, -5, 1e-8, 1.1e-8, -1e-8, NAN)
    assert same(sign(values, 100.0), 1, -1, 0, 1, 0, NAN)
    assert same(flag(values > 0, values), 1, 0, 1, 1, 0, NAN)
    assert same(flag(values > 0), 1, 0, 1, 1, 0, 0)
    assert same(flag(column(1, 1) > 0, column(1, NAN), column(NAN, 1)), NAN, NAN)
    assert same(where(values > 0, values), 5, 0, 1e-8, 1.1e-8, 0, NAN)


def test_means_and_sums_of_the_last_values():
    """Undefined until there are so many."""
    values = column(1, 2, 6, 7)
    assert same(sma(values, 2), NAN, 1.5, 4, 6.5)
    assert same(total(values, 3), NAN, NAN, 9, 15)
    assert same(weighted(values, (1, 0, 10)), NAN, NAN, 61, 72)
    assert same(weighted(values, (1, 1, 1, 2)), NAN, NAN, NAN, 23)
    assert same(weighted(values, (1, 1, 1, 1, 1)), NAN, NAN, NAN, NAN)


@pytest.mark.parametrize(
    ("values", "length", "expected"),
    [
        ((1, 3, NAN, 5, 7, 9), 2, (NAN, 2, NAN, NAN, 6, 8)),
        ((NAN, 1, 3, 5), 2, (NAN, NAN, 2, 4)),
        ((NAN, 1, NAN, 5), 2, (NAN,) * 4),
        ((1, 3, NAN, 5), 3, (NAN,) * 4),
        ((NAN, NAN), 2, (NAN,) * 2),
        ((1, 3, 5), 3, (NAN, NAN, 3)),
        ((1, 3), 3, (NAN,) * 2),
        ((1, NAN, 3), 1, (1, NAN, 3)),
    ],
)
def test_behind_a_hole_everything_starts_anew(values, length, expected):
    """As if the data began there; what is too short for a value has none."""
    assert same(sma(column(*values), length), *expected)


def test_a_function_is_never_shown_a_hole():
    """Nor fewer values than it needs."""
    shown = []

    def asked(values, length):
        shown.append(values.tolist())
        return values

    moving(asked, column(NAN, 1, 2, NAN, 3, NAN, 4, 5, 6), 2)
    assert shown == [[1, 2], [4, 5, 6]]


@pytest.mark.parametrize(("length", "calls"), [(1_000, 3), (10, 1)])
def test_windows_are_looked_at_a_million_values_at_a_time(length, calls):
    """None is left out, in their order."""
    values, sizes = np.arange(3_000.0), []

    def newest(rows):
        sizes.append(rows.size)
        return rows[:, -1] - rows[:, 0]

    found = over_windows(newest, values, length)
    assert (len(sizes), max(sizes) <= smoothing.AT_ONCE == 1_000_000) == (calls, True)
    assert np.isnan(found[: length - 1]).all()
    assert (found[length - 1 :] == length - 1).all()
    assert len(found) == 3_000
    assert np.isnan(over_windows(newest, values[:5], 6)).all()
    assert same(over_windows(newest, values[:5], 5), NAN, NAN, NAN, NAN, 4)
