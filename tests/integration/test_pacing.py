"""The pace of a demo over a real database and a real file: candle time waits for whoever has to decide."""

import os

import pytest

from db.sqlite import private
from db.sqlite.connection import connect
from db.sqlite.migrate import migrate
from domain.clock_text import LAST_MS
from domain.errors import ConfigError
from fleet import pacing
from fleet.demo_span import DemoSpan
from fleet.pacing import DemoPacing
from runtime.clock import Clock
from runtime.stop import Stop
from tests.backfilling import until
from tests.kit.rows import change
from tests.kit.series import HOUR, HOURLY, START, at
from tests.replayed import settings as configured
from tests.trading import high
from trader import registration

SPAN = DemoSpan(begin=START, end=at(2), step=HOUR, settle=1.0, speed=1_000_000.0)


@pytest.fixture
def room(tmp_path):
    """A database with one strategy, and a clock that waits at the beginning."""
    settings = configured(tmp_path, [high()], "environment: simulated\n")
    migrate(settings.database, "simulated", any_filesystem=True)
    clock = SPAN.clock(tmp_path / "clock")
    pacing.write(clock, clock.start_ms, tmp_path / "clock")
    with connect(settings.database, any_filesystem=True) as db:
        registration.register(db, settings, 1)
        yield db, clock, Stop()


def pace(room):
    """Its pace, not begun."""
    db, clock, stop = room
    return DemoPacing(SPAN, clock, db.path, {"one": HOURLY}, stop)


def decide(db, timestamp):
    """Let the strategy have decided up to this candle."""
    change(db, "update strategy_totals set decided_timestamp = ?", (timestamp,))


def test_candle_time_waits_for_a_decision(room):
    """At each close, where an entry is not stale yet; at the last decision the demo is over."""
    db, clock, stop = room
    with pace(room):
        for close in SPAN.closes:
            until(lambda: clock.now_ms() == SPAN.gate_ms(close))  # noqa: B023
            assert not stop.wait(0.1)
            assert clock.now_ms() == SPAN.gate_ms(close)
            decide(db, close - HOUR)
        until(lambda: stop.stopped)
    assert clock.now_ms() == SPAN.gate_ms(SPAN.end)


def test_it_waits_for_its_patience_only(room, monkeypatch):
    """Whoever never decides is not waited for again."""
    monkeypatch.setattr(pacing, "PATIENCE", 0.2)
    _, clock, stop = room
    with pace(room):
        until(lambda: stop.stopped)
    assert clock.now_ms() == SPAN.gate_ms(SPAN.end)


def test_nobody_waits_for_one_that_is_disabled(room):
    """It decides nothing any more."""
    db, _, stop = room
    change(db, "update strategies set state = 'disabled', state_reason = 'it raised'")
    with pace(room):
        until(lambda: stop.stopped)


def test_somebody_who_ends_it_waits_for_nobody(room):
    """Candle time stays where it is."""
    _, clock, _ = room
    with pace(room):
        pass
    assert clock.now_ms() == SPAN.gate_ms(START)


def test_a_clock_that_cannot_be_written_is_written_once_it_can(room):
    """As when a disk was full."""
    db, clock, stop = room
    draft = clock.file.with_name(f"{clock.file.name}.{os.getpid()}")
    draft.mkdir()
    with pace(room):
        decide(db, 2 * START)
        assert not stop.wait(0.2)
        draft.rmdir()
        until(lambda: stop.stopped)


def test_without_a_file_it_runs_free(room):
    """To the end of the span, whoever decides."""
    db, _, stop = room
    with DemoPacing(SPAN, SPAN.clock(), db.path, {"one": HOURLY}, stop):
        until(lambda: stop.stopped)


def test_what_goes_wrong_ends_the_demo(room, tmp_path):
    """And is told where the block ends."""
    _, clock, stop = room
    with pytest.raises(ConfigError, match="nowhere"), DemoPacing(SPAN, clock, tmp_path / "nowhere.db", {}, stop):
        until(lambda: stop.stopped)


def test_a_clock_follows_its_file(tmp_path):
    """It waits where the file says; without the file it runs on by itself."""
    file = tmp_path / "clock"
    clock = Clock.parse(Clock(1_000, 0, 1.0, file).dump())
    private.put(file, '{"start": 5000, "origin": 0, "speed": 1, "until": 7000}')
    assert (clock.now_ms(), clock.paced) == (7_000, True)
    file.unlink()
    assert 7_000 < clock.now_ms() < LAST_MS
