"""Two backfillers on one database, as processes: one acts for an exchange, the other takes over where it was."""

import signal
from contextlib import contextmanager

from backfiller.exchange_thread import LOOK
from config.settings import Supervision
from db.fleet import leases
from db.fleet.leases import Kind
from db.sqlite.connection import connect_readonly
from domain.candles import Series
from runtime.clock import now_ms
from tests.backfilling import fleet, simulator, stored, unexplained, until
from tests.fleet_processes import begin, events
from tests.kit.requests import recording
from tests.kit.rows import rows

MINUTES = Series("binance", "BTC/USDT", "1m")
WANTED = 30_000  # bars: thirty pages of Binance
SLOW = "slow:binance,path=klines,amount=0.2"
DUTY = "backfill:binance"


@contextmanager
def two(tmp_path, *series, **more):
    """A fleet whose requests are noted, and its backfillers by name: the second one stands by."""
    with simulator(**more) as running:
        settings = fleet(tmp_path, running, *series)
        with recording(running.url, settings.database, MINUTES) as gateway:
            address = {"exchanges__binance__base_url": f"{gateway.url}/binance"}
            processes = {"first": begin(settings, "backfiller", "first", **address)}
            try:
                until(lambda: acting(settings))
                processes["second"] = begin(settings, "backfiller", "second", **address)
                until(lambda: said(settings, "second", "stands_by"))
                yield settings, gateway, processes
            finally:
                for process in processes.values():
                    process.send_signal(signal.SIGCONT)
                    process.terminate()
                for process in processes.values():
                    assert process.wait(60) in {0, -signal.SIGKILL}


def acting(settings):
    """Who acts for the exchange."""
    with connect_readonly(settings.database) as db:
        return leases.held(db, Kind.DUTY, now_ms(), 1_000).get(DUTY)


def said(settings, name, event):
    """What a backfiller has told of an event."""
    return events(settings, name, event)


def many(settings, least):
    """Whether so many candles are stored."""
    return rows(settings.database, "select count(*) from ohlcv_data")[0][0] >= least


def test_the_other_goes_on_where_the_one_that_was_killed_was(tmp_path):
    """kill -9 amid a long history: no page that is stored is asked for again, no bar is missing, nobody helped."""
    with two(tmp_path, f"binance BTC/USDT 1m {WANTED}", faults=(SLOW,)) as (settings, gateway, processes):
        until(lambda: many(settings, 6_000))
        processes["first"].kill()
        processes["first"].wait()
        at_the_kill = len(gateway.pages)
        until(lambda: many(settings, WANTED))
        assert said(settings, "second", "acts")
        asked = gateway.pages
    assert [page for page in asked if page.bars > 2 and page.stored >= page.bars] == []
    assert sum(page.bars for page in asked if page.bars > 100) <= WANTED + 2_000  # the page that was under way
    assert 5 < at_the_kill < len(asked) - 5
    found = stored(settings, MINUTES)
    assert not unexplained(settings, MINUTES, found[0].timestamp, found[-1].timestamp)
    assert rows(settings.database, "select code, subject from events") == [("taken_over", DUTY)]


def test_one_that_is_asked_to_stop_is_followed_at_once(tmp_path):
    """It gives the duty back: no lease has to run out, and nothing was taken from anybody."""
    with two(tmp_path, "binance BTC/USDT 1m 50", speed=60.0) as (settings, _, processes):
        until(lambda: many(settings, 50))
        processes["first"].terminate()
        assert processes["first"].wait(60) == 0
        until(lambda: said(settings, "second", "acts"))
        before = stored(settings, MINUTES)[-1].timestamp
        until(lambda: stored(settings, MINUTES)[-1].timestamp > before)
    assert rows(settings.database, "select code from events") == []


def test_one_that_was_frozen_writes_nothing_when_it_wakes(tmp_path):
    """Another one acts by then: what it still had under way is refused, which leaves an event, and it stands by."""
    with two(tmp_path, f"binance BTC/USDT 1m {WANTED}", faults=(SLOW,)) as (settings, _, processes):
        until(lambda: many(settings, 3_000))
        processes["first"].send_signal(signal.SIGSTOP)
        until(lambda: said(settings, "second", "acts"))
        processes["first"].send_signal(signal.SIGCONT)
        until(lambda: said(settings, "first", "duty_lost"))
        until(lambda: said(settings, "first", "stands_by"))
        assert [each["exchange"] for each in said(settings, "first", "duty_lost")] == ["binance"]
        assert ("fenced", DUTY) in rows(settings.database, "select code, subject from events")
        until(lambda: many(settings, WANTED))
    assert len(said(settings, "first", "acts")) == 1


def test_who_stands_by_says_so(tmp_path):
    """In its heartbeat, with the name of the one that acts; to whoever asks how the fleet is, that is no trouble."""
    with two(tmp_path, "binance BTC/USDT 1m 50") as (settings, _, _):
        until(lambda: many(settings, 50))
        until(lambda: rows(settings.database, 'select 1 from workers where detail like \'%"stands_by": {"binance"%\''))
        acts = acting(settings)
        details = [row[0] for row in rows(settings.database, "select detail from workers where worker_id <> ?", [acts])]
    assert len(details) == 1
    assert f'"stands_by": {{"binance": "{acts}"}}' in details[0]


def test_another_takes_over_within_ten_seconds():
    """As configured without a word: a dead one's life runs out, and the next look finds it."""
    assert Supervision().lease + LOOK + 1 <= 10


def test_each_exchange_has_one_that_acts(tmp_path):
    """Two exchanges, two backfillers: whoever acts for one of them does not hold up the other."""
    with two(tmp_path, "binance BTC/USDT 1m 50", "kraken BTC/USD 1h 50") as (settings, _, _):
        until(lambda: many(settings, 100))
        with connect_readonly(settings.database) as db:
            assert leases.held(db, Kind.DUTY, now_ms(), 1_000).keys() >= {DUTY, "backfill:kraken"}
