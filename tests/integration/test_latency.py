"""How long a candle takes until it is decided: on one clock, whatever candle time shows, and seen in `status`."""

import json

import pytest

from db.market_data import storing
from db.reading import status
from db.reading.status import Latency
from domain.candles import Source
from fleet import cli, number_format
from runtime import clock
from tests.kit.candles import closes
from tests.kit.rows import change, rows
from tests.kit.series import HOURLY, at
from tests.trading import assigned, high, look, opened, ring


@pytest.fixture
def room(tmp_path):
    """A trader of one strategy that has decided its first bar."""
    settings, db = opened(tmp_path, high())
    with db:
        store(db, 99, 98, 97)
        made = assigned(settings, db)
        look(made, 2)
        yield settings, db, made


def store(db, *values, first=0):
    """Candles that come in now."""
    storing.store(db, HOURLY, closes(*values, first=first), Source.EXCHANGE, clock.now_ms())


def recorded(db):
    """The moments of every decision, oldest first."""
    return rows(db, "select timestamp, stored_ms, seen_ms, recorded_ms from decisions order by timestamp")


def test_a_candle_that_was_waited_for_has_its_moments_in_real_time(room):
    """In their order, although candle time is another one; nobody waited for the first candle of a strategy."""
    _, db, made = room
    began = clock.now_ms()
    store(db, 96, first=3)
    look(made, 3)
    first, (timestamp, stored, seen, written) = recorded(db)
    assert first[2:] == (None, None)
    assert timestamp == at(3)
    assert began <= stored <= seen <= written <= clock.now_ms()
    assert rows(db, "select decided_ms < 0.99 * recorded_ms from decisions where recorded_ms is not null") == [(1,)]


def test_nobody_waits_for_a_candle_that_was_missed(room):
    """Of those that came while no trader looked only the newest counts."""
    _, db, made = room
    store(db, 96, 95, 94, first=3)
    look(made, 5)
    assert [row[3] is not None for row in recorded(db)] == [False, False, False, True]


def test_nor_for_one_of_a_replay(room):
    """Its candles were stored at any time."""
    _, db, made = room
    store(db, 96, first=3)
    ring(made, 3)
    assert recorded(db)[-1][2:] == (None, None)


def test_a_decision_that_failed_took_its_time_as_well(room):
    """It is recorded another way."""
    _, db, made = room
    strategy = type("Broken", (), {"signal": lambda _, __: 1 / 0})()
    made.built = {"one": strategy}
    made.reload("one")
    store(db, 96, first=3)
    look(made, 3)
    newest = rows(db, "select action, recorded_ms >= stored_ms from decisions order by timestamp desc limit 1")
    assert newest == [("failed", 1)]


def took(db, *milliseconds):
    """Decisions that took so long, in the order of their bars."""
    for number, each in enumerate(milliseconds):
        change(
            db,
            "insert into decisions (strategy_id, timestamp, action, reason, indicators, run_id, epoch, decided_ms,"
            f" stored_ms, seen_ms, recorded_ms, transaction_id) values ('one', {at(100 + number)}, 'hold', '', '{{}}',"
            f" 'one.1', 1, 1, 1000000000000, 1000000000000, {1_000_000_000_000 + each}, {2**60 + number})",
        )


@pytest.mark.parametrize(
    ("milliseconds", "p50", "p99"),
    [
        ([7], 7, 7),
        ([1, 2], 1, 2),
        (range(100, 0, -1), 50, 99),
        ([*range(1, 101), 5000], 51, 100),
        ([3] * 200 + [9] * 3, 3, 9),
    ],
)
def test_status_has_median_and_99th_per_cent_by_nearest_rank(room, milliseconds, p50, p99):
    """Of 101 the 51st and the 100th."""
    _, db, _ = room
    took(db, *milliseconds)
    assert status.latencies(db) == {HOURLY: Latency(p50, p99)}


def test_what_is_a_week_older_than_the_newest_does_not_count(room):
    """Nor does what nobody waited for."""
    _, db, _ = room
    took(db, 5, status.WEEK_MS + 4, status.WEEK_MS + 5, status.WEEK_MS + 6)
    assert status.latencies(db) == {HOURLY: Latency(status.WEEK_MS + 5, status.WEEK_MS + 6)}


def test_only_the_newest_decisions_are_looked_at(room, monkeypatch):
    """However many there are."""
    _, db, _ = room
    took(db, 1, 2, 3, 4, 5)
    monkeypatch.setattr(status, "NEWEST", 2)
    assert status.latencies(db) == {HOURLY: Latency(4, 5)}


def test_status_and_the_report_show_it(room, capsys):
    """In milliseconds, and as numbers for programs."""
    settings, db, _ = room
    assert status.latencies(db) == {}
    took(db, 11, 1200)
    words = ["--config", str(settings.directory), "--database", str(settings.database)]
    cli.main(["status", *words, "--format", "json"])
    (shown,) = [row for row in json.loads(capsys.readouterr().out) if row["section"] == "series"]
    assert (shown["latency_p50_ms"], shown["latency_p99_ms"]) == (11, 1200)
    cli.main(["status", *words, "--all-columns"])
    assert "1,200 ms" in capsys.readouterr().out
    cli.main(["report", *words, "--view", "latency", "--format", "json"])
    assert [row["recorded_after_ms"] for row in json.loads(capsys.readouterr().out)] == [11, 1200]
    assert number_format.text("recorded_ms", 1000) == "1970-01-01 00:00:01"
