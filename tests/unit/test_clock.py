"""Candle time, and the clock that it is kept in."""

import pytest

from runtime import clock
from runtime.clock import Clock


@pytest.fixture
def machine(monkeypatch):
    """The machine's clock, in milliseconds, as a test sets it."""
    shown = {"real": 1_000_000}
    monkeypatch.setattr(clock, "now_ms", lambda: shown["real"])
    return shown


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
