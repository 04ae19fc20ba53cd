"""Backups: whole beside writers, checked, and put back without believing anything."""

import os
import random
import shutil
import stat
import subprocess
import sys
import time

import pytest

from db import statements
from db.fleet import meta
from db.market_data import candles, storing
from db.sqlite import backup, identity
from db.sqlite.connection import connect, open_file
from db.sqlite.migrate import migrate
from db.sqlite.restore import Expected, restore
from domain.candles import Source
from domain.errors import ConfigError, DatabaseLost, Unavailable
from fleet import cli
from tests.db_files import fresh
from tests.integration.test_db_kill import WRITER
from tests.kit.candles import bars
from tests.kit.rows import change, column, pragma, script
from tests.kit.series import HOURLY

REAL = Expected("real")
STAMP = "20250101T000000Z"
BACK_UP = """
import sys
from pathlib import Path
from db.sqlite import backup
from db.sqlite.connection import connect
with connect(Path(sys.argv[1]), any_filesystem=True) as db:
    backup.back_up(db, Path(sys.argv[2]), lambda done, pages: None)
"""
RESTORE = """
import sys
from pathlib import Path
from db.sqlite.restore import Expected, restore
restore(Path(sys.argv[2]), Path(sys.argv[1]), Expected("real"), "now", any_filesystem=True)
"""


@pytest.fixture
def db(tmp_path):
    """A connection to a new database with some candles."""
    with fresh(tmp_path / "here") as database:
        storing.store(database, HOURLY, bars(*range(100)), Source.EXCHANGE, 1)
        yield database


def back_up(db, name="backup.db"):
    """A backup beside the folder of the database."""
    return backup.back_up(db, db.path.parents[1] / name, lambda done, pages: None).file


def held(path):
    """How many candles a file holds, read by itself as any program reads it."""
    return column(path, "select count(*) from ohlcv_data", mode="ro&immutable=1")[0]


def put_back(file, path, expected=REAL):
    """A restore."""
    return restore(file, path, expected, STAMP, any_filesystem=True)


def spoilt(file, sql):
    """The backup, in which somebody has changed something."""
    script(file, f"pragma writable_schema = on;{sql}")
    return file


def test_a_backup_is_whole_and_one_file(db):
    """It holds what was committed, also what lies in the -wal still; only its owner reads it."""
    file = back_up(db)
    assert held(file) == 100 > held(db.path)
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert [each.name for each in file.parent.iterdir() if each.is_file()] == ["backup.db"]


def test_a_backup_is_noted_in_the_database_and_knows_that_it_is_one(db):
    """The copy itself says so until a fleet uses it."""
    made = backup.back_up(db, db.path.parents[1] / "backup.db", lambda done, pages: None)
    backup.note(db, made)
    file, facts = made.file, dict(map(tuple, db.read("meta_all")))
    assert facts["backup_file"] == str(file)
    assert int(facts["backup_ms"]) == identity.stored(file).copied_ms


def test_what_exists_is_not_replaced(db, tmp_path):
    """Neither a file nor a link, wherever it leads; a folder that is missing is named."""
    (tmp_path / "taken.db").write_text("mine")
    (tmp_path / "link.db").symlink_to(tmp_path / "nowhere")
    for name, words in (("taken.db", "exists"), ("link.db", "exists"), ("no/such.db", "make the folder")):
        with pytest.raises(ConfigError, match=words):
            back_up(db, name)
    assert (tmp_path / "taken.db").read_text() == "mine"
    assert not (tmp_path / "nowhere").exists()


def test_a_damaged_database_makes_no_backup(db):
    """The copy is checked before it has its name."""
    storing.store(db, HOURLY, bars(*range(100, 20_000)), Source.EXCHANGE, 1)
    db.close()
    with db.path.open("r+b") as file:
        file.seek(db.path.stat().st_size // 2)
        file.write(os.urandom(20_000))
    with connect(db.path, any_filesystem=True) as again, pytest.raises(DatabaseLost):
        back_up(again)
    assert [each.name for each in db.path.parents[1].iterdir()] == ["here"]


@pytest.fixture
def writer(db):
    """A process that stores 200 candles a time, and says how many it has."""
    process = subprocess.Popen([sys.executable, "-c", WRITER, db.path, "200"], stdout=subprocess.PIPE, text=True)
    process.stdout.readline()
    yield process
    process.kill()
    process.communicate()


def test_backups_beside_a_writer_hold_all_that_was_acknowledged(db, writer):
    """Each ends, and holds whole batches: all that the writer had said before, and nothing in part."""
    for number in range(3):
        said = int(writer.stdout.readline())
        assert (count := held(back_up(db, f"{number}.db"))) >= said
        assert count % 200 == 100


@pytest.mark.parametrize("seed", range(6))
def test_a_backup_that_is_killed_leaves_no_file(db, seed):
    """At any instant: there is a whole backup or none."""
    storing.store(db, HOURLY, bars(*range(100, 20_000)), Source.EXCHANGE, 1)
    file = db.path.with_name("killed.db")
    process = subprocess.Popen([sys.executable, "-c", BACK_UP, db.path, file])
    time.sleep(random.Random(seed).uniform(0.2, 0.6))
    process.kill()
    process.wait()
    assert not file.exists() or held(file) == 20_000


def test_a_backup_is_put_back(db):
    """What it replaces is kept whole, under another name; no old -wal stays; the mode is 0600."""
    file = back_up(db)
    storing.store(db, HOURLY, bars(*range(100, 300)), Source.EXCHANGE, 1)
    db.close()
    (kept,) = put_back(file, db.path).kept
    assert (held(db.path), held(kept), kept.name) == (100, 300, f"trading.db.replaced-{STAMP}")
    assert stat.S_IMODE(db.path.stat().st_mode) == 0o600
    with connect(db.path, any_filesystem=True) as again:
        assert again.read("meta_read", key=identity.COPIED) == []
        assert storing.store(again, HOURLY, bars(500), Source.EXCHANGE, 1).inserted == 1


def test_what_was_deleted_or_damaged_is_put_back(db):
    """With its -wal, where that could not be brought into it."""
    file = back_up(db)
    db.close()
    db.path.unlink()
    assert put_back(file, db.path).kept == ()
    db.path.write_bytes(b"rubbish" * 1000)
    db.path.with_name("trading.db-wal").write_bytes(b"more of it" * 100)
    assert len(put_back(file, db.path).kept) == 2
    assert held(db.path) == 100
    assert not db.path.with_name("trading.db-wal").exists()


def test_nothing_is_put_back_under_a_fleet_that_lives(db, writer):
    """Refused, and nothing has changed; once it is gone it works."""
    file = back_up(db)
    db.close()
    with pytest.raises(Unavailable, match="stop the fleet first"):
        put_back(file, db.path)
    assert writer.poll() is None
    writer.kill()
    writer.wait()
    put_back(file, db.path)
    assert held(db.path) % 200 == 100


CHANGES = {
    "trigger": "create trigger evil after insert on trades begin delete from trades; end",
    "view": "create view evil as select 1",
    "table": "create table evil (a)",
    "index": "drop index idx_trades_strategy",
    "column": "alter table trades add column evil text",
}


@pytest.mark.parametrize("change", CHANGES)
def test_a_schema_that_is_not_ours_is_refused(db, change):
    """Whatever is more, less or other than what the migrations make."""
    file = spoilt(back_up(db), CHANGES[change])
    db.close()
    with pytest.raises(ConfigError, match="another schema"):
        put_back(file, db.path)
    assert [each.name for each in db.path.parent.glob("*replaced*")] == []


def test_a_view_that_lies_is_made_anew(db):
    """Nobody reads those of the backup."""
    file = spoilt(back_up(db), "drop view leaderboard; create view leaderboard as select 'lies' as strategy_id")
    db.close()
    put_back(file, db.path)
    with connect(db.path, any_filesystem=True) as again:
        assert again.read("reports_leaderboard") == []


def test_what_is_no_backup_of_ours_is_refused(db, tmp_path):
    """Rubbish, a link, the database itself, a file with a -wal, another environment, another fleet."""
    file = back_up(db)
    (tmp_path / "rubbish.db").write_bytes(b"rubbish" * 1000)
    (tmp_path / "link.db").symlink_to(file)
    shutil.copy(file, tmp_path / "live.db")
    (tmp_path / "live.db-wal").write_bytes(b"newest")
    with fresh(tmp_path / "there") as other:
        theirs, fleet_id = back_up(other, "theirs.db"), meta.fleet_id(other)
    for wrong, expected, words in (
        (tmp_path / "rubbish.db", REAL, "no database"),
        (tmp_path / "link.db", REAL, "is a link"),
        (tmp_path / "none.db", REAL, "does not exist"),
        (db.path, REAL, "the database itself"),
        (tmp_path / "live.db", REAL, "not whole"),
        (file, Expected("simulated"), "holds real data"),
        (theirs, REAL, f"--accept {fleet_id}"),
    ):
        with pytest.raises(ConfigError, match=words):
            put_back(wrong, db.path, expected)
    db.close()
    assert put_back(theirs, db.path, Expected("real", fleet_id)).fleet_id == fleet_id
    assert identity.noted(db.path) == fleet_id


@pytest.mark.parametrize("seed", range(4))
def test_a_damaged_backup_is_refused(db, seed):
    """Before anything is replaced."""
    storing.store(db, HOURLY, bars(*range(100, 3000)), Source.EXCHANGE, 1)
    file = back_up(db)
    with file.open("r+b") as spoilt_file:
        spoilt_file.seek(file.stat().st_size // 2)
        spoilt_file.write(random.Random(seed).randbytes(20_000))
    db.close()
    with pytest.raises(ConfigError):
        put_back(file, db.path)
    assert held(db.path) == 3000


def test_a_backup_whose_schema_is_no_text_is_refused(db):
    """SQLite names the table that it cannot read, by a byte that is none of UTF-8."""
    file = back_up(db)
    found = file.read_bytes()
    assert b"tableohlcv_dataohlcv_data" in found
    file.write_bytes(found.replace(b"tableohlcv_dataohlcv_data", b"tableohlcv\xb0dataohlcv\xb0data"))
    db.close()
    with pytest.raises(ConfigError, match="no database that can be read"):
        put_back(file, db.path)


@pytest.mark.parametrize("seed", range(6))
def test_a_restore_that_is_killed_leaves_a_whole_file(db, seed):
    """At any instant: the old one or the new one, and a worker opens it without a hand."""
    file = back_up(db)
    storing.store(db, HOURLY, bars(*range(100, 20_000)), Source.EXCHANGE, 1)
    db.close()
    process = subprocess.Popen([sys.executable, "-c", RESTORE, db.path, file])
    time.sleep(random.Random(seed).uniform(0.2, 0.6))
    process.kill()
    process.wait()
    with connect(db.path, any_filesystem=True) as again:
        assert candles.heads(again)[HOURLY].candles in {100, 20_000}
        assert pragma(again, "integrity_check") == "ok"


def test_a_backup_copied_by_hand_never_meets_the_old_wal(db):
    """`cp backup.db trading.db` with the old -wal there: refused by everybody until a person has decided."""
    file = back_up(db)
    storing.store(db, HOURLY, bars(*range(100, 300)), Source.EXCHANGE, 1)
    crashed = db.path.parents[1] / "crashed"
    shutil.copytree(db.path.parent, crashed)
    path = crashed / "trading.db"
    shutil.copy(file, path)
    for opened in (connect, lambda path: migrate(path, "real", any_filesystem=True)):
        with pytest.raises(ConfigError, match="is a backup that was copied here"):
            opened(path)
    migrate(path, "real", any_filesystem=True, accept=meta.fleet_id(db))
    with connect(path, any_filesystem=True) as again:
        assert candles.heads(again)[HOURLY].candles == 100


FACTS = {
    "schema_version": ["99", "1", "-1", "0", "abc", ""],
    "clock": ["", "[", "{}", '{"start": 1e999, "origin": 1, "speed": 1}', "[" * 100_000],
    "configuration": ["", "[]", "{}", '{"digest": 1, "host": "h", "since_ms": 1}'],
    "environment": ["", "other"],
    "fleet_id": ["", "../x", "é", "a\nb"],
    "backup_ms": ["abc"],
}
ODD = [(key, value) for key, values in FACTS.items() for value in values]


def odd(file, key, value):
    """The file, in which a fact says something else."""
    change(file, "insert or replace into meta values (?, ?)", (key, value))
    return file


@pytest.mark.parametrize(("key", "value"), ODD, ids=lambda each: str(each)[:20])
def test_a_backup_whose_facts_are_none_is_refused(db, key, value):
    """What would be restored and then let nothing start; what is here stays."""
    file = odd(back_up(db), key, value)
    db.close()
    before = sorted(each.name for each in db.path.parent.iterdir())
    with pytest.raises(ConfigError, match=r"backup"):
        put_back(file, db.path)
    assert sorted(each.name for each in db.path.parent.iterdir()) == before


@pytest.mark.parametrize(("key", "value"), [*ODD, ("copied_ms", "abc")], ids=lambda each: str(each)[:20])
def test_facts_that_are_none_are_told(db, key, value, tmp_path, capsys):
    """By whoever reads them, in a sentence; no migration leaves a backup each time."""
    path = odd(db.path, key, value)
    db.close()
    (tmp_path / "config").mkdir()
    (tmp_path / "config" / "fleet.yaml").write_text("any_filesystem: true\n")
    which = ["--config", str(tmp_path / "config"), "--database", str(path)]
    assert cli.main(["migrate", *which]) in {0, 1, 2}
    assert cli.main(["status", *which]) in {0, 1, 2}
    assert "Traceback" not in capsys.readouterr().err
    assert not list(path.parent.glob("*.before-schema-*"))


def older(path, monkeypatch):
    """A database as the first migration made it."""
    with monkeypatch.context() as patched:
        patched.setattr("db.sqlite.migrate.migrations", lambda: statements.migrations()[:1])
        patched.setattr("db.sqlite.migrate.views", tuple)
        migrate(path, "real", any_filesystem=True)
    old = open_file(path, "rw")
    old.execute("update meta set value = '1' where key = 'schema_version'")
    old.close()


def test_a_migration_makes_a_backup_first_and_names_it(tmp_path, monkeypatch):
    """Beside the database, as it was before."""
    path = tmp_path / "trading.db"
    older(path, monkeypatch)
    (note,) = migrate(path, "real", any_filesystem=True).notes
    kept = tmp_path / f"trading.db.before-schema-{statements.schema_version()}"
    assert str(kept) in note
    assert restore(kept, tmp_path / "older.db", REAL, STAMP, any_filesystem=True).version == 1


def test_a_migration_that_can_make_no_backup_changes_nothing(tmp_path, monkeypatch):
    """The disk may be full."""

    def full(*_):
        raise Unavailable("the disk is full")

    path = tmp_path / "trading.db"
    older(path, monkeypatch)
    monkeypatch.setattr("db.sqlite.backup.copy", full)
    with pytest.raises(Unavailable, match="full"):
        migrate(path, "real", any_filesystem=True)
    assert column(path, "select value from meta where key = 'schema_version'") == ["1"]
