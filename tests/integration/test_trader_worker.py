"""The trader's process: how often it looks, what its heartbeat and its log tell, and how it hears of lost leases."""

import threading
from contextlib import contextmanager
from dataclasses import replace

import pytest

from db.fleet import leases, workers
from db.fleet.leases import Kind
from db.sqlite.connection import connect
from domain.errors import ConfigError
from runtime import clock
from runtime.clock import Clock
from runtime.reload import Configuration
from runtime.stop import Stop
from strategies import kinds
from tests.backfilling import until
from tests.kit.rows import change, rows
from tests.kit.series import at
from tests.trading import assigned, beat, feed, high, opened, run_out
from trader import registration, worker
from trader.configuration_sync import ConfigurationSync
from trader.exchange_time import ExchangeTime
from trader.worker import TraderWorker


def process(settings, made, *, speed=1.0):
    """The process around a trader."""
    configuration = Configuration(lambda: (settings, kinds.load()))
    sync = ConfigurationSync(db=made.db, who=made.beats.who, configuration=configuration, now_ms=clock.now_ms)
    time = ExchangeTime(Clock(speed=speed))
    return TraderWorker(assignments=made, time=time, configuration=configuration, sync=sync)


@contextmanager
def trader(folder, *files, shares=False, speed=1.0):
    """A trader of these files and its process."""
    settings, db = opened(folder, *files)
    with db:
        made = assigned(settings, db, shares=shares)
        yield made, process(settings, made, speed=speed)


@pytest.mark.parametrize(
    ("timeframes", "speed", "pause"),
    [(("1h", "1m", "4h"), 1000.0, 0.0015), (("4h", "1h"), 1000.0, 0.03), (("1m", "1h"), 1.0, 0.2)],
)
def test_it_looks_often_enough_for_its_shortest_bars(tmp_path, timeframes, speed, pause):
    """Ten times within the 15 or 300 s after which an entry is stale, where candle time is fast; else as configured."""
    files = [high(f"s{place}").replace("timeframe: 1h", f"timeframe: {each}") for place, each in enumerate(timeframes)]
    with trader(tmp_path, *files, speed=speed) as (_, watch):
        watch.turn()
        assert watch.pause() == pytest.approx(pause)


@pytest.mark.parametrize(
    ("since", "pause"), [(-600, 0.2), (-1.5, 0.01), (0.1, 0.01), (25, 0.01), (35, 0.2), (3600 * 24, 0.2)]
)
def test_it_looks_often_while_a_bar_is_expected(tmp_path, since, pause):
    """From just before its close until it has come, for half a minute; not where nothing was decided yet."""
    with trader(tmp_path, high()) as (made, watch):
        watch.time = ExchangeTime(Clock(round(1000 * (at(4) + since)), clock.now_ms()))
        assert watch.pause() == 0.2
        feed(made.db, 99, 98, 97)
        watch.turn()
        assert watch.pause() == pause
        feed(made.db, 96, first=3)
        watch.version = -1  # its own connection has written, which it does not hear
        watch.turn()
        assert watch.pause() == 0.2


@pytest.mark.parametrize("shares", [True, False])
def test_its_heartbeat_tells_how_many_it_trades_and_whether_it_shares(tmp_path, shares):
    """And by which files; those that differ from what counts share nothing."""
    with trader(tmp_path, high("one"), high("two"), shares=shares) as (made, watch):
        for _ in range(2):
            made.beats._due_ms = 0
            watch.turn()
        detail = workers.workers(made.db)[0].detail
        assert (detail["shares"], detail["strategies"], detail["digest"]) == (shares, 2, watch.sync.digest)
        watch.sync.differs = "other files count"
        made.beats._due_ms = 0
        watch.turn()
        assert workers.workers(made.db)[0].detail["shares"] is False


def told(capsys, *events):
    """The lines of the log that tell of these."""
    return [line for line in capsys.readouterr().out.splitlines() if any(f" {each} " in line for each in events)]


def test_what_somebody_else_has_taken_is_dropped_and_told(tmp_path, capsys):
    """The rest goes on; an event stands for each that was lost, under the epoch that it had."""
    with trader(tmp_path, high("one"), high("two")) as (made, _):
        made.drop_lost()
        assert (set(made.active), rows(made.db, "select * from events")) == ({"one", "two"}, [])
        change(made.db, "update claims set holder = 'thief', epoch = 5 where claim = 'two'")
        made.renew()
        assert (set(made.active), set(made.leasing.epochs)) == ({"one"}, {"one"})
        assert rows(made.db, "select code, subject, holder, epoch from events") == [("lost", "two", made.holder, 1)]
        (line,) = told(capsys, "lease_lost")
        assert all(f"{name}={value}" in line for name, value in (("strategy_id", "two"), ("epoch", 1)))
        made.release()
        made.drop_lost()
        assert rows(made.db, "select count(*) from events") == [(1,)]


def test_each_lease_is_told_when_it_changes_hands(tmp_path, capsys):
    """Taken, given up with why, taken over from whom; under which epoch."""
    with trader(tmp_path, high("one")) as (made, _):
        made.let_go({"one"}, "it is enough")
        leases.claim(made.db, Kind.STRATEGY, ["one"], made.holder, clock.now_ms(), made.leasing.length_ms)
        made.leasing.epochs["one"] = 2
        workers.end(made.db, [made.holder])
        beat(made.db, "second")
        second = assigned(made.settings, made.db, "second")
        assert second.leasing.orphans == {"one"}
        lines = told(capsys, "lease_taken", "lease_given_up", "lease_taken_over")
    expected = [
        ("lease_taken", "epoch=1"), ("lease_given_up", "reason='it is enough'"), ("lease_taken_over", "before=first"),
    ]  # fmt: skip
    assert [(event in line, words in line) for (event, words), line in zip(expected, lines, strict=True)] == [
        (True, True)
    ] * 3
    assert "epoch=3" in lines[2]
    assert "before" not in lines[0]


def test_whoever_takes_up_what_was_its_own_suspects_nobody(tmp_path):
    """Its life ran out: what it takes again under another name did not end a process, unlike what another one had."""
    with trader(tmp_path, high("one"), high("two")) as (made, _):
        before = made.holder
        run_out(made.db, before)
        made.renew()
        assert (made.holder != before, dict(made.active)) == (True, {})
        assert made.claim() == {"one", "two"}
        assert (made.leasing.orphans, set(made.leasing.epochs.values())) == (set(), {2})


def test_a_trader_with_nothing_to_trade_stands_by_and_says_so_once(tmp_path, capsys):
    """As long as somebody else trades it all; then that it trades."""
    with trader(tmp_path, high("one")) as (made, _):
        second = assigned(made.settings, made.db, "second")
        watch = process(made.settings, second)
        for _ in range(2):
            second.beats._due_ms = 0
            watch.turn()
        assert [line.split(" holder")[0].split()[-1] for line in told(capsys, "stands_by", "trades")] == ["stands_by"]
        made.release()
        second.beats._due_ms = 0
        watch.turn()
        watch.turn()
        (line,) = told(capsys, "stands_by", "trades")
        assert "has strategies to trade" in line
        assert set(second.active) == {"one"}


def test_what_is_awaited_is_taken_at_the_next_look(tmp_path):
    """Not a heartbeat later: somebody has given it back, and has written that."""
    with trader(tmp_path, high("one")) as (made, _):
        second = assigned(made.settings, made.db, "second")
        watch = process(made.settings, second)
        watch.turn()
        assert (second.awaited, dict(second.active)) == ({"one"}, {})
        with connect(made.db.path, any_filesystem=True) as other:
            leases.release(other, made.holder)
        watch.turn()
        assert set(second.active) == {"one"}


def ran(settings, ids, done):
    """What the process returns that trades these until something is so; somebody else stops it then."""
    stop = Stop()

    def watching():
        try:
            until(lambda: done(settings.database))
        finally:
            stop.set()

    watcher = threading.Thread(target=watching)
    watcher.start()
    status = worker.run(Configuration(lambda: (settings, kinds.load())), ids, stop)
    watcher.join()
    return status


@pytest.mark.parametrize(("ids", "decided"), [([], ["one", "two"]), (["two"], ["two"])])
def test_a_process_trades_what_it_was_asked_for_until_it_is_stopped(tmp_path, ids, decided):
    """It registers all that is configured; at the end its leases are free and its life is over."""
    settings, db = opened(tmp_path, high("one"), high("two"))
    with db:
        feed(db, 99, 98, 101)
        found = "select strategy_id, action from decisions order by 1"
        assert ran(settings, ids, lambda path: len(rows(path, found)) == len(decided)) == 0
        assert rows(db, found) == [(each, "stale") for each in decided]
        assert rows(db, "select strategy_id, enabled from strategies order by 1") == [("one", 1), ("two", 1)]
        assert rows(db, "select distinct strategy_id, holder from leases order by 1") == [
            (each, None) for each in decided
        ]
        assert workers.workers(db) == []


@pytest.mark.parametrize(
    ("ids", "environment", "told"), [(["nobody"], "real", "nobody"), ([], "simulated", "simulated")]
)
def test_what_does_not_fit_is_refused_before_anything_is_traded(tmp_path, ids, environment, told):
    """A strategy that nobody has configured, a database of another environment."""
    settings, db = opened(tmp_path, high("one"))
    with db, pytest.raises(ConfigError, match=told):
        ran(replace(settings, environment=environment), ids, lambda _: True)
    assert rows(settings.database, "select count(*) from strategies") == [(0,)]


@pytest.mark.parametrize(("files", "there"), [([], "none"), ([high("two"), high("one")], "one, two")])
def test_who_asks_for_a_strategy_that_is_not_there_is_told_what_is(tmp_path, files, there):
    """All of those that are configured, in order."""
    settings, db = opened(tmp_path, *files)
    db.close()
    with pytest.raises(ConfigError, match=f"no enabled strategy nobody in .*; there are: {there}$"):
        registration.wanted(settings, ["nobody"])
    assert registration.wanted(settings, ["nobody"], strict=False) == {}
