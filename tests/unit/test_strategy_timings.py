"""Who is quick and who is slow, and whose turn it is."""

from types import SimpleNamespace

from runtime import clock
from trader.timings import StrategyTimings


def test_two_long_bars_in_a_row_are_slow():
    """More than a tenth of a second each; a quick one in between, or after them, forgives."""
    timings = StrategyTimings()
    took = [timings.took("one", milliseconds) for milliseconds in (101, 100, 101)]
    assert (took, timings.slow("one")) == ([True, False, True], False)
    timings.took("two", 500)
    timings.took("one", 101)
    assert (timings.slow("one"), timings.slow("two")) == (True, False)
    timings.took("one", 100)
    assert not timings.slow("one")


def test_the_slow_have_no_more_of_the_time_than_the_quick():
    """They wait until the quick had as much since they were asked, or are done."""
    timings = StrategyTimings()
    assert timings.turn_of_the_slow(0, whole=False)
    timings.asked(["slow"], 300)
    assert [timings.turn_of_the_slow(100, whole=False) for _ in range(3)] == [False, False, True]
    timings.asked(["slow"], 1_000)
    assert not timings.turn_of_the_slow(199, whole=False)
    assert timings.turn_of_the_slow(0, whole=True)
    timings.asked(["slow"], 10)
    assert not timings.turn_of_the_slow(9, whole=False)


def test_who_was_not_asked_for_longest_comes_first(monkeypatch):
    """Who never was before all; of those at one moment in the order of their ids."""
    timings, strategies = StrategyTimings(), [SimpleNamespace(strategy_id=each) for each in "dcba"]
    for moment, names in ((20, "a"), (10, "bc")):
        monkeypatch.setattr(clock, "steady_ms", lambda moment=moment: moment)
        timings.asked(names, 1)
    assert [each.strategy_id for each in timings.in_order(strategies)] == ["d", "b", "c", "a"]
