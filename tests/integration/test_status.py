"""`fleet status`: what it shows of a series, and when it exits with 1."""

import argparse
import json

import pytest

from config.settings import Settings
from db.database import Database
from db.fleet import controls
from db.fleet.workers import Worker
from db.market_data import candles, exchanges, markets
from db.reading import status_rows
from db.reading.status import status as standing_now
from db.sqlite.connection import connect
from db.sqlite.migrate import migrate
from domain.candles import SeriesState
from fleet import cli, containers, screen
from runtime import heartbeat
from runtime.clock import Clock, now_ms
from runtime.last_good import configured_or_last_good
from runtime.reload import Configuration
from tests.kit.rows import change, rows
from tests.kit.series import ETHER, HOUR, HOURLY, at
from tests.replayed import settings as configured
from tests.trading import MARKET, feed, high, living
from trader import registration
from trader.configuration_sync import ConfigurationSync


@pytest.fixture
def room(tmp_path):
    """One strategy on a series of which nothing is stored, a second after the close of the bar number 2."""
    settings = configured(tmp_path, [high()], "environment: simulated\n")
    clock = Clock((at(3) + 1) * 1000, now_ms(), 1.0)
    migrate(settings.database, "simulated", clock=clock.dump(), any_filesystem=True)
    with connect(settings.database, any_filesystem=True) as db:
        markets.save(db, [MARKET], 1)
        registration.register(db, settings, 1)
        yield settings, db


def status(settings: Settings, capsys: pytest.CaptureFixture[str]) -> tuple[int, dict[str, str]]:
    """The exit status, and the state of every series that is shown."""
    words = ["--config", str(settings.directory), "--database", str(settings.database), "--format", "json"]
    returned = cli.main(["status", *words])
    rows = json.loads(capsys.readouterr().out)
    return returned, {row["series"]: row["state"] for row in rows if row["section"] == "series"}


def test_a_strategy_whose_market_is_unknown_says_so(room, capsys):
    """Its candles are fresh, and it decides nothing."""
    settings, db = room
    feed(db, 99, 98, 97)
    assert status(settings, capsys) == (0, {"binance BTC/USDT 1h": "fresh"})
    change(db, "delete from markets")
    assert status(settings, capsys)[0] == 1
    assert "has not read its market" in status_rows.strategy_row(dict(db.read("status_strategies")[0]), 1)["why"]


def test_a_traded_series_without_any_candle_is_empty(room, capsys):
    """Also while nobody has told anything of it yet: there is nothing to trade on, and that is not well."""
    settings, _ = room
    assert status(settings, capsys) == (1, {"binance BTC/USDT 1h": "empty"})


def test_a_head_without_candles_is_empty_too(room, capsys):
    """It was unreachable for a while, then answered with nothing."""
    settings, db = room
    candles.set_state(db, HOURLY, "cannot be reached")
    candles.set_state(db, HOURLY, None)
    assert status(settings, capsys) == (1, {"binance BTC/USDT 1h": "empty"})


def test_with_its_newest_candle_it_is_fresh(room, capsys):
    """And nothing else is wrong; a series that nobody trades may be empty."""
    settings, db = room
    feed(db, 99, 98, 97)
    candles.set_state(db, ETHER, None)
    assert status(settings, capsys) == (0, {"binance BTC/USDT 1h": "fresh", "binance ETH/USDT 1h": "empty"})


def test_a_machine_whose_clock_is_behind_calls_nothing_fresh(room, capsys):
    """What the backfiller knows of the exchange's clock counts."""
    settings, db = room
    feed(db, 99, 98, 97)
    exchanges.set_offset(db, "binance", 4 * HOUR * 1000)
    assert status(settings, capsys) == (1, {"binance BTC/USDT 1h": "stale"})


def test_why_a_series_stands_still_is_a_word_beside_a_sentence(room, capsys):
    """The word is what programs read."""
    settings, db = room
    feed(db, 99, 98, 97)
    candles.set_state(db, HOURLY, "halted by the exchange", SeriesState.HALTED)
    assert status(settings, capsys) == (1, {"binance BTC/USDT 1h": "halted"})


def test_several_complaints_of_a_worker_are_one_line(room, capsys):
    """For programs; people see each on a line of its own, below the tables."""
    settings, db = room
    who = Worker(
        worker_id="trader-1", room="trader", host="here", pid=1, started_ms=1, detail={"configuration": "one\ntwo"}
    )
    living(db, who, now_ms())
    where = ["--config", str(settings.directory), "--database", str(settings.database)]
    assert cli.main(["status", *where, "--format", "csv"]) == 1
    assert "one; two" in capsys.readouterr().out
    assert cli.main(["status", *where]) == 1
    assert "\n! one\n! two\n" in capsys.readouterr().out


class Follower:
    """A trader that follows the files of a folder, as far as they are good."""

    def __init__(self, settings: Settings, db: Database) -> None:
        options = argparse.Namespace(config=settings.directory, database=settings.database)
        self.folder, self.db = settings.directory / "strategies", db
        self.configuration = Configuration(lambda: configured_or_last_good(options))
        who = heartbeat.worker("trader")
        self.sync = ConfigurationSync(db=db, who=who, configuration=self.configuration, now_ms=now_ms)

    def told(self, capsys: pytest.CaptureFixture[str], **files: str) -> tuple[int, dict[str, tuple[str, str | None]]]:
        """The exit status, and state and reason of every strategy, when it has read what these files say now."""
        for name, text in files.items():
            (self.folder / f"{name}.yaml").write_text(text)
        self.configuration.reload_next_time()
        self.configuration.reload_if_changed()
        self.sync.settled()
        capsys.readouterr()
        words = ["--config", str(self.folder.parent), "--database", str(self.db.path), "--format", "json"]
        returned = cli.main(["status", *words])
        shown = json.loads(capsys.readouterr().out)
        found = {row["strategy_id"]: (row["state"], row["why"]) for row in shown if row["section"] == "strategies"}
        return returned, found


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("strategy_id: one\n{", "its file cannot be read: "),
        (high().replace("BTC/USDT", "ETH/USDT"), "one: symbol was BTC/USDT, is ETH/USDT"),
        (high().replace("1000", "900"), "one: capital 900 would take 100"),
    ],
)
def test_a_strategy_whose_file_does_not_count_says_so_in_its_row(room, capsys, text, why):
    """Until it is mended; the other one's row says nothing. It is a reason to exit with 1."""
    settings, db = room
    feed(db, 99, 98, 97)
    trader = Follower(settings, db)
    assert trader.told(capsys, two=high("two")) == (0, {"one": ("active", None), "two": ("active", None)})
    change(db, "update positions set cash = 0 where strategy_id = 'one'")
    change(db, "update strategy_totals set decided = 1")  # which binds an id to its series
    for _ in range(2):
        returned, found = trader.told(capsys, **{"0": text})
        assert (returned, found["two"]) == (1, ("active", None))
        assert found["one"][0] == "exits only"
        assert why in found["one"][1]
    assert trader.told(capsys, **{"0": high()}) == (0, {"one": ("active", None), "two": ("active", None)})


def test_starting_it_does_not_mend_it(room, capsys):
    """`fleet start` takes back what a person or its failures have done, not what its file says."""
    settings, db = room
    feed(db, 99, 98, 97)
    trader = Follower(settings, db)
    trader.told(capsys)
    before = trader.told(capsys, **{"0": "{"})[1]["one"][1]
    controls.start(db, ["one"])
    assert rows(db, "select state_reason from strategies") == [(before,)]


def test_on_a_narrow_terminal_the_reason_stands_below_the_tables(room, capsys, monkeypatch):
    """Once, however many workers tell it, and in whole words; the tables keep their short ones."""
    settings, db = room
    trader = Follower(settings, db)
    (trader.folder / "0.yaml").write_text(high().replace("capital", "capitol"))
    trader.told(capsys, two=high("two"))
    text = str(trader.configuration.complaint)
    for number in range(2):
        beat(db, number, {"configuration": text, "exchanges": {"binance": "cannot be reached: no route"}})
    candles.set_state(db, HOURLY, "cannot be reached: no route")
    monkeypatch.setenv("COLUMNS", "80")
    assert cli.main(["status", "--config", str(settings.directory), "--database", str(settings.database)]) == 1
    tables, _, below = capsys.readouterr().out.partition("\n! ")
    assert [tables.count(word) for word in ("alive", "stands by", "cannot be reached", "capitol")] == [1, 1, 0, 0]
    assert "why" not in tables
    assert [" ".join(below.split()).count(each) for each in ("0.yaml:7: capitol", "binance: cannot be reached")] == [
        1,
        1,
    ]


def test_the_heartbeat_of_a_container_is_a_word(room, capsys):
    """`fleet ps` has it from `fleet status` inside; why something is wrong stands apart from it, below the table."""
    settings, db = room
    beat(db, 0, {"exchanges": {"binance": "cannot be reached: no route"}})
    where = ["--config", str(settings.directory), "--database", str(settings.database)]
    cli.main(["status", *where, "--format", "json"])
    found = containers._by_host(json.loads(capsys.readouterr().out))
    assert (found["here"]["state"], found["here"]["why"]) == ("alive", "binance: cannot be reached: no route")


def test_the_command_prints_the_rows_of_the_database_and_no_others(room, capsys):
    """Words of state stand in db/reading: any other door that shows them says the same."""
    settings, db = room
    beat(db, 0, {"exchanges": {"binance": "cannot be reached"}})
    registration.register(db, settings, 1)
    found, controlled = standing_now(db, now_ms()), controls.standing(db)
    sections = status_rows.sections(found, controlled, {}, now_ms())
    where = ["--config", str(settings.directory), "--database", str(settings.database)]
    assert cli.main(["status", *where, "--format", "json"]) == int(status_rows.has_problems(found, now_ms())) == 1
    assert json.loads(capsys.readouterr().out) == [
        {"section": title, **row} for title, rows in sections.items() for row in rows
    ]


def test_the_live_table_names_what_is_wrong_in_fleet_yaml(room):
    """As it names what is wrong in a strategy's file."""
    _, db = room
    beat(db, 0, {"configuration": "config/fleet.yaml:3: exchanges.kraken.rate = 'one': is no number"})
    told = screen._problems(standing_now(db, 1), {})
    assert [each.plain for each in told] == ["! config/fleet.yaml:3: exchanges.kraken.rate = 'one': is no number"]


def beat(db: Database, number: int, detail: dict[str, object]) -> None:
    """A heartbeat of a worker: the first is a backfiller, the others are traders that have nothing to do."""
    who = "trader" if number else "backfiller"
    living(db, Worker(worker_id=f"{who}-{number}", room=who, host="here", pid=1, started_ms=1, detail=detail), now_ms())
