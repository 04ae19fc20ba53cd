"""A series that cannot be read costs its own strategies, until it can be read again; the others go on."""

import json
from contextlib import contextmanager
from dataclasses import replace

import pytest
from structlog.testing import capture_logs

from config.load import load
from db.fleet import controls
from db.fleet.controls import Level
from db.market_data import markets
from db.sqlite.connection import connect
from db.sqlite.migrate import migrate
from db.trading import positions
from domain.errors import Unavailable
from fleet import cli
from runtime import clock
from runtime.clock import Clock
from runtime.reload import Configuration
from strategies import kinds
from tests.backfilling import until
from tests.kit.rows import rows, script
from tests.kit.series import ETHER, HOUR, HOURLY, at
from tests.replayed import settings as configured
from tests.trading import MARKET, actions, assigned, feed, high
from trader import failed_series
from trader.configuration_sync import ConfigurationSync
from trader.exchange_time import ExchangeTime
from trader.failed_series import FailedSeries
from trader.worker import TraderWorker

BAR = at(3)
DAMAGES = {
    "infinite": (
        f"update ohlcv_data set high = 9e999 where symbol = 'BTC/USDT' and timestamp = {BAR}",
        f"update ohlcv_data set high = close + 1 where symbol = 'BTC/USDT' and timestamp = {BAR}",
    ),
    "between two bars": (
        f"insert into ohlcv_data values ('binance', 'BTC/USDT', '1h', {BAR - 60}, 1.0, 1.0, 1.0, 1.0, 1.0, 0)",
        f"delete from ohlcv_data where timestamp = {BAR - 60}",
    ),
    "market": (
        "update markets set price_tick = 0 where symbol = 'BTC/USDT'",
        "update markets set price_tick = 0.01 where symbol = 'BTC/USDT'",
    ),
}
OWN = '''
"""A kind that counts whole prices only."""
from domain.kinds import Kind
from domain.strategy import Signal


class Own:
    def signal(self, indicators):
        return Signal(reason=f"{sum(int(each) for each in indicators.column('high'))}")


KIND = Kind(name="own", doc="own", params={}, build=lambda params: Own(), warmup=lambda params: 3)
'''


@pytest.fixture
def room(tmp_path, monkeypatch):
    """A trader's process with a strategy on each of two series, both of which have just bought."""
    monkeypatch.setattr(failed_series, "FIRST", 0.1)
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "own.py").write_text(OWN)
    more = f"environment: simulated\nplugins: [{tmp_path / 'mine'}]\nsupervision: {{ lease: 600 }}\n"
    settings = configured(tmp_path, [high(), high("two").replace("BTC/USDT", "ETH/USDT")], more)
    moment = Clock((at(3) + 1) * 1000, clock.now_ms(), 1.0)
    migrate(settings.database, "simulated", clock=moment.dump(), any_filesystem=True)
    with connect(settings.database, any_filesystem=True) as db:
        markets.save(db, [MARKET, replace(MARKET, symbol="ETH/USDT")], 1)
        for series in (HOURLY, ETHER):
            feed(db, 99, 98, 101, series=series)
        yield process(assigned(settings, db), moment)


def process(made, moment):
    """The process around a trader."""
    configuration = Configuration(lambda: (made.settings, kinds.load(made.settings.plugins)))
    sync = ConfigurationSync(db=made.db, who=made.beats.who, configuration=configuration, now_ms=clock.now_ms)
    made.beats.pause_ms = 0
    watch = TraderWorker(assignments=made, time=ExchangeTime(moment), configuration=configuration, sync=sync)
    watch.turn()
    return watch


def damage(db, statement):
    """What this program does not write: another one has."""
    script(db, f"pragma ignore_check_constraints = on; {statement}")


def status(watch, capsys):
    """The exit status of `fleet status`, and what it says of the workers."""
    settings = watch.assignments.settings
    words = ["--config", str(settings.directory), "--database", str(settings.database), "--format", "json"]
    capsys.readouterr()
    returned = cli.main(["status", *words])
    return returned, [row["why"] for row in json.loads(capsys.readouterr().out) if row["section"] == "workers"]


@contextmanager
def damaged(watch, name):
    """Two more bars on each series, and a damage to one of them for the length of the block."""
    for series in (HOURLY, ETHER):
        feed(watch.assignments.db, 95, 94, first=3, series=series)
    damage(watch.assignments.db, DAMAGES[name][0])
    yield
    damage(watch.assignments.db, DAMAGES[name][1])


def decided(watch, strategy_id="one"):
    """What the strategy has decided after one more look."""
    watch.turn()
    return actions(watch.assignments.db, strategy_id)


@pytest.mark.parametrize("name", DAMAGES)
def test_it_costs_its_own_strategies_until_it_is_mended(room, capsys, name):
    """It is told once, status fails; the other series sells, and so does this one once it can be read."""
    with capture_logs() as told, damaged(room, name):
        assert decided(room, "two")[:2] == ["enter", "exit"]
        until(lambda: decided(room) and backed_off(room) >= 3)
        returned, (why,) = status(room, capsys)
    assert actions(room.assignments.db) == ["enter"]
    assert [each["series"] for each in told if each["event"] == "series_failed"] == [str(HOURLY)]
    assert not [each for each in told if each["event"] == "strategy_failed"]
    assert (returned, str(HOURLY) in why) == (1, True)
    until(lambda: decided(room)[:2] == ["enter", "exit"])
    room.turn()
    assert status(room, capsys) == (0, [None])


def backed_off(watch):
    """How often the one series has failed."""
    return max((each.backoff._failures for each in watch.assignments.failed_series._failures.values()), default=0)


@pytest.mark.parametrize("doubted", [False, True])
def test_no_strategy_is_blamed_for_a_row_that_is_no_candle(room, doubted):
    """It raises over one of the bars before, in this process or in a child: it is not disabled for that."""
    db, settings = room.assignments.db, room.assignments.settings
    file = settings.directory / "strategies" / "0.yaml"
    file.write_text(file.read_text().replace("rules", "own").replace("strategy_id: one", "strategy_id: own"))
    text = "\n".join(line for line in file.read_text().splitlines() if not line.startswith(("params", "warmup")))
    file.write_text(text)
    changed = configured_again(settings)
    made = assigned(changed, db, "second")
    assert set(made.active) == {"own"}
    watch = process(made, room.time.clock)
    feed(db, 95, first=3)
    damage(db, f"update ohlcv_data set high = 9e999 where symbol = 'BTC/USDT' and timestamp = {BAR - HOUR}")
    made.leasing.orphans = {"own"} if doubted else set()
    for _ in range(3):
        assert decided(watch, "own") == ["hold"]
        until(lambda: made.failed_series.due)
    assert "no candle (not a number)" in str(made.failed_series.heartbeat_detail)
    damage(db, f"update ohlcv_data set high = 102 where symbol = 'BTC/USDT' and timestamp = {BAR - HOUR}")
    until(lambda: decided(watch, "own") == ["hold", "hold"])
    assert positions.load(db, ["own"])["own"].failures == 0


def configured_again(settings):
    """The configuration as its files stand now."""
    return load(settings.directory, kinds.load, database=settings.database)


def test_an_order_to_sell_waits_for_its_own_series_only(room):
    """The other one is sold at once."""
    with damaged(room, "market"):
        controls.put(room.assignments.db, ["one", "two"], [Level.EXIT], "because", 1)
        feed(room.assignments.db, 103, 104, first=3, series=ETHER)
        room.turn()
        sold = "select strategy_id from orders where purpose = 'manual'"
        assert rows(room.assignments.db, sold) == [("two",)]
    until(lambda: decided(room)[:2] == ["enter", "exit"])


def test_what_concerns_everybody_is_raised():
    """A disk that fails is no trouble of a series."""

    def work():
        raise Unavailable("the disk failed")

    failed = FailedSeries()
    with pytest.raises(Unavailable):
        failed.attempt(HOURLY, "its bars cannot be decided", work)
    assert not failed.due


def test_a_replay_goes_on_with_the_others(room, capsys):
    """And says of which series it is short: status 1."""
    with damaged(room, "between two bars"):
        where = ["--config", str(room.assignments.settings.directory), "--database", str(room.assignments.db.path)]
        assert cli.main(["trade", "--replay", "--format", "json", *where]) == 1
    told = capsys.readouterr()
    assert {row["strategy_id"]: row["round_trips"] for row in json.loads(told.out)} == {"one": 0, "two": 1}
    assert f"{HOURLY}: cannot be copied: " in told.err


def test_words_of_another_release_are_read(room, capsys):
    """A state and a cause that are not known here: an unknown cause explains nothing."""
    db = room.assignments.db
    feed(db, 95, 103, first=4)
    damage(db, f"insert into gaps values ('binance', 'BTC/USDT', '1h', {BAR}, {BAR}, 'volcano')")
    damage(db, "update series_heads set state = 'on strike', state_code = 'strike'")
    assert decided(room) == ["enter", "exit", "blocked"]
    assert status(room, capsys) == (1, [None])
