"""Strategies in columns: what they must give, and what is told to whoever gives something else."""

from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pytest

from domain.strategy import Signal
from strategies.base import ColumnStrategy, Signals, Words
from strategies.indicators import Indicators
from strategies.kinds import SHIPPED, build
from strategies.lookahead_analysis import bar_checks, first_findings
from strategies.signal_counts import SignalCounts, counts, total
from tests.kit.candles import closes, walk, window

RISING = Indicators(window(closes(1, 2, 3, 2, 5)))


@dataclass(frozen=True)
class Given(ColumnStrategy):
    """Says what it was given."""

    made: Any
    told: Words = Words("in", "out", "nothing", {"one": 1.0})

    def signals(self, indicators):
        """As it was given."""
        return self.made(indicators.column("close"))

    def words(self, indicators, signals):
        """As they were given."""
        return self.told


def risen(close):
    """Where the close lies above the one before."""
    found = np.zeros(len(close), bool)
    found[1:] = close[1:] > close[:-1]
    return found


RISEN = Given(lambda close: Signals(risen(close), ~risen(close)))


def test_the_newest_bar_is_what_is_said():
    """Its columns say what is wished, its words why; the values that were looked at come always."""
    assert RISEN.signal(RISING) == Signal(entry="in", reason="nothing", indicators={"one": 1.0})
    assert RISEN.signal(RISING.ending(3, 4)) == Signal(exit="out", reason="nothing", indicators={"one": 1.0})


def test_what_is_undefined_is_said_of_the_newest_bar():
    """Not of those before it."""
    strategy = Given(lambda close: Signals(close > 9, close > 9, undefined=close > 4))
    assert [strategy.signal(RISING.ending(place, 5)).undefined for place in (3, 4)] == [False, True]


@pytest.mark.parametrize(
    ("made", "told"),
    [
        (lambda close: Signals(close, close > 1), "one is float64 of (5,)"),
        (lambda close: Signals(close > 1, [True] * 5), "one is list"),
        (lambda close: Signals(close > 1, close[1:] > 1), "one is bool of (4,)"),
        (lambda close: Signals(close > 1, close > 1, undefined=np.isnan(close)[:1]), "one is bool of (1,)"),
        (lambda close: Signals(close[1:] > 1, close[1:] > 1), "Signals have 4 bars, the window has 5"),
    ],
)
def test_columns_that_are_none_are_refused(made, told):
    """A NaN would count as true, and a column of another length would be of other bars."""
    with pytest.raises(TypeError) as caught:
        Given(made).signal(RISING)
    assert told in str(caught.value)


class Wordless(ColumnStrategy):
    """Says where, not why."""

    def signals(self, indicators):
        """Nowhere."""


class Underived:
    """Has both and is not derived."""

    def signals(self, indicators):
        """Nowhere."""

    def words(self, indicators, signals):
        """Nothing."""


@pytest.mark.parametrize(
    ("made", "told"), [(Wordless, "words"), (Underived, "builds a Underived that has no signal: derive it from")]
)
def test_whoever_lacks_something_is_told_what(made, told):
    """Before the first bar, with what to write."""
    kinds = {"own": replace(SHIPPED["rsi"], name="own", build=lambda params: made())}
    with pytest.raises(TypeError, match=told):
        build("own", {}, kinds)


@pytest.mark.parametrize("column", [0, 1])
def test_columns_that_look_ahead_are_found(column):
    """The newest bar has no later one, so that only the columns over all candles show it."""

    def made(close):
        masks = [close < 0, close < 0]
        masks[column] = np.append(close[1:] > close[:-1], False)
        return Signals(*masks)

    (found,) = first_findings(question() for question in bar_checks(Given(made), Indicators(window(walk(90))), 5))
    assert f"later candles change the column {('entry', 'exit')[column]}" in found


def test_signals_are_counted_at_once_as_bar_by_bar():
    """One question instead of one for each bar, with the same answer."""
    strategy, whole = build("rsi", {"length": 5, "oversold": 40, "overbought": 60}), Indicators(window(walk(300)))
    once, single = counts(strategy, whole, 3), counts(Asked(strategy), whole, 3)
    assert (len(once), len(single)) == (1, 297)
    (found,) = (question() for question in once)
    assert found == total(question() for question in single)
    assert found == SignalCounts(297, found.entries, found.exits, 0, unknown=3)
    assert found.entries > 5 < found.exits


@dataclass(frozen=True)
class Asked:
    """A strategy that is asked bar by bar."""

    strategy: Any

    def signal(self, indicators):
        """What it says."""
        return self.strategy.signal(indicators)
