"""Bars of a long stretch on which a strategy may act on its own window, whatever the stretch does to a digit."""

from dataclasses import dataclass

import numpy as np
import pytest

from domain.candles import Candle
from domain.strategy import Signal
from strategies.base import ColumnStrategy, Signals, Words
from strategies.candidates import candidates
from strategies.indicators import Indicators
from strategies.kinds import SHIPPED, build
from tests.kit.candles import closes, walk, window


@dataclass(frozen=True)
class Above(ColumnStrategy):
    """Enters above one level, exits above another that is the same for all bars or a column."""

    level: float
    column: str

    def signals(self, indicators):
        """What is read as rules read it."""
        close = indicators.read("close")
        return Signals(close > self.level, close > indicators.read(self.column), close > 1000)

    def words(self, indicators, signals):
        """None."""
        return Words()


NEAR = closes(90, 100, 100 - 1e-7, 100 - 1e-6, 100 + 1e-6, 1001)


@pytest.mark.parametrize("lead", range(4))
def test_a_bar_that_a_digit_may_turn_is_a_candidate(lead):
    """By hand: two columns are read, the largest value is 1001.5, so that what is within 2.003e-6 of a level may be
    beyond it; opens are closes here, and neither lies above the other. What is undefined is always one. On whichever
    bar of the stretch they stand.
    """
    found = candidates(Above(100 + 1.5e-6, "open"), Indicators(window([*closes(*[90] * lead), *NEAR])), 1)
    assert found.entry.tolist() == [False] * lead + [False, True, True, False, True, True]
    assert found.exit.tolist() == [True] * (lead + 6)


def test_a_bar_far_from_every_level_is_none():
    """Nor one without a window before it."""
    found = candidates(Above(95, "high"), Indicators(window(NEAR)), 3)
    assert found.entry.tolist() == [False, False, True, True, True, True]
    assert found.exit.tolist() == [False] * 5 + [True]


@pytest.mark.parametrize(
    ("rule", "prices", "expected"),
    [
        ("close > close[1]", (90, 100, 100 - 1e-7, 99), [0, 1, 1, 0]),
        ("close > close[2]", (100, 90, 100 - 1e-7, 89, 99), [0, 0, 1, 0, 0]),
        ("crosses_above(close, 100)", (100 + 1e-7, 101, 100, 100 + 1e-7, 100 - 1e-7, 99, 98), [0, 1, 0, 1, 1, 0, 0]),
        ("mom(1) > 0.0005", (1e6, 1e6, 1e6 - 1), [0, 1, 0]),
    ],
)
def test_what_a_digit_may_turn_is_seen_between_bars_too(rule, prices, expected):
    """A value against its own before, a crossing on either of its bars, a difference beside what it is made of."""
    strategy = build("rules", {"entry": f"volume > 1 and {rule}", "exit": "close < 1"})
    found = candidates(strategy, Indicators(window(closes(*prices))), 1)
    unknown = strategy.signals(Indicators(window(closes(*prices)))).undefined
    assert (found.entry & ~unknown).astype(int).tolist() == expected


def fallen(candles):
    """A market whose price was a million million times as high before: beside it all that follows is noise."""
    return [Candle(c[0], *(value * 1e12 for value in c[1:5]), c[5]) for c in candles[:20]] + candles[20:]


@pytest.mark.parametrize(
    ("kind", "params"),
    [
        ("rules", {"entry": "mom(5) > 0", "exit": "mom(5) < 0"}),
        ("rules", {"entry": "crosses_above(ema(3), ema(5))", "exit": "crosses_above(ema(5), ema(3))"}),
        ("rules", {"entry": "mom(5) - mom(3) > mom(2) - mom(1)", "exit": "rsi(2) > 90"}),
        ("rsi", {"length": 3, "oversold": 40, "overbought": 60}),
        ("macd", {"fast": 3, "slow": 6, "signal": 2}),
    ],
)
def test_a_stretch_with_much_larger_prices_hides_no_bar(kind, params):
    """Its columns miss bars on which the strategy acts on its own window; candidates do not."""
    stretch, warmup, strategy = Indicators(window(fallen(walk(500)))), SHIPPED[kind].warmup(params), build(kind, params)
    bars = range(20 + warmup, 500)
    said = [strategy.signal(stretch.ending(bar, warmup)) for bar in bars]
    own = np.array([(each.entry is not None, each.exit is not None) for each in said])
    signals, found = strategy.signals(stretch), candidates(strategy, stretch, warmup)
    assert (own & ~np.column_stack([signals.entry, signals.exit])[bars]).any()
    assert not (own & ~np.column_stack(found)[bars]).any()


class BarByBar:
    """Says nothing in columns."""

    def signal(self, indicators):
        """Nothing."""
        return Signal()


def test_a_strategy_that_is_asked_bar_by_bar_may_act_on_every_bar():
    """That has a window before it."""
    found = candidates(BarByBar(), Indicators(window(NEAR)), 3)
    assert [mask.tolist() for mask in found] == [[False, False, True, True, True, True]] * 2
