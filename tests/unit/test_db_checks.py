"""Checks of whole batches: the same verdicts as the rule for one candle."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from db.market_data.checks import checked, sound_rows
from domain.candles import fault
from domain.errors import Rejected
from tests.kit.candles import bar, bars
from tests.kit.series import HOUR, HOURLY, at

odd = st.one_of(st.sampled_from([0.0, -1.0, 1.0, 1e15, 1e18, 0.5, float("nan"), float("inf")]), st.floats(0.5, 3.0))
times = st.one_of(st.integers(-2, 3).map(lambda n: float(n * HOUR)), st.floats(0, 1e4), st.just(float("nan")))


@given(st.lists(st.tuples(times, odd, odd, odd, odd, odd), min_size=1, max_size=20))
def test_arrays_get_the_verdict_of_single_candles(rows):
    """A row is sound exactly where `domain.candles.fault` finds no fault."""
    sound = sound_rows(np.array(rows), HOUR).tolist()
    assert sound == [fault(row, HOUR) is None for row in rows]


@pytest.mark.parametrize(
    ("change", "complaint"),
    [
        ({"high": 1.0}, "prices out of order"),
        ({"volume": -1.0}, "volume"),
        ({"timestamp": at(1) + 1}, "not the open of a bar"),
        ({"close": float("nan")}, "not a number"),
        ({"open": None}, "not a number"),
        ({"open": "x"}, "not made of numbers"),
    ],
)
def test_a_bad_row_is_named(change, complaint):
    """The refusal says which row of which series and why."""
    rows = [bar(0), bar(1)._replace(**change)]
    with pytest.raises(Rejected, match=rf"binance BTC/USDT 1h: .*{complaint}"):
        checked(HOURLY, rows)


def test_rows_of_the_wrong_length_are_refused():
    """Six numbers make a candle, in lists and in arrays."""
    for rows in ([bar(0)[:5]], np.ones((2, 7)), np.ones(6)):
        with pytest.raises(Rejected, match="six numbers"):
            checked(HOURLY, rows)


def test_rows_are_put_in_order_and_repetitions_left_out():
    """An exchange may send rows in any order and twice."""
    assert checked(HOURLY, bars(2, 0, 2, 1))[:, 0].tolist() == [at(0), at(1), at(2)]


def test_two_different_candles_of_one_bar_are_refused():
    """Nobody could say which of the two is right."""
    with pytest.raises(Rejected, match=f"two different candles at {at(0)}"):
        checked(HOURLY, [bar(0), bar(0, close=101.0)])
