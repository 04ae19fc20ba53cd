"""`fleet backfill --once` beside a backfiller that acts: it asks for what is wanted, and waits for it."""

import signal
import subprocess
from contextlib import contextmanager
from dataclasses import replace

import pytest

from config.settings import Settings
from db.fleet import leases
from db.fleet.leases import Kind
from db.sqlite.connection import connect_readonly
from domain.candles import Series
from exchange.simulated.faults import parse
from runtime.clock import now_ms
from tests.backfilling import fleet, following, once, simulator, stored, until
from tests.fleet_processes import HEARS_CTRL_C, begin, events, spelled
from tests.kit.rows import rows
from tests.kit.series import ETHER, HOURLY

SLOW = "slow:binance,path=klines,amount=1"  # until a test has seen what it waits for
MINUTES = Series("binance", "BTC/USDT", "1m")
REQUESTS = "select symbol, timeframe, done_ms is not null, reason from backfill_requests order by symbol, timeframe"


def acting(settings: Settings) -> str | None:
    """Who acts for Binance."""
    with connect_readonly(settings.database) as db:
        return leases.held(db, Kind.DUTY, now_ms(), 1_000).get("backfill:binance")


@contextmanager
def beside(tmp_path, kept, wanted, **more):
    """A backfiller that keeps one series and acts; the settings of a command that wants `wanted`, and the exchange."""
    with simulator(**more) as running:
        asked = fleet(tmp_path / "asked", running, *wanted)
        keeps = fleet(tmp_path / "keeps", running, *kept)
        asked = fleet_on(asked, keeps)
        with following(keeps):
            until(lambda: len(stored(keeps)) >= 20)
            yield running, asked


def fleet_on(settings, other):
    """These settings, on the database of the other ones."""
    return replace(settings, database=other.database)


def test_whoever_acts_fetches_what_is_wanted(tmp_path):
    """Deeper than it keeps a series, and one that it does not keep; the command asks the exchange for nothing."""
    with beside(tmp_path, ["binance BTC/USDT 1h 20"], ["binance BTC/USDT 1h 700", "binance ETH/USDT 1h 30"]) as found:
        _, asked = found
        before = acting(asked)
        assert once(asked) == 0
        assert acting(asked) == before
        assert [len(stored(asked, each)) for each in (HOURLY, ETHER)] == [700, 30]
        assert rows(asked.database, REQUESTS) == [("BTC/USDT", "1h", 1, None), ("ETH/USDT", "1h", 1, None)]
        assert rows(asked.database, "select count(*) from events") == [(0,)]


def test_what_cannot_be_fetched_is_said_as_alone(tmp_path, capsys):
    """A market that nobody lists: status 1, with the reason; the others are filled."""
    wanted = ["binance NONE/USDT 1h 20", "binance ETH/USDT 1h 30"]
    with beside(tmp_path, ["binance BTC/USDT 1h 20"], wanted) as (_, asked):
        assert once(asked) == 1
        assert len(stored(asked, ETHER)) == 30
    assert "binance NONE/USDT 1h: not listed: binance does not list NONE/USDT" in capsys.readouterr().err


def test_an_exchange_that_is_down_is_given_up_as_alone(tmp_path, capsys):
    """However long the one that acts waits for it already: it tries again at once, and the command ends with 1."""
    with beside(tmp_path, ["binance BTC/USDT 1h 20"], ["binance BTC/USDT 1h 700"], speed=60.0) as (running, asked):
        running.faults.add(parse("broken:binance"))
        assert once(asked) == 1
        running.faults.clear()
        assert "cannot be reached" in capsys.readouterr().err
        assert once(asked) == 0
        assert len(stored(asked)) >= 700


def test_series_are_made_as_deep_as_they_are_wanted(tmp_path):
    """Coinbase lacks 4h: the one that acts keeps 2h only, and makes the longer bars for the one that asks."""
    longer = Series("coinbase", "BTC/USD", "4h")
    with simulator() as running:
        asked = fleet(tmp_path / "asked", running, "coinbase BTC/USD 4h 50")
        keeps = fleet(tmp_path / "keeps", running, "coinbase BTC/USD 2h 20")
        with following(keeps):
            until(lambda: len(stored(keeps, Series("coinbase", "BTC/USD", "2h"))) == 20)
            assert once(fleet_on(asked, keeps)) == 0
        assert len(stored(keeps, longer)) == 50


@pytest.mark.parametrize("how", [signal.SIGKILL, signal.SIGTERM])
def test_where_the_one_that_acts_ends_the_command_does_it_itself(tmp_path, how):
    """It was at it: the command takes the duty, goes on where that one was, and ends when it is done."""
    with simulator(faults=(SLOW,)) as running:
        settings = fleet(tmp_path, running, "binance BTC/USDT 1m 40000", timeout=10.0)
        first = begin(settings, "backfiller", "first")
        until(lambda: stored(settings, MINUTES))
        command = subprocess.Popen(spelled(settings, "backfill", "--once"), stderr=subprocess.PIPE, text=True)
        until(lambda: rows(settings.database, REQUESTS))
        first.send_signal(how)
        first.wait()
        assert len(stored(settings, MINUTES)) < 40_000
        running.faults.clear()
        told = command.communicate(timeout=100)[1]
    assert command.returncode == 0, told
    assert len(stored(settings, MINUTES)) == 40_000
    assert rows(settings.database, REQUESTS) == [("BTC/USDT", "1m", 1, None)]


def test_a_backfiller_that_starts_beside_the_command_waits_for_it(tmp_path):
    """It stands by until that is done, and then acts."""
    with simulator(faults=(SLOW,)) as running:
        settings = fleet(tmp_path, running, "binance BTC/USDT 1m 40000", timeout=10.0)
        command = subprocess.Popen(spelled(settings, "backfill", "--once"), stderr=subprocess.DEVNULL)
        until(lambda: stored(settings, MINUTES))
        later = begin(settings, "backfiller", "later")
        try:
            until(lambda: events(settings, "later", "stands_by"))
            assert not events(settings, "later", "acts")
            running.faults.clear()
            assert command.wait(100) == 0
            assert len(stored(settings, MINUTES)) == 40_000
            until(lambda: events(settings, "later", "acts"))
        finally:
            later.terminate()
            assert later.wait(60) == 0


def test_ctrl_c_ends_the_command_that_waits(tmp_path):
    """With 130 and the words of always; what it has asked for is done all the same."""
    with simulator(faults=(SLOW,)) as running:
        settings = fleet(tmp_path, running, "binance BTC/USDT 1m 40000", timeout=10.0)
        with following(settings):
            until(lambda: stored(settings, MINUTES))
            waits = subprocess.Popen(
                spelled(settings, "backfill", "--once"), stderr=subprocess.PIPE, text=True, **HEARS_CTRL_C
            )
            until(lambda: rows(settings.database, REQUESTS))
            waits.send_signal(signal.SIGINT)
            told = waits.communicate(timeout=60)[1]
            assert waits.returncode == 130
            assert "interrupted: what was fetched is stored" in told
            running.faults.clear()
            until(lambda: rows(settings.database, REQUESTS) == [("BTC/USDT", "1m", 1, None)])
        assert len(stored(settings, MINUTES)) == 40_000


def test_two_commands_at_once_are_both_answered(tmp_path):
    """One of them does it, the other one waits for it, or finds it done."""
    with simulator(faults=("slow:binance,path=klines,amount=0.4",)) as running:
        settings = fleet(tmp_path, running, "binance BTC/USDT 1h 5000")
        commands = [subprocess.Popen(spelled(settings, "backfill", "--once")) for _ in range(2)]
        assert [each.wait(100) for each in commands] == [0, 0]
    assert len(stored(settings)) == 5_000
