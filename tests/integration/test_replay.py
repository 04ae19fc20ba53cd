"""`fleet trade --replay`: over stored candles, in a database apart, whatever the source is doing."""

import hashlib
import json
import tempfile

import pytest

from db.fleet import controls, meta
from db.fleet.controls import Level
from db.market_data import candles, gaps, storing
from db.sqlite.connection import connect, connect_readonly
from domain.dates import moment
from domain.errors import Unavailable
from domain.gaps import Cause
from fleet import cli, replaying
from runtime import clock
from runtime.clock import Clock
from runtime.stop import Stop
from tests.kit.rows import rows
from tests.kit.series import HOUR, HOURLY, START, at
from tests.replayed import STRATEGY, waves
from tests.trading import actions, assigned, beat, opened, ring
from trader import replay

COUNT = 300
TABLES = "select name from sqlite_master where type = 'table' order by name"
OWN = """\
from domain.kinds import Kind
from domain.strategy import Signal


class Own:
    warmup = 2

    def signal(self, indicators):
        closes = indicators.column("close")
        if ODD:
            raise ValueError("boom")
        return Signal()


KIND = Kind(name="own", doc="own", params={}, build=lambda params: Own(), warmup=lambda params: 2)
"""
OWN_FILE = (
    STRATEGY.format(name="own", symbol="BTC/USDT", capital=1000)
    .replace("macd", "own")
    .replace("params: { fast: 4, slow: 9, signal: 3 }\n", "")
)
MACD = STRATEGY.format(name="one", symbol="BTC/USDT", capital=1000)


@pytest.fixture
def room(tmp_path, monkeypatch):
    """A database with candles, in which a strategy has traded, is paused, and nobody may enter."""
    (tmp_path / "temporary").mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "temporary"))
    settings, db = opened(tmp_path, MACD)
    storing.store(db, HOURLY, waves(COUNT), 0, 1)
    ring(assigned(settings, db), COUNT - 1)
    controls.put(db, ["one"], [Level.STOP], "holiday", 1)
    controls.halt(db, "news", 1)
    beat(db, "trader-1")
    yield tmp_path, db
    db.close()


def run(folder, *options):
    """The exit status of a replay of the database there."""
    where = ["--config", str(folder / "config"), "--database", str(folder / "trading.db")]
    return cli.main(["trade", "--replay", *options, *where])


def content(db):
    """Every row of every table."""
    return {name: rows(db, f"select * from {name}") for (name,) in rows(db, TABLES)}


def left(folder):
    """Temporary files that are still there."""
    return list((folder / "temporary").iterdir())


def test_the_source_is_only_read(room):
    """No row, no byte, no version of it changes, and no file appears beside it."""
    folder, db = room
    before, version = content(db), db.data_version()
    assert run(folder) == 0
    assert (content(db), db.data_version()) == (before, version)
    db.close()
    files = {file.name: hashlib.sha256(file.read_bytes()).hexdigest() for file in folder.glob("trading.db*")}
    assert run(folder) == 0
    after = {file.name: hashlib.sha256(file.read_bytes()).hexdigest() for file in folder.glob("trading.db*")}
    assert {name: after[name] for name in files} == files
    assert left(folder) == []


def test_each_strategy_starts_flat_with_its_capital(room):
    """Without marks, controls, halt or workers of the source; with its markets and what it says of itself."""
    folder, db = room
    assert run(folder, "--keep", str(folder / "kept.db"), "--to", str(at(250))) == 0
    with connect_readonly(folder / "kept.db") as kept:
        assert len(actions(kept)) == 251
        assert actions(kept)[:20] == ["blocked"] * 19 + ["hold"]
        assert "enter" in actions(kept)
        assert rows(kept, "select capital, run_id from runs") == [(1000, "one.1")]
        assert (rows(kept, "select * from controls"), rows(kept, "select * from workers")) == ([], [])
        own = "('replayed', 'strategies_changed', 'transaction_id')"
        alike = f"select key, value from meta where key not in {own} order by key"
        assert rows(kept, alike) == rows(db, alike)
        same = "select market_id, amount_step, fee_in_base from markets"
        assert rows(kept, same) == rows(db, same)


def test_it_says_what_was_walked_and_not_each_trade(room, capsys):
    """From the open of the first candle to the close of the last one, whatever was asked for."""
    folder, _ = room
    assert run(folder, "--from", "2020-01-01") == 0
    told = capsys.readouterr().err
    span = f"{moment(START)} to {moment(at(COUNT))}"
    assert f"replayed {span}: {COUNT} decisions of 1 strategy\n" in told
    assert not [event for event in ("lease_taken", '"trade"', " trade ", '"turn"') if event in told]


def test_why_of_a_kept_replay_speaks_of_its_end(room, capsys):
    """Nobody has to let a backfiller or a trader run on it."""
    folder, _ = room
    assert run(folder, "--keep", str(folder / "kept.db")) == 0
    capsys.readouterr()
    assert cli.main(["why", "one", "--config", str(folder), "--database", str(folder / "kept.db")]) == 0
    told = capsys.readouterr().out
    assert "now: the end of a replay" in told
    assert "stale" not in told


def test_it_runs_while_somebody_writes(room, capsys):
    """Nothing is waited for: the lock is held all the time."""
    folder, db = room
    with db.write():
        assert run(folder, "--format", "json") == 0
    assert json.loads(capsys.readouterr().out)[0]["total_trades"] > 5


def test_a_second_run_says_the_same(room, capsys):
    """Nothing is left of the first one, and the kept copy has the report that was printed."""
    folder, _ = room
    told = []
    for options in (["--keep", str(folder / "kept.db")], []):
        assert run(folder, "--format", "csv", *options) == 0
        told.append(capsys.readouterr().out)
    assert [file.name for file in folder.glob("kept.db*")] == ["kept.db"]
    where = ["--config", str(folder / "config"), "--database", str(folder / "kept.db")]
    assert cli.main(["report", "--format", "csv", *where]) == 0
    assert capsys.readouterr().out == told[0] == told[1]


def test_people_get_the_table_of_the_report(room, capsys):
    """With the totals of the fleet."""
    folder, _ = room
    assert run(folder) == 0
    out = capsys.readouterr().out
    assert "strategy_performance" in out
    assert "fleet, by quote currency" in out


@pytest.mark.parametrize("ending", ["", "-wal", ".halt"])
def test_a_file_that_exists_is_not_written_over(room, ending, capsys):
    """Nor one that would be taken for a part of it; nothing is made."""
    folder, _ = room
    (folder / f"kept.db{ending}").write_text("mine")
    assert run(folder, "--keep", str(folder / "kept.db")) == 2
    assert "exists already" in capsys.readouterr().err
    assert (folder / f"kept.db{ending}").read_text() == "mine"
    assert len(list(folder.glob("kept.db*"))) == 1


@pytest.mark.parametrize("keep", [True, False])
def test_nothing_is_left_of_a_replay_that_fails(room, keep, monkeypatch):
    """Neither in the temporary folder nor where it was to be kept."""
    folder, _ = room
    monkeypatch.setattr(replay, "walk", lambda *_: (_ for _ in ()).throw(Unavailable("the disk is full")))
    assert run(folder, *(["--keep", str(folder / "kept.db")] if keep else [])) == 1
    assert (left(folder), list(folder.glob("kept.db*"))) == ([], [])


def test_a_time_without_candles_is_told(room, capsys):
    """With the series; the exit status is 1."""
    folder, _ = room
    assert run(folder, "--from", "2031-01-01") == 1
    assert "binance BTC/USDT 1h: no candle of that time" in capsys.readouterr().err


@pytest.mark.parametrize(
    "options", [["--keep", "x.db"], ["--from", "2025-01-01"], ["--to", "2025-01-01"], ["--format", "csv"]]
)
def test_options_of_the_replay_belong_to_it(room, options, capsys):
    """Without --replay nothing is traded."""
    folder, _ = room
    assert cli.main(["trade", *options, "--config", str(folder / "config")]) == 2
    assert f"{options[0]}: only with --replay" in capsys.readouterr().err


def test_a_span_that_ends_before_it_begins_is_refused(room, capsys):
    """In dates."""
    folder, _ = room
    assert run(folder, "--from", "2025-06-01", "--to", "20250531") == 2
    assert "--from 2025-06-01 00:00 is later than --to 2025-05-31 00:00: nothing" in capsys.readouterr().err


def test_what_is_counted_back_is_candle_time(room, capsys):
    """The last 24 bars before the time that the candles' clock shows, in a replay and in a report."""
    folder, db = room
    meta.set_clock(db, Clock(1000 * at(COUNT), clock.now_ms(), 1e-6).dump())
    assert run(folder, "--from", "24h", "--keep", str(folder / "day.db")) == run(
        folder, "--keep", str(folder / "all.db")
    )
    with connect_readonly(folder / "day.db") as kept:
        assert len(actions(kept)) == 24
    told = []
    for since in ("96h", str(at(COUNT - 96)), "20230101"):
        capsys.readouterr()
        words = ["report", "--view", "round_trips", "--format", "json", "--database", str(folder / "all.db")]
        assert cli.main([*words, "--since", since]) == 0
        told.append(json.loads(capsys.readouterr().out))
    assert told[0] == told[1]
    assert 0 < len(told[0]) < len(told[2])


def test_without_a_database_it_is_said_how_candles_come(room, capsys):
    """Unless it was there before."""
    folder, db = room
    db.close()
    (folder / "trading.db").unlink()
    assert run(folder) == 2
    assert "`fleet restore FILE`" in capsys.readouterr().err
    for file in folder.glob("trading.db*"):
        file.unlink()
    assert run(folder) == 2
    told = capsys.readouterr().err
    assert "`fleet backfill --once` or `fleet import FILE`" in told
    assert "migrate" not in told


@pytest.mark.parametrize(
    ("odd", "told"),
    [
        ("closes[-1] == 105.59", "own: failed on 1 bar, the last time with ValueError: boom\n"),
        ("len(closes)", "own: disabled after 5 failures in a row: ValueError: boom; its report is of the bars until"),
    ],
)
def test_a_strategy_that_fails_is_named_beside_the_report(room, capsys, odd, told):
    """It is no result: the exit status is 1, and the report is printed."""
    folder, _ = room
    (folder / "mine").mkdir()
    (folder / "mine" / "own.py").write_text(OWN.replace("ODD", odd))
    (folder / "config" / "strategies" / "own.yaml").write_text(OWN_FILE)
    (folder / "config" / "fleet.yaml").write_text(f"any_filesystem: true\nplugins: [{folder / 'mine'}]\n")
    assert run(folder, "--format", "json", "--keep", str(folder / "kept.db")) == 1
    out, err = capsys.readouterr()
    assert {row["strategy_id"] for row in json.loads(out)} == {"one", "own"}
    assert f"\n{told}" in f"\n{err}"
    assert "\none: " not in err
    where = ["--config", str(folder / "config"), "--database", str(folder / "kept.db")]
    assert cli.main(["report", "--format", "json", *where]) == 0
    assert told in capsys.readouterr().err


def test_what_rules_read_before_the_span_is_there(room):
    """Its first bar is decided on the same values as in a replay of everything, with a hole in the warm-up or not."""
    folder, db = room
    gaps.mark(db, HOURLY, START - 9 * HOUR, START - 5 * HOUR, Cause.OUTAGE)
    first = at(100)
    for name, options in (("whole", []), ("part", ["--from", str(first)])):
        assert run(folder, "--keep", str(folder / name), *options) == 0
    seen = f"select timestamp, indicators from decisions where timestamp >= {first} order by timestamp"
    found = []
    for name in ("whole", "part"):
        with connect_readonly(folder / name) as db:
            found.append(rows(db, seen))
    assert len(found[0]) == COUNT - 100
    assert found[0] == found[1]


def test_gaps_and_sources_of_candles_are_copied(room, tmp_path):
    """As far as the span reaches; holes block entries there as they do here."""
    folder, db = room
    storing.store(db, HOURLY, waves(COUNT + 50)[COUNT + 10 :], 1, 7)
    gaps.mark(db, HOURLY, at(COUNT), at(COUNT + 9), Cause.OUTAGE)
    assert run(folder, "--keep", str(tmp_path / "kept.db")) == 0
    with connect(tmp_path / "kept.db", any_filesystem=True) as kept:
        for table in ("ohlcv_data", "gaps", "series_heads"):
            assert rows(kept, f"select * from {table}") == rows(db, f"select * from {table}")
        assert rows(kept, "select reason from decisions where reason like 'outage from%'") != []
        assert candles.heads(kept).keys() == {HOURLY}


class Interrupted(Stop):
    """Ctrl-C was typed at once."""

    def __enter__(self):
        self.set()
        return super().__enter__()


def test_one_that_is_interrupted_at_once_says_nothing_of_its_candles(room, capsys, monkeypatch):
    """They are there: it ends as interrupted, and what it keeps is empty."""
    folder, _ = room
    monkeypatch.setattr(replaying, "Stop", Interrupted)
    assert run(folder, "--format", "json", "--keep", str(folder / "kept.db")) == 130
    told = capsys.readouterr().err
    assert "stopped before its first decision" in told
    assert "no candle" not in told
    assert rows(folder / "kept.db", "select count(*) from decisions") == [(0,)]
