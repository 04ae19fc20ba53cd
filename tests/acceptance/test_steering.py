"""A person steers with the command while a real trader runs: no candle is waited for, and restarts change nothing."""

import os
import signal

import pytest

from db.fleet.controls import halt_file
from tests.backfilling import until
from tests.fleet_processes import begin, command, events, log_file
from tests.kit.rows import rows
from tests.trading import feed


@pytest.fixture
def holding(trading):
    """The trader's strategy has entered."""
    settings, db = trading
    feed(db, 101, first=3)
    until(lambda: sides(settings) == ["buy"])
    return settings, db


def sides(settings):
    """The trades so far."""
    return [side for (side,) in rows(settings.database, "select side from trades order by trade_id")]


def newest(settings):
    """What was decided last, and why."""
    return rows(settings.database, "select action, reason from decisions order by timestamp desc limit 1")[0]


def test_an_exit_does_not_wait_for_a_candle(holding):
    """The next one is an hour away."""
    settings, _ = holding
    assert command(settings, "exit", "one", "--reason", "enough").returncode == 0
    until(lambda: sides(settings) == ["buy", "sell"])
    assert rows(settings.database, "select count(*) from decisions") == [(2,)]
    assert rows(settings.database, "select reason from orders where purpose = 'manual'") == [("enough",)]


def test_stop_with_flatten_sells_and_lets_go(holding):
    """Then nobody holds the lease, and `fleet start` brings it back."""
    settings, _ = holding
    assert command(settings, "stop", "one", "--flatten").returncode == 0
    until(lambda: sides(settings) == ["buy", "sell"])
    until(lambda: rows(settings.database, "select expires_ms from leases") == [(0,)])
    assert command(settings, "start", "one").returncode == 0
    until(lambda: rows(settings.database, "select expires_ms from leases") != [(0,)])


def test_a_reset_works_beside_the_trader(holding):
    """Refused while something is held; then the history stands apart, and the same process goes on with the next
    candle, decides none twice, and trades with the capital.
    """
    settings, db = holding
    refused = command(settings, "reset", "one")
    assert (refused.returncode, "fleet exit one" in refused.stderr) == (1, True)
    assert command(settings, "exit", "one").returncode == 0
    until(lambda: sides(settings) == ["buy", "sell"])
    assert command(settings, "reset", "one").returncode == 0
    until(lambda: rows(settings.database, "select holder from leases where expires_ms > 0") != [])
    feed(db, 98, first=4)
    until(lambda: rows(settings.database, "select count(*) from decisions where strategy_id = 'one'") == [(1,)])
    assert rows(settings.database, "select timestamp from decisions group by timestamp having count(*) > 1") == []
    assert rows(settings.database, "select strategy_id, count(*) from trades group by 1") == [("one~1", 2)]
    assert rows(settings.database, "select equity from strategy_performance where strategy_id = 'one'") == [(1000,)]


def test_a_pause_outlives_its_trader(trading):
    """kill -9, and another one: still no entry, and the reason is in the decision."""
    settings, db = trading
    assert command(settings, "pause", "--all", "--reason", "news").returncode == 0
    os.kill(rows(settings.database, "select pid from workers")[0][0], signal.SIGKILL)
    second = begin(settings, "trader", "second")
    try:
        until(lambda: log_file(settings, "second").exists() and events(settings, "second", "lease_taken_over"))
        feed(db, 101, first=3)
        until(lambda: newest(settings) == ("blocked", "paused: news"))
    finally:
        second.terminate()
        assert second.wait(60) == 0


def test_the_kill_switch_stops_entries_and_not_exits(holding):
    """On while it holds: it sells by its own rule and enters no more until somebody takes it back."""
    settings, db = holding
    assert command(settings, "kill-switch", "on", "--reason", "holiday").returncode == 0
    assert halt_file(settings.database).exists()
    feed(db, 99, first=4)
    until(lambda: newest(settings)[0] == "exit")
    feed(db, 105, first=5)
    until(lambda: newest(settings)[0] == "blocked")
    assert "kill switch" in newest(settings)[1]
    assert command(settings, "kill-switch", "off").returncode == 0
    assert not halt_file(settings.database).exists()


def test_a_full_disk_does_not_hold_up_the_kill_switch(holding):
    """No byte can be written by the command: the file is there, though empty, and that counts."""
    settings, db = holding
    full = command(settings, "kill-switch", "on", full=True)
    assert (full.returncode, "could not be told" in full.stderr) == (0, True)
    assert halt_file(settings.database).stat().st_size == 0
    feed(db, 99, 105, first=4)
    until(lambda: newest(settings)[0] == "blocked")
