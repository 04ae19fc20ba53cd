"""Candle time, and the clock that it is kept in."""

import pytest

from runtime import clock
from runtime.clock import Clock
from trader import exchange_time
from trader.exchange_time import ExchangeTime


@pytest.fixture
def machine(monkeypatch):
    """The machine's clock, in milliseconds, as a test sets it."""
    shown = {"real": 1_000_000, "raw": 0}
    monkeypatch.setattr(clock, "now_ms", lambda: shown["real"])
    monkeypatch.setattr(exchange_time, "raw_ms", lambda: shown["raw"])
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


def test_a_clock_that_was_set_back_makes_no_bar_younger(machine):
    """Until the backfiller has told what it lacks now, and as long as it says nothing else: time goes on."""
    time = ExchangeTime(Clock())
    assert time.now({"binance": 500}) == {"binance": 1_000_500}
    elapsed = time.elapsed()
    machine["real"], machine["raw"] = machine["real"] - 3_600_000, machine["raw"] + 100
    assert (time.now({"binance": 500}), elapsed()) == ({"binance": 1_000_600}, 100)
    assert time.now({"binance": 3_600_600}) == {"binance": 1_000_600}


def test_a_clock_that_was_set_forward_or_slept_counts_at_once(machine):
    """A machine that was suspended has a clock that nobody sets and that stood still meanwhile."""
    time = ExchangeTime(Clock())
    time.now({"binance": 0})
    elapsed = time.elapsed()
    machine["real"] += 60_000
    assert (time.now({"binance": 0}), elapsed()) == ({"binance": 1_060_000}, 60_000)
    machine["real"], machine["raw"] = machine["real"] - 50_000, machine["raw"] + 61_000
    assert time.now({"binance": 0}) == {"binance": 1_010_000}  # what was seen a minute ago is forgotten


def test_a_clock_that_is_paced_is_carried_on_by_nothing_else(machine, tmp_path):
    """However long it waits, nothing grows old meanwhile."""
    file = tmp_path / "clock"
    file.write_text('{"start": 5000, "origin": 0, "speed": 600, "until": 9000}')
    time = ExchangeTime(Clock(5_000, 0, 600.0, file))
    assert time.now({"binance": 0}) == {"binance": 9_000}
    elapsed = time.elapsed()
    machine["raw"] += 50_000
    assert (time.now({"binance": 0}), elapsed()) == ({"binance": 9_000}, 0)
