"""Strategies that are added, changed, broken and removed while real traders and a real backfiller run."""

import json
import os
import signal
from dataclasses import replace

import pytest

from db.market_data import candles, markets
from db.sqlite.connection import connect_readonly
from tests.backfilling import fleet, simulator, stored, until
from tests.fleet_processes import begin, command, events, log_file
from tests.kit.rows import rows
from tests.kit.series import ETHER, at
from tests.trading import MARKET, feed, high


def log(settings):
    """What the traders have said."""
    return log_file(settings, "trader").read_text()


def status(settings):
    """What a person sees: the last row of each section. Something is wrong: it exits with 1."""
    done = command(settings, "status", "--format", "json")
    assert done.returncode == 1
    return {row["section"]: row for row in json.loads(done.stdout)}


def test_a_new_file_is_picked_up_and_a_removed_one_let_go(trading):
    """Without a restart."""
    settings, _ = trading
    (settings.directory / "strategies" / "two.yaml").write_text(high("two"))
    until(lambda: rows(settings.database, "select count(*) from decisions where strategy_id = 'two'") == [(1,)])
    (settings.directory / "strategies" / "two.yaml").unlink()
    until(lambda: rows(settings.database, "select enabled from strategies where strategy_id = 'two'") == [(0,)])
    until(lambda: rows(settings.database, "select expires_ms from leases where strategy_id = 'two'") == [(0,)])


def test_a_removed_strategy_is_drained_by_whoever_is_left(trading):
    """Its trader is killed while it holds; another one, which never saw the file, sells."""
    settings, db = trading
    feed(db, 101, first=3)
    until(lambda: rows(settings.database, NEWEST) == [("enter",)])
    (settings.directory / "strategies" / "0.yaml").unlink()
    until(lambda: rows(settings.database, "select enabled from strategies") == [(0,)])
    os.kill(rows(settings.database, "select pid from workers")[0][0], signal.SIGKILL)
    other = begin(settings, "trader")
    try:
        until(lambda: "lease_taken_over" in log(settings))
        feed(db, 90, first=4)
        until(lambda: rows(settings.database, NEWEST) == [("exit",)])
        until(lambda: rows(settings.database, "select expires_ms from leases") == [(0,)])
    finally:
        other.terminate()
        assert other.wait(60) == 0


def test_a_changed_file_opens_a_run(trading):
    """No candle is decided again."""
    settings, db = trading
    (settings.directory / "strategies" / "0.yaml").write_text(high(more="stake: { fraction: 0.5 }"))
    until(lambda: rows(settings.database, "select count(*) from runs") == [(2,)])
    feed(db, 96, first=3)
    until(lambda: rows(settings.database, "select count(*) from decisions") == [(2,)])
    assert rows(settings.database, "select run_id from decisions order by timestamp desc limit 1") == [("one.2",)]


def test_a_turn_in_which_something_happened_is_one_line_of_the_log(trading):
    """With everything that tells which strategy, candle and right it was."""
    settings, db = trading
    feed(db, 101, first=3)
    until(lambda: events(settings, "trader", "turn"))
    (turn,), (trade,) = events(settings, "trader", "turn"), events(settings, "trader", "trade")
    holder, epoch = rows(settings.database, "select holder, epoch from leases")[0]
    common = {"strategy_id": "one", "series": "binance BTC/USDT 1h", "holder": holder, "epoch": epoch}
    assert common.items() <= turn.items()
    assert common.items() <= trade.items()
    assert (turn["timestamp"], turn["action"], turn["decisions"]) == (at(3), "enter", 1)
    assert turn["time"].startswith("20")


def test_a_broken_file_costs_entries_only(trading):
    """The complaint stands in status; what is held is sold by the rule that it was bought under; nothing is bought."""
    settings, db = trading
    feed(db, 101, first=3)
    until(lambda: rows(settings.database, "select count(*) from trades") == [(1,)])
    (settings.directory / "strategies" / "0.yaml").write_text(high().replace("capital", "capitol"))
    until(lambda: "did you mean capital" in log(settings))
    feed(db, 96, first=4)
    until(lambda: rows(settings.database, "select count(*) from trades") == [(2,)])
    feed(db, 105, first=5)
    until(lambda: rows(settings.database, NEWEST) == [("blocked",)])
    assert rows(settings.database, "select side from trades order by trade_id") == [("buy",), ("sell",)]
    assert "capitol" in rows(settings.database, "select reason from decisions where action = 'blocked'")[-1][0]
    assert "capitol" in status(settings)["workers"]["why"]


def test_another_identity_costs_that_strategy_until_it_is_renamed(trading):
    """The advice, followed to the letter beside a living trader: the id is freed, its new holder trades."""
    settings, db = trading
    (settings.directory / "strategies" / "0.yaml").write_text(high().replace("BTC/USDT", "ETH/USDT"))
    until(lambda: rows(settings.database, "select expires_ms from leases") == [(0,)])
    until(lambda: "fleet rename one one-old" in str(status(settings)["workers"]["why"]))
    assert command(settings, "rename", "one", "one-old").returncode == 0
    until(lambda: rows(settings.database, "select symbol from strategies where strategy_id = 'one'") == [("ETH/USDT",)])
    markets.save(db, [replace(MARKET, symbol="ETH/USDT", market_id="ETHUSDT", base="ETH")], 1)
    feed(db, 99, 101, first=2, series=ETHER)
    until(lambda: rows(settings.database, "select run_id from trades") == [("one.2",)])


def test_a_slip_of_the_pen_costs_no_id(trading):
    """A symbol that nobody lists, mended as soon as it stands in the database: it trades what is meant, no rename."""
    settings, db = trading
    file = settings.directory / "strategies" / "two.yaml"
    file.write_text(high("two").replace("BTC/USDT", "BTC/USDD"))
    until(lambda: rows(settings.database, "select symbol from strategies where strategy_id = 'two'") == [("BTC/USDD",)])
    file.write_text(high("two"))
    until(lambda: rows(settings.database, "select symbol from strategies where strategy_id = 'two'") == [("BTC/USDT",)])
    feed(db, 101, first=3)
    until(lambda: rows(settings.database, "select run_id from trades where strategy_id = 'two'") == [("two.2",)])


def test_a_copied_file_leaves_the_original_alone(trading):
    """The copy is blamed, whatever it is called; the strategy enters as before."""
    settings, db = trading
    until(lambda: rows(settings.database, "select count(*) from configurations") == [(1,)])
    folder = settings.directory / "strategies"
    (folder / "0-copy.yaml").write_text((folder / "0.yaml").read_text())
    until(lambda: rows(settings.database, "select 1 from workers where detail like '%0-copy.yaml:1%'"))
    assert "0-copy.yaml:1" in status(settings)["workers"]["why"]
    feed(db, 101, first=3)
    until(lambda: rows(settings.database, "select side from trades") == [("buy",)])


ETHER_TOO = "  - { exchange: binance, symbol: ETH/USDT, timeframe: 1h, last: 60 }\n"
NEWEST = "select action from decisions order by timestamp desc limit 1"


@pytest.fixture
def filled(tmp_path):
    """A backfiller that follows one series; its settings and the file that names it."""
    with simulator() as running:
        settings = fleet(tmp_path, running, "binance BTC/USDT 1h 50")
        process = begin(settings, "backfiller")
        try:
            until(lambda: len(stored(settings)) == 50)
            yield settings, settings.directory / "fleet.yaml"
        finally:
            process.terminate()
            assert process.wait(60) == 0


def test_the_backfiller_follows_a_new_series(filled):
    """As soon as a file names it."""
    settings, file = filled
    file.write_text(file.read_text() + ETHER_TOO)
    until(lambda: len(stored(settings, ETHER)) == 60)
    with connect_readonly(settings.database) as db:
        assert len(candles.heads(db)) == 2


def test_a_backfiller_with_nothing_left_waits_for_the_next_file(filled):
    """Taking everything out of the configuration ends no process: the next series is picked up like any other."""
    settings, file = filled
    whole = file.read_text()
    file.write_text(whole.partition("  - ")[0].replace("series:", "series: []"))
    until(lambda: "no series is configured" in log_file(settings, "backfiller").read_text())
    file.write_text(whole.partition("  - ")[0] + ETHER_TOO)
    until(lambda: len(stored(settings, ETHER)) == 60)
