"""When a market counts as gone, and which answers prove nothing."""

import pytest

from backfiller.delisting import delisted, missed_again, says_nothing
from db.market_data.markets import Absence

HOUR = 3_600_000
SIX = 6 * HOUR


def after(*moments):
    """What is known after looks at these moments, hours, that all missed it."""
    found = None
    for moment in moments:
        found = missed_again(found, round(moment * HOUR), SIX)
    return found


@pytest.mark.parametrize("moments", [(0, 3, 6), (0, 1, 2, 3, 4, 5, 6), (0, 3.5, 6.5), (0, 8, 8.1)])
def test_three_looks_over_six_hours_prove_it(moments):
    """However many there were between them."""
    assert delisted(after(*moments))


@pytest.mark.parametrize("moments", [(0,), (0, 100), (0, 0.1, 0.2, 0.3), (0, 3, 5.9), (1, 2, 3, 4, 5, 6)])
def test_fewer_or_closer_looks_do_not(moments):
    """Two looks after a long silence are two looks."""
    assert not delisted(after(*moments))


def test_it_counts_from_the_first_look():
    """Which a clock that is set back makes a new one."""
    assert after(5, 6, 8) == Absence(5 * HOUR, 2)
    assert after(5, 1) == Absence(1 * HOUR, 1)


@pytest.mark.parametrize(
    ("listed", "before", "is_silent"), [(0, 0, True), (1, 0, False), (4, 5, False), (99, 200, True)]
)
def test_an_answer_without_most_of_the_markets_is_silence(listed, before, is_silent):
    """The first one that lists any is an answer."""
    assert says_nothing(listed, before) is is_silent
