"""What strategies see of a bar: a window of their own length, which those of one length share."""

from types import SimpleNamespace

import pytest

from strategies.indicators import Indicators
from tests.kit.candles import walk, window
from trader.strategy_turn import observe
from trader.undecided import UndecidedBar

STRETCH = window(walk(300))


def view(place):
    """A bar of the stretch."""
    return UndecidedBar(Indicators(STRETCH), place, STRETCH.last, 0)


@pytest.mark.parametrize(("place", "size"), [(299, 40), (299, 300), (120, 40), (10, 40)])
def test_a_sight_is_the_window_that_ends_with_the_bar(place, size):
    """As if nothing else had been read: its candles, and the indicators of them."""
    found, alone = view(place).seen_by(size), walk(300)[max(0, place + 1 - size) : place + 1]
    assert list(found.window.candles) == alone
    assert found.indicators("sma", 7).tolist()[6:] == Indicators(window(alone))("sma", 7).tolist()[6:]


def test_strategies_of_one_length_share_what_is_computed():
    """And those of another have their own."""
    bar = view(299)
    assert bar.seen_by(40).indicators is bar.seen_by(40).indicators
    assert bar.seen_by(40).indicators is not bar.seen_by(41).indicators


def test_on_the_first_bar_of_a_history_nothing_is_known():
    """A crossing needs the bar before: whoever holds is told that its exit is undefined."""
    active = SimpleNamespace(bars=40, atr_lengths=frozenset(), strategy=None)
    said = observe(active, view(0)).signal
    assert (said.reason, said.undefined) == ("no bar before", True)
