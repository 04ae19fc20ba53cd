"""Coarser and unfinished bars, and numbers as texts."""

from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from exchange.simulated import bars

PRICE = st.integers(1, 10**9).map(lambda ticks: ticks / 100)


@st.composite
def minutes(draw):
    """Some whole minutes with holes, as rows."""
    opens = sorted(draw(st.sets(st.integers(0, 300), min_size=1, max_size=60)))
    rows = []
    for minute in opens:
        low, open_, close, high = sorted(draw(st.tuples(PRICE, PRICE, PRICE, PRICE)))
        rows.append([minute * 60, open_, high, low, close, draw(st.integers(0, 10**10)) / 10**5])
    return np.array(rows)


@given(minutes())
def test_a_coarser_bar_is_exactly_what_its_minutes_say(rows):
    """First open, highest high, lowest low, last close; the volume is the exact sum, rounded once."""
    made = bars.aggregate(rows, bars.frame("15m")).tolist()
    assert [bar[0] for bar in made] == sorted({row[0] // 900 * 900 for row in rows.tolist()})
    for bar in made:
        of_it = [row for row in rows.tolist() if bar[0] <= row[0] < bar[0] + 900]
        exact = sum(Fraction(str(row[5])) for row in of_it)
        assert bar[1:5] == [
            of_it[0][1],
            max(row[2] for row in of_it),
            min(row[3] for row in of_it),
            of_it[-1][4],
        ]
        assert bar[5] == float(exact)


@given(minutes())
def test_making_hours_in_two_steps_changes_nothing(rows):
    """Minutes to hours equals minutes to quarters to hours."""
    hours = bars.aggregate(rows, bars.frame("1h"))
    assert np.array_equal(bars.aggregate(bars.aggregate(rows, bars.frame("15m")), bars.frame("1h")), hours)


def test_no_minutes_make_no_bar():
    """Nothing in, nothing out, with six columns."""
    assert bars.aggregate(bars.EMPTY, bars.frame("1h")).shape == (0, 6)


def test_weeks_open_on_mondays_except_where_they_do_not():
    """1970-01-01 was a Thursday: Kraken counts weeks from there."""
    monday = 1_735_516_800  # 2024-12-30
    assert bars.frame("1w").floor(1_735_689_600) == monday
    assert bars.frame("1w", mondays=False).floor(1_735_689_600) == monday - 4 * 86_400


@pytest.mark.parametrize(
    ("part", "expected"), [(0.0, [0, 10, 10, 10, 10, 0]), (0.25, [0, 10, 12, 10, 12, 1]), (1.0, [0, 10, 20, 5, 18, 4])]
)
def test_an_unfinished_bar_walks_from_open_to_close(part, expected):
    """Wicks show in the second half; the volume grows evenly."""
    assert bars.unfinished([0, 10, 20, 5, 18, 4], part, 0) == expected


@given(st.floats(1e-12, 1e15))
def test_a_text_loses_not_one_digit(value):
    """What is written reads back as the same float, without an exponent."""
    written = bars.text(value, 8)
    assert float(written) == value
    assert "e" not in written


def test_texts_have_the_decimals_of_their_exchange():
    """Binance's eight; more only where they are needed; nonsense is told as JSON can."""
    assert [bars.text(value, 8) for value in (1.5, 1e-9, np.nan, np.inf)] == ["1.50000000", "0.000000001", "NaN", None]


def test_between_takes_both_ends():
    """First and last are opens, both included."""
    rows = np.array([[60.0 * n, 1, 1, 1, 1, 1] for n in range(5)])
    assert bars.between(rows, 60, 180)[:, 0].tolist() == [60, 120, 180]
