"""What proves that a strategy knows no future and has enough history: which bars, and what is a difference."""

from dataclasses import dataclass, field

import pytest

from domain.strategy import Signal
from domain.units import RATIO, VOLUME
from strategies.indicators import Indicators
from strategies.lookahead_analysis import (
    BARS,
    BEYOND,
    LookaheadFinding,
    TruncatedIndicators,
    bar_checks,
    first_findings,
    too_few_candles,
)
from tests.kit.candles import closes, walk, window


@dataclass(frozen=True)
class Saying:
    """Says something of how many bars it is shown, and of their indicators."""

    say: object
    units: dict = field(default_factory=dict)

    def signal(self, indicators):
        """As it was made."""
        return self.say(indicators)


def found(say, bars=30, warmup=5, **changes):
    """What speaks against it on these bars."""
    asked = bar_checks(Saying(say, **changes), Indicators(window(closes(*[100.0] * bars))), warmup)
    return first_findings(question() for question in asked)


def reported(value, **more):
    """A signal that has seen a value."""
    return Signal(indicators={"value": value} | more)


@pytest.mark.parametrize(("stored", "warmup", "told"), [
    (150, 100, []), (149, 100, ["not proven: 149 candles are stored, 150 are needed"]), (51, 0, []),
])  # fmt: skip
def test_as_many_candles_are_needed_as_the_warm_up_and_fifty(stored, warmup, told):
    """Just so many are enough."""
    assert (BEYOND, too_few_candles(stored, warmup)) == (50, told)


@pytest.mark.parametrize(("stored", "warmup", "first"), [(300, 5, 100), (300, 150, 150), (60, 5, 5), (205, 5, 5)])
def test_the_newest_bars_that_have_a_warm_up_and_a_future_are_tried(stored, warmup, first):
    """At most 200 of those before the newest one, which has no future."""
    seen = set()

    def say(indicators):
        seen.add(len(indicators))
        return Signal()

    asked = bar_checks(Saying(say), Indicators(window(closes(*[100.0] * stored))), warmup)
    assert first_findings(question() for question in asked) == []
    assert (BARS, len(asked)) == (200, stored - 1 - first)
    assert seen == {warmup, *range(first + 1, stored)}


@pytest.mark.parametrize("name", ["entry", "exit"])
@pytest.mark.parametrize("words", [("go", None), (None, "go")])
def test_a_wish_that_more_history_changes_is_found(name, words):
    """There or not; in which words it is wished makes no difference."""
    few, many = words
    (told,) = found(lambda indicators: Signal(**{name: few if len(indicators) == 5 else many}))
    assert "the warm-up of 5 bars is too short: on the bar" in told
    assert told.endswith(f"more history changes the {name} from {many} to {few}")
    assert found(lambda indicators: Signal(**{name: f"seen {len(indicators)} bars"})) == []


@pytest.mark.parametrize("name", ["entry", "exit"])
def test_a_wish_that_later_candles_change_is_found(name):
    """By indicators that were computed on all of them."""
    (told,) = found(lambda each: Signal(**{name: "go" if isinstance(each, TruncatedIndicators) else None}))
    assert "looks ahead: on the bar" in told
    assert told.endswith(f"later candles change the {name} from None to go")


def test_what_is_defined_only_with_more_history_is_found():
    """By its name."""
    (told,) = found(lambda each: reported(1.0) if len(each) == 5 else reported(1.0, other=2.0))
    assert told.endswith("more history changes what is defined, from value, other to value")


@pytest.mark.parametrize(
    ("value", "apart", "units", "differs"),
    [
        (1000.0, 0.9e-5, {}, False),  # 1e-8 of the value
        (1000.0, 1.2e-5, {}, True),
        (0.0, 0.9e-6, {}, False),  # a price, which is 100 here
        (0.0, 1.1e-6, {}, True),
        (0.0, 0.9e-8, {"value": RATIO}, False),
        (0.0, 1.1e-8, {"value": RATIO}, True),
        (0.0, 4e-8, {"value": VOLUME}, False),  # which is 5 here
        (0.0, 6e-8, {"value": VOLUME}, True),
    ],
)
def test_values_differ_beyond_a_hundred_millionth(value, apart, units, differs):
    """Of the value, or of what is large in its unit where it is about nothing."""
    said = found(lambda each: reported(value + apart if len(each) == 5 else value), units=units)
    assert bool(said) is differs
    assert not said or f"more history changes value from {value:g} to" in said[0]


def test_of_each_sort_the_first_is_told():
    """Both sorts, in their order; nothing where nothing speaks against it."""
    none = LookaheadFinding(None, None)
    assert first_findings([none, LookaheadFinding(None, "s1"), LookaheadFinding("a2", "s2")]) == ["a2", "s1"]
    assert first_findings([none, none]) == []


def test_indicators_are_cut_off_at_the_bar():
    """Computed on all candles, with nothing of those after it."""
    whole = Indicators(window(walk(60)))
    cut = TruncatedIndicators(whole, 40)
    assert len(cut) == len(cut.column("close")) == len(cut.read("hl2")) == len(cut("sma", 5)) == 41
    assert cut.column("close")[-1] == whole.column("close")[40]
    assert cut.read("volume")[-1] == whole.read("volume")[40]
    assert cut("macd", output="signal")[-1] == whole("macd", output="signal")[40]
    assert cut("sma", 3, source="high")[-1] == whole("sma", 3, source="high")[40]
