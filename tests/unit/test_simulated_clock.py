"""The simulated clock agrees with the fleet's."""

import json

import pytest

from exchange.simulated.clock import PacedClock, SimulatedClock, real_ms
from runtime.clock import Clock


def test_the_triple_makes_the_fleets_clock_show_the_same_time():
    """What the simulator prints is what `meta` keeps."""
    simulated = SimulatedClock(1_735_689_600_000, real_ms() - 12_345, 60.0)
    fleet = Clock.parse(json.dumps(simulated.triple()))
    before = fleet.now_ms()
    shown = simulated.now_ms()
    assert before <= shown <= fleet.now_ms()


def test_it_stands_still_jumps_and_goes_on():
    """Frozen it shows one time; from a jump it goes on at its speed."""
    clock = SimulatedClock(1000, real_ms() - 10_000, 2.0)
    clock.run(0)
    assert 21_000 <= clock.now_ms() < 22_000
    assert clock.now_ms() == clock.start_ms
    clock.jump(5_000_000)
    assert clock.now_ms() == 5_000_000


def test_one_that_follows_a_file_does_nothing_by_itself(tmp_path):
    """It waits where the file says, and neither jumps nor runs."""
    file = tmp_path / "clock"
    file.write_text('{"start": 5000, "origin": 0, "speed": 600, "until": 9000}')
    clock = PacedClock(file)
    assert clock.now_ms() == 9_000
    with pytest.raises(ValueError, match="it follows"):
        clock.run(0)
