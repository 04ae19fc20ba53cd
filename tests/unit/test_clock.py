"""Clocks: candle time, the steady clock, and leaps between the two."""

import pytest

from runtime import clock
from runtime.clock import Clock, Leaps


@pytest.fixture
def machine(monkeypatch):
    """The machine's two clocks, in milliseconds, as a test sets them."""
    shown = {"real": 1_000_000, "steady": 5_000}
    monkeypatch.setattr(clock, "now_ms", lambda: shown["real"])
    monkeypatch.setattr(clock, "steady_ms", lambda: shown["steady"])
    return shown


def test_time_that_passes_is_no_leap(machine):
    """Also when it is corrected a little."""
    leaps = Leaps()
    machine["real"] += 60_000
    machine["steady"] += 60_400
    assert not leaps.leapt()


@pytest.mark.parametrize("leap", [3_600_000, -3_600_000, 1_500, -1_500])
def test_a_leap_is_seen_once(machine, leap):
    """Forward or back."""
    leaps = Leaps()
    machine["real"] += leap
    assert leaps.leapt()
    assert not leaps.leapt()


def test_candle_time_runs_as_fast_as_it_is_told(machine):
    """From where it began; a wait of so much candle time is that much shorter."""
    fast = Clock(start_ms=100_000, origin_ms=1_000_000, speed=60.0)
    machine["real"] += 2_000
    assert fast.now_ms() == 100_000 + 120_000
    assert fast.real_seconds(120_000) == 2.0


def test_a_clock_comes_back_from_its_text():
    """As `meta` keeps it; without one it is real time."""
    fast = Clock(start_ms=100_000, origin_ms=1_000_000, speed=60.0)
    assert Clock.parse(fast.dump()) == fast
    assert Clock.parse(None) == Clock()
